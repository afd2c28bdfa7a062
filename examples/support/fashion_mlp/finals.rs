//! The final: a choice trained on all images, once for each seed, and its test.

use std::path::Path;
use std::time::Instant;

use anyhow::anyhow;
use hemline_models::Evaluation;
use hemline_train::CheckpointConfig;
use indicatif::MultiProgress;

use super::difference::{mean, standard_deviation};
use crate::support::classifier::{ClassifierConfig, Trained};
use crate::support::examples::Examples;
use crate::support::progress::FitProgress;
use crate::support::side_by_side::side_by_side;

/// Where checkpoints go, whether to go on from them, and where the progress is shown.
#[derive(Debug)]
pub(crate) struct Keep<'a> {
    pub(crate) out: &'a Path,
    pub(crate) resume: bool,
    pub(crate) bars: MultiProgress,
}

/// The networks of one choice, one for each seed.
#[derive(Debug)]
pub(crate) struct Finals {
    pub(crate) trained: Vec<Trained>,
    /// The duration of each training, or of what was left of it after a resume, in seconds.
    pub(crate) seconds: Vec<f64>,
}

impl Finals {
    /// Trains one network for each seed, with a checkpoint named after `name` and the seed.
    pub(crate) fn train(
        name: &str,
        config: &ClassifierConfig,
        examples: &Examples,
        seeds: &[u64],
        keep: &Keep<'_>,
    ) -> anyhow::Result<Self> {
        let mut finals = Self {
            trained: Vec::new(),
            seconds: Vec::new(),
        };
        for &seed in seeds {
            let clock = Instant::now();
            let title = if seeds.len() > 1 {
                format!("{name}, seed {seed}")
            } else {
                name.to_owned()
            };
            let file = keep.out.join(format!("{name}-{seed}.checkpoint"));
            let train = |resume: bool| {
                let checkpoint = CheckpointConfig::new(&file).resume(resume);
                let progress = &mut FitProgress::beside(&title, &keep.bars);
                config.train(examples, seed, Some(checkpoint), progress)
            };
            let trained = match train(keep.resume) {
                // A search that was extended may have chosen something else since.
                Err(error) if is_of_another_choice(&error) => train(false),
                other => other,
            };
            finals.trained.push(trained?);
            finals.seconds.push(clock.elapsed().as_secs_f64());
        }
        Ok(finals)
    }

    /// Trains two choices side by side: a small network leaves most of a second core idle.
    pub(crate) fn train_both(
        named: [(&str, &ClassifierConfig); 2],
        examples: &Examples,
        seeds: &[u64],
        keep: &Keep<'_>,
    ) -> anyhow::Result<[Self; 2]> {
        let train = |(name, config)| Self::train(name, config, examples, seeds, keep);
        let both = side_by_side(named.to_vec(), train)?;
        both.try_into()
            .map_err(|_| anyhow!("two choices have two results"))
    }

    /// The network of the first seed, which is the one that is saved and shown.
    pub(crate) fn first(&self) -> &Trained {
        &self.trained[0]
    }

    /// What each network gets right.
    pub(crate) fn evaluate(&self, examples: &Examples) -> anyhow::Result<Scores> {
        let evaluate = |trained: &Trained| examples.evaluate(&trained.model);
        let evaluations: Result<_, _> = self.trained.iter().map(evaluate).collect();
        Ok(Scores(evaluations?))
    }
}

/// Whether a training could not go on because its checkpoint is of other settings.
fn is_of_another_choice(error: &anyhow::Error) -> bool {
    let error = error.downcast_ref::<hemline_train::Error>();
    matches!(error, Some(hemline_train::Error::ForeignCheckpoint { .. }))
}

/// The evaluations of several networks on one set, at least one.
#[derive(Debug)]
pub(crate) struct Scores(pub(crate) Vec<Evaluation>);

impl Scores {
    pub(crate) fn first(&self) -> &Evaluation {
        &self.0[0]
    }

    pub(crate) fn accuracies(&self) -> Vec<f64> {
        self.0
            .iter()
            .map(|evaluation| evaluation.accuracy)
            .collect()
    }
}

/// The accuracy of one network with its interval over images, or of several with their spread.
impl std::fmt::Display for Scores {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let accuracies = self.accuracies();
        let percent = |share: f64| format!("{:.2}", 100.0 * share);
        match standard_deviation(&accuracies) {
            None => {
                let (low, high) = self.first().accuracy_interval();
                let (low, high) = (percent(low), percent(high));
                let accuracy = percent(accuracies[0]);
                write!(formatter, "{accuracy} % (95 % interval {low} to {high})")
            }
            Some(deviation) => {
                let each: Vec<String> = accuracies.iter().map(|&a| percent(a)).collect();
                let (mean, deviation) = (percent(mean(&accuracies)), percent(deviation));
                let each = each.join(", ");
                write!(
                    formatter,
                    "{mean} % on average, standard deviation {deviation} ({each})"
                )
            }
        }
    }
}
