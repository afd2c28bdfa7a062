//! Trains the networks whose ways are shown, sampling their parameters on the way.

use std::num::NonZeroUsize;
use std::ops::ControlFlow;

use anyhow::Context;
use hemline_data::LabelledImages;
use hemline_landscape::{Layout, RunningStatistics, SamplingConfig, Trajectory};
use hemline_models::{Mlp, MlpConfig};
use hemline_train::{IterationRecord, Observer, OptimizerConfig, Plan, Schedule};
use serde::Serialize;

use super::args::Args;
use crate::support::classifier::{ClassifierConfig, Learner};
use crate::support::examples::Examples;
use crate::support::learner::StepName;
use crate::support::progress::FitProgress;
use crate::support::side_by_side::side_by_side;

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
pub(crate) fn config(images: &LabelledImages, args: &Args) -> ClassifierConfig {
    let inputs = images.images().pixels_per_image();
    let model = MlpConfig::new(inputs, args.hidden.clone(), images.classes());
    ClassifierConfig {
        step: StepName::of(&args.common, &[model.activation]),
        model,
        optimizer: OptimizerConfig::sgd(0.9),
        l2: 0.0,
        learning_rate: 0.02,
        schedule: Schedule::constant(),
        batch_size: NonZeroUsize::new(50).expect("it is not zero"),
        epochs: args.epochs(),
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
    let named = seeds.iter().map(|&seed| {
        let progress = FitProgress::beside(&format!("seed {seed}"), &bars);
        (seed, progress)
    });
    side_by_side(named.collect(), |(seed, progress)| {
        train_one(config, examples, seed, progress)
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
        return Err(error.context("cannot sample the parameters"));
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
    failed: Option<anyhow::Error>,
}

impl Sampler {
    fn begin(&mut self, learner: &Learner) -> anyhow::Result<()> {
        let layout = Layout::of(&learner.valid()?, RunningStatistics::Fixed);
        let config = SamplingConfig::every(self.every);
        self.trajectory = Some(Trajectory::new(&self.name, layout, &config)?);
        self.sample(0, learner)
    }

    /// The fast step has its parameters in a layout of its own: an [`Mlp`] is made of them only when a
    /// snapshot is due.
    fn sample(&mut self, iteration: usize, learner: &Learner) -> anyhow::Result<()> {
        let trajectory = self.trajectory.as_mut().context("the run had no start")?;
        if trajectory.is_due(iteration) {
            trajectory.sample(iteration, &learner.valid()?)?;
        }
        Ok(())
    }
}

impl Observer<Learner> for Sampler {
    fn on_start(&mut self, _plan: &Plan, learner: &Learner) {
        // A failure ends the run after its first iteration.
        self.failed = self.begin(learner).err();
    }

    fn on_iteration(&mut self, record: &IterationRecord, learner: &Learner) -> ControlFlow<()> {
        if self.failed.is_none() {
            self.failed = self.sample(record.iteration + 1, learner).err();
        }
        match self.failed {
            None => ControlFlow::Continue(()),
            Some(_) => ControlFlow::Break(()),
        }
    }
}
