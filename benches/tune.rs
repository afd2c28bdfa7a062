//! A search: 32 trials of the assignment's space, one at a time and two at a time, each on one core.
#![allow(missing_docs, reason = "Criterion's macros write undocumented items")]

#[path = "support/dense_step.rs"]
mod dense_step;

use std::num::NonZeroUsize;
use std::sync::Arc;

use burn::tensor::Device;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use dense_step::dense_step;
use hemline_data::{BatchIndices, LabelledImages, SyntheticGarments};
use hemline_models::MlpConfig;
use hemline_train::tune::{
    ObjectiveError, StopToken, Study, StudyOptions, Trial, assignment_space,
};
use hemline_train::{DenseLoss, FitConfig, OptimizerConfig, Purpose, Schedule, fit, generator};
use rand_chacha::ChaCha8Rng;
use rayon::ThreadPoolBuilder;

/// So few that a study is over in seconds.
const IMAGES: usize = 1_024;

const TRIALS: usize = 32;

/// Trains as `trial` says; the score is the last minibatch's loss, or what stands for "it diverged".
fn score(images: &Arc<LabelledImages>, trial: &Trial) -> Result<f64, ObjectiveError> {
    let params = &trial.params;
    let hidden = vec![params.count("units")?; params.count("hidden_layers")?];
    let mut weights = generator(trial.seed, Purpose::Weights, 0);
    let network = MlpConfig::new(784, hidden, 10).init(&mut weights, &Device::flex())?;
    let loss = DenseLoss::CrossEntropy { smoothing: 0.0 };
    let optimizer = OptimizerConfig::sgd(0.9);
    let step = dense_step(&network, images, loss, &optimizer, params.float("l2")?);
    let size: NonZeroUsize = params.count("batch_size")?.try_into()?;
    let batches = |generator: &mut ChaCha8Rng| BatchIndices::new(IMAGES, size, generator);
    let config = FitConfig::new(params.count("epochs")?, params.float("learning_rate")?)
        .with_schedule(Schedule::cosine(0.0))
        .with_seed(trial.seed);
    let fitted = fit(step, batches, |_| Ok(None), &config, &mut ())?;
    let last = fitted.history.iterations.last();
    last.map(|iteration| iteration.loss)
        .ok_or_else(|| "an epoch has minibatches".into())
}

fn search(criterion: &mut Criterion) {
    let garments = SyntheticGarments {
        train: IMAGES,
        test: 10,
        ..Default::default()
    };
    let (_, development, _) = garments.draw().expect("the sizes are valid").into_parts();
    let images: &LabelledImages = &development;
    let images = Arc::new(images.clone());
    let mut group = criterion.benchmark_group(format!("search_{TRIALS}_trials"));
    group
        .throughput(Throughput::Elements(TRIALS as u64))
        .sample_size(10);
    for workers in [1, 2] {
        group.bench_function(format!("workers_{workers}"), |bencher| {
            bencher.iter(|| {
                let images = Arc::clone(&images);
                let objective = move |trial: &Trial, _: u64, _: &StopToken| {
                    // A pool of one thread, so that a step does not take the core of another trial.
                    let pool = ThreadPoolBuilder::new().num_threads(1).build()?;
                    pool.install(|| score(&images, trial))
                };
                let options = StudyOptions {
                    trials: TRIALS,
                    workers,
                    ..Default::default()
                };
                let study = Study::new(assignment_space(), options);
                let result = study.run(objective).expect("the options are valid");
                assert!(result.best().is_some(), "no trial was completed");
            });
        });
    }
    group.finish();
}

criterion_group!(benches, search);
criterion_main!(benches);
