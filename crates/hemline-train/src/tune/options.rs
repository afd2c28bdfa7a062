//! The settings of a study.

use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use super::{Direction, Halving, Params, SamplerChoice, TuneError};

/// What happens to a journal that is already there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ExistingJournal {
    /// Go on with it; finished trials are not run again.
    #[default]
    Resume,
    /// Refuse with [`TuneError::JournalExists`].
    Refuse,
    /// Empty it and begin afresh.
    Replace,
}

/// The settings of a study. Those that decide what a trial is and scores (seed, identity, sampler,
/// first points, direction, halving, lag) stand in the journal's first line and cannot change on
/// resuming; the others can.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyOptions {
    /// Seed of everything random in the study.
    pub seed: u64,
    /// What else the scores depend on and the study cannot see, in the caller's own words: the data's
    /// checksum, the version of the objective. A journal with other words is refused.
    pub identity: String,
    /// Trials in all (≥ 1), those already in the journal included. A larger number extends a finished
    /// study; one smaller than the journal holds runs nothing more.
    pub trials: usize,
    /// Threads that run trials (≥ 1); defaults to all cores. It changes no trial and no score.
    pub workers: usize,
    /// Trial t knows and waits for the trials numbered at most t − lag (≥ 1). At most `lag` trials are
    /// open at once, so more workers than that stay idle; a smaller lag learns faster from few workers.
    pub lag: usize,
    /// Which scores are good.
    pub direction: Direction,
    /// The budgets at which trials are measured and pruned.
    pub halving: Halving,
    /// How trials get their parameters.
    pub sampler: SamplerChoice,
    /// Points for the first trials, in place of the sampler's: the settings to beat. The sampler learns
    /// from them as from any other trial.
    pub first: Vec<Params>,
    /// Time that one trial may spend in the objective. Past it the trial is told to stop, and fails.
    /// It is the one setting by which scores can depend on the machine; leave it far above what a
    /// trial needs.
    pub deadline: Option<Duration>,
    /// How long a trial that was told to stop may take to answer. After that its thread is left behind,
    /// as a thread cannot be killed, and a fresh worker takes its place.
    pub grace: Duration,
    /// Where to keep the journal; without one the study lives in memory.
    pub journal: Option<PathBuf>,
    /// What to do with a journal that exists.
    pub existing: ExistingJournal,
}

impl Default for StudyOptions {
    /// 32 trials by [`SamplerChoice::TreeParzen`], lower is better, one rung of budget 1, all cores, a
    /// lag of 8, no deadline, no journal.
    fn default() -> Self {
        Self {
            seed: 0,
            identity: String::new(),
            trials: 32,
            workers: std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
            lag: 8,
            direction: Direction::Minimise,
            halving: Halving::SINGLE,
            sampler: SamplerChoice::default(),
            first: Vec::new(),
            deadline: None,
            grace: Duration::from_secs(2),
            journal: None,
            existing: ExistingJournal::Resume,
        }
    }
}

impl StudyOptions {
    pub(crate) fn check(&self) -> Result<(), TuneError> {
        let counts = [
            ("trials", self.trials),
            ("workers", self.workers),
            ("lag", self.lag),
        ];
        if let Some((option, _)) = counts.into_iter().find(|(_, count)| *count == 0) {
            let found = "0".to_owned();
            return Err(TuneError::InvalidOption {
                option,
                expected: "at least 1",
                found,
            });
        }
        if self.deadline == Some(Duration::ZERO) {
            let (expected, found) = ("more than no time", "0 s".to_owned());
            return Err(TuneError::InvalidOption {
                option: "deadline",
                expected,
                found,
            });
        }
        Ok(())
    }
}
