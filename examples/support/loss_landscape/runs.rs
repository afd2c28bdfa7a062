//! Trains the networks whose ways are shown, sampling their parameters on the way.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use anyhow::Context;
use hemline_data::LabelledImages;
use hemline_landscape::{Layout, RunningStatistics, SamplingConfig, Trajectory};
use hemline_models::{Mlp, MlpConfig};
use hemline_train::{EpochRecord, IterationRecord, Observer, OptimizerConfig, Plan, Schedule};
use serde::Serialize;

use crate::support::classifier::{ClassifierConfig, Examples, Learner};
use crate::support::progress::FitProgress;

/// About how many snapshots are taken of a run.
const SNAPSHOTS: usize = 60;

/// One training from its own initial weights.
#[derive(Debug)]
pub(crate) struct Run {
    /// The seed of its weights and shuffles.
    pub(crate) seed: u64,
    pub(crate) model: Mlp,
    pub(crate) trajectory: Trajectory,
}

/// What a run came to.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct RunSummary {
    pub(crate) seed: u64,
    pub(crate) iterations: usize,
    pub(crate) snapshots: usize,
    /// On the subset, without the L2 penalty.
    pub(crate) first_loss: f64,
    pub(crate) last_loss: f64,
    /// The distance of the last parameters from the first.
    pub(crate) moved: f64,
    /// The largest distance of a snapshot from the plane.
    pub(crate) farthest_from_plane: f64,
}

/// The settings of every run: gradient descent with momentum, as the assignment has it.
pub(crate) fn config(images: &LabelledImages, hidden: &[usize], epochs: usize) -> ClassifierConfig {
    let inputs = images.images().pixels_per_image();
    ClassifierConfig {
        model: MlpConfig::new(inputs, hidden.to_vec(), images.classes()),
        optimizer: OptimizerConfig::sgd(0.9),
        l2: 0.0,
        learning_rate: 0.02,
        schedule: Schedule::constant(),
        batch_size: NonZeroUsize::new(50).expect("it is not zero"),
        epochs,
        label_smoothing: 0.0,
    }
}

/// Trains one network for each seed, side by side.
pub(crate) fn train(
    config: &ClassifierConfig,
    examples: &Examples,
    seeds: &[u64],
) -> anyhow::Result<Vec<Run>> {
    let bars = indicatif::MultiProgress::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = seeds
            .iter()
            .map(|&seed| {
                let name = format!("seed {seed}");
                let progress = FitProgress::beside(&name, &bars);
                scope.spawn(move || train_one(config, examples, seed, progress))
            })
            .collect();
        let join = |thread: std::thread::ScopedJoinHandle<'_, anyhow::Result<Run>>| {
            thread
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        threads.into_iter().map(join).collect()
    })
}

fn train_one(
    config: &ClassifierConfig,
    examples: &Examples,
    seed: u64,
    progress: FitProgress,
) -> anyhow::Result<Run> {
    let iterations = config.epochs * examples.count().div_ceil(config.batch_size.get());
    let mut sampler = Sampler {
        every: iterations.div_ceil(SNAPSHOTS),
        name: format!("seed {seed}"),
        trajectory: None,
        failed: None,
    };
    let mut observer = (&mut sampler, progress);
    let trained = config.train(examples, seed, None, &mut observer)?;
    if let Some(error) = sampler.failed {
        return Err(error).context("cannot sample the parameters");
    }
    let mut trajectory = sampler.trajectory.context("the run had no start")?;
    trajectory.finish(trained.history.iterations.len(), &trained.model)?;
    Ok(Run {
        seed,
        model: trained.model,
        trajectory,
    })
}

/// Samples a run's parameters as it goes.
struct Sampler {
    every: usize,
    name: String,
    trajectory: Option<Trajectory>,
    failed: Option<hemline_landscape::Error>,
}

impl Sampler {
    fn begin(&self, model: &Mlp) -> Result<Trajectory, hemline_landscape::Error> {
        let layout = Layout::of(model, RunningStatistics::Fixed);
        Trajectory::new(&self.name, layout, &SamplingConfig::every(self.every))
    }

    fn sample(&mut self, iteration: usize, learner: &Learner) -> ControlFlow<()> {
        let Some(trajectory) = &mut self.trajectory else {
            return ControlFlow::Break(());
        };
        match trajectory.sample(iteration, learner.module()) {
            Ok(_) => ControlFlow::Continue(()),
            Err(error) => {
                self.failed = Some(error);
                ControlFlow::Break(())
            }
        }
    }
}

impl Observer<Learner> for Sampler {
    fn on_start(&mut self, _plan: &Plan, learner: &Learner) {
        match self.begin(learner.module()) {
            Ok(trajectory) => self.trajectory = Some(trajectory),
            Err(error) => self.failed = Some(error),
        }
        // A failure ends the run at its first iteration.
        let _ = self.sample(0, learner);
    }

    fn on_iteration(&mut self, record: &IterationRecord, learner: &Learner) -> ControlFlow<()> {
        self.sample(record.iteration + 1, learner)
    }

    fn on_epoch(&mut self, _record: &EpochRecord, _learner: &Learner) -> ControlFlow<()> {
        ControlFlow::Continue(())
    }
}
