//! A trial as the objective sees it, and a trial as it is remembered.

use serde::{Deserialize, Serialize};

use super::Params;

/// What the objective is given: a point of the space and the seed to train it with.
#[derive(Debug, Clone, PartialEq)]
pub struct Trial {
    /// The trial's number in the study, from 0.
    pub number: usize,
    /// Seed for everything random in the trial; it depends on the study's seed and the number alone.
    pub seed: u64,
    /// The point of the space.
    pub params: Params,
}

/// How a trial ended, or that it has not yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrialStatus {
    /// More rungs are to come; only in the journal of an unfinished study.
    Running,
    /// It reached the largest budget.
    Completed,
    /// Halving stopped it: at its last rung too many earlier trials were better.
    Pruned,
    /// It panicked, returned an error or a score that is not finite, or exceeded its deadline.
    Failed,
}

/// A score and the budget at which it was measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RungScore {
    /// The budget spent in total when the score was measured.
    pub budget: u64,
    /// The objective's value; finite.
    pub score: f64,
}

/// Everything that is kept of a trial, as in one line of the journal.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrialRecord {
    /// The trial's number, from 0.
    pub trial: usize,
    /// How it ended.
    pub status: TrialStatus,
    /// The seed it was trained with.
    pub seed: u64,
    /// Its point of the space.
    pub params: Params,
    /// Its scores, at increasing budgets.
    pub rungs: Vec<RungScore>,
    /// Why it failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<String>,
    /// Time in the objective, in seconds. The only field that differs from run to run; the journal
    /// keeps it outside of the line's check.
    #[serde(skip)]
    pub seconds: f64,
}

impl TrialRecord {
    /// The score at the largest budget reached; `None` before the first.
    pub fn score(&self) -> Option<f64> {
        self.rungs.last().map(|rung| rung.score)
    }

    /// The largest budget at which a score was measured; 0 before the first.
    pub fn budget(&self) -> u64 {
        self.rungs.last().map_or(0, |rung| rung.budget)
    }

    /// The trial as the objective sees it.
    pub fn trial(&self) -> Trial {
        Trial {
            number: self.trial,
            seed: self.seed,
            params: self.params.clone(),
        }
    }

    /// Whether nothing more will happen to it.
    pub fn is_closed(&self) -> bool {
        self.status != TrialStatus::Running
    }
}
