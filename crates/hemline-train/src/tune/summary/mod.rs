//! What a study found: the best trial, the table, the counts, and the numbers behind its charts.

mod importance;
mod parallel_coordinates;

pub use self::importance::{DimensionImportance, Importance};
pub use self::parallel_coordinates::{Axis, ParallelCoordinates, ParallelLine};
use super::ranking::best_first;
use super::{Direction, Space, TrialRecord, TrialStatus, TuneError};

/// All trials of a study, each closed.
#[derive(Debug, Clone, PartialEq)]
pub struct StudyResult {
    space: Space,
    direction: Direction,
    records: Vec<TrialRecord>,
    seconds: f64,
}

/// How many trials ended in which way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct TrialCounts {
    /// All of them.
    pub trials: usize,
    /// Those that reached the largest budget.
    pub completed: usize,
    /// Those that halving stopped.
    pub pruned: usize,
    /// Those that failed.
    pub failed: usize,
}

impl StudyResult {
    pub(crate) fn new(
        space: Space,
        direction: Direction,
        records: Vec<TrialRecord>,
        seconds: f64,
    ) -> Self {
        Self {
            space,
            direction,
            records,
            seconds,
        }
    }

    /// The space that was searched.
    pub fn space(&self) -> &Space {
        &self.space
    }

    /// Which scores are good.
    pub fn direction(&self) -> Direction {
        self.direction
    }

    /// The trials by number.
    pub fn records(&self) -> &[TrialRecord] {
        &self.records
    }

    /// The completed trial with the best score, the earliest of several; `None` if none completed.
    pub fn best(&self) -> Option<&TrialRecord> {
        let completed = |record: &&TrialRecord| record.status == TrialStatus::Completed;
        self.records
            .iter()
            .filter(completed)
            .min_by(|a, b| best_first(self.direction, a, b))
    }

    /// The trials best first: the completed by score, the pruned by the budget they reached and their
    /// score there, the failed; ties by number.
    pub fn table(&self) -> Vec<&TrialRecord> {
        let mut table: Vec<&TrialRecord> = self.records.iter().collect();
        table.sort_by(|a, b| best_first(self.direction, a, b));
        table
    }

    /// How many trials ended in which way.
    pub fn counts(&self) -> TrialCounts {
        let with = |status| {
            self.records
                .iter()
                .filter(|record| record.status == status)
                .count()
        };
        TrialCounts {
            trials: self.records.len(),
            completed: with(TrialStatus::Completed),
            pruned: with(TrialStatus::Pruned),
            failed: with(TrialStatus::Failed),
        }
    }

    /// Wall-clock time of this run of the study, in seconds.
    pub fn seconds(&self) -> f64 {
        self.seconds
    }

    /// Time spent in the objective over all trials and runs of the study, in seconds.
    pub fn trial_seconds(&self) -> f64 {
        self.records.iter().map(|record| record.seconds).sum()
    }

    /// How much of the difference between trials each hyper-parameter explains.
    ///
    /// # Errors
    /// [`TuneError::TooFewTrials`] or [`TuneError::ConstantScores`].
    pub fn importance(&self) -> Result<Importance, TuneError> {
        importance::importance(&self.space, self.direction, &self.records)
    }

    /// The trials as lines over one axis per hyper-parameter, for a chart.
    pub fn parallel_coordinates(&self) -> ParallelCoordinates {
        parallel_coordinates::parallel_coordinates(&self.space, &self.table())
    }
}
