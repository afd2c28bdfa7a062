//! Samples per second of one epoch of `fit`, 784-50-50-50-10 with plain gradient descent.
#![allow(missing_docs, reason = "Criterion's macros write undocumented items")]

use std::num::NonZeroUsize;

use burn::tensor::{Device, Tensor};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use hemline_data::{SyntheticGarments, TensorSet};
use hemline_models::{Mlp, MlpConfig, Pass, cross_entropy};
use hemline_train::{BurnStep, FitConfig, OptimizerConfig, Purpose, fit, generator};
use rand_chacha::ChaCha8Rng;

/// Enough for 40 batches of the largest size.
const IMAGES: usize = 10_240;

fn epoch(criterion: &mut Criterion) {
    let device = Device::flex();
    let garments = SyntheticGarments {
        train: IMAGES,
        test: 10,
        ..Default::default()
    };
    let data = garments.draw().expect("the sizes are valid");
    let set = TensorSet::new(data.development(), &device);
    let config = MlpConfig::new(784, vec![50, 50, 50], 10);

    let mut group = criterion.benchmark_group("fit_one_epoch_784-50-50-50-10");
    group
        .throughput(Throughput::Elements(IMAGES as u64))
        .sample_size(10);
    for size in [16, 64, 256] {
        let size = NonZeroUsize::new(size).expect("it is not zero");
        let learner = || {
            let mut weights = generator(0, Purpose::Weights, 0);
            let mlp = config
                .init(&mut weights, &device.clone().autodiff())
                .expect("it is valid");
            BurnStep::new(
                mlp,
                &OptimizerConfig::sgd(0.0),
                0.0,
                |mlp: &Mlp,
                 batch: hemline_data::Minibatch,
                 generator: &mut ChaCha8Rng|
                 -> Tensor<1> {
                    let logits = mlp.forward(batch.images.autodiff(), &mut Pass::Train(generator));
                    cross_entropy(logits, batch.labels.autodiff())
                },
            )
        };
        group.bench_function(format!("batch_{size}"), |bencher| {
            let batches = |generator: &mut ChaCha8Rng| set.minibatches(size, generator);
            let config = FitConfig::new(1, 0.05);
            bencher.iter_batched(
                learner,
                |learner| {
                    fit(learner, batches, |_| Ok(None), &config, &mut ()).expect("it converges")
                },
                BatchSize::LargeInput,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, epoch);
criterion_main!(benches);
