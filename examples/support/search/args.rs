//! The flags of a search.

use std::path::PathBuf;
use std::time::Duration;

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

    /// Trials that run side by side on each device; the results do not depend on it [default: one for
    /// each core of this machine]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    workers: Option<u64>,

    /// A trial waits for and learns from those so many before it, so that at most so many run at once on
    /// all devices together; another number is another search
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    lag: u64,

    /// The seconds that one trial may take before it is stopped, and on a device that can be lost begun
    /// anew once; leave it far above what a trial needs [default: any number]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    deadline: Option<u64>,
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

    /// At most so many trials run at once.
    pub(crate) fn lag(&self) -> usize {
        usize::try_from(self.lag).unwrap_or(usize::MAX)
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
            lag: self.lag(),
            deadline: self.deadline.map(Duration::from_secs),
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
