//! The flags of a search.

use std::path::PathBuf;

use hemline_train::tune::{ExistingJournal, StudyOptions};

use super::trials::DIRECTION;
use crate::support::args::{CommonArgs, workers};

/// The fewest trials from which the importance of the hyper-parameters can be estimated.
const FEWEST_TRIALS: u64 = 10;
/// The trials of a default run.
const TRIALS: usize = 32;
/// The same with `--quick`.
const QUICK_TRIALS: usize = 12;

/// How much to search, and with how many threads.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct SearchArgs {
    /// Trials of the search, at least 10; more of them with --resume extend a finished one
    /// [default: 32; with --quick 12]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(FEWEST_TRIALS..=100_000))]
    trials: Option<u64>,

    /// Trials that run side by side; the results do not depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    workers: Option<u64>,
}

impl SearchArgs {
    pub(crate) fn trials(&self, common: &CommonArgs) -> usize {
        let default = if common.quick { QUICK_TRIALS } else { TRIALS };
        self.trials.map_or(default, |trials| {
            usize::try_from(trials).unwrap_or(usize::MAX)
        })
    }

    pub(crate) fn workers(&self) -> usize {
        workers(self.workers)
    }

    /// The options of a study that keeps its journal at `journal` and whose scores depend on
    /// what `identity` says.
    pub(crate) fn options(
        &self,
        common: &CommonArgs,
        journal: PathBuf,
        identity: String,
    ) -> StudyOptions {
        StudyOptions {
            seed: common.seed,
            identity,
            workers: self.workers(),
            direction: DIRECTION,
            journal: Some(journal),
            existing: if common.resume {
                ExistingJournal::Resume
            } else {
                ExistingJournal::Replace
            },
            ..StudyOptions::default()
        }
    }
}
