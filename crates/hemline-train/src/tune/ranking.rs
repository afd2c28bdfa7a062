//! Which of two trials is better, everywhere the same: by score, then by the smaller number.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{TrialRecord, TrialStatus};

/// Which scores are good.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// Lower is better, as for a loss.
    #[default]
    Minimise,
    /// Higher is better, as for an accuracy.
    Maximise,
}

impl Direction {
    /// `Less` where `a` is the better score.
    pub fn compare(self, a: f64, b: f64) -> Ordering {
        match self {
            Self::Minimise => a.total_cmp(&b),
            Self::Maximise => b.total_cmp(&a),
        }
    }
}

/// Orders records best first: the completed by score, then the pruned by the budget they reached and
/// their score there, then the failed. Ties go to the smaller trial number.
pub(crate) fn best_first(direction: Direction, a: &TrialRecord, b: &TrialRecord) -> Ordering {
    let class = |record: &TrialRecord| match record.status {
        TrialStatus::Completed => 0,
        TrialStatus::Pruned | TrialStatus::Running => 1,
        TrialStatus::Failed => 2,
    };
    class(a)
        .cmp(&class(b))
        .then_with(|| b.budget().cmp(&a.budget()))
        .then_with(|| compare_scores(direction, a.score(), b.score()))
        .then_with(|| a.trial.cmp(&b.trial))
}

/// Orders records for a model of the objective, best first: by their score at rung `rung`; those that
/// did not get that far after them, by the rung they reached and their score there; the failed last.
pub(crate) fn best_first_at_rung(
    direction: Direction,
    rung: usize,
    a: &TrialRecord,
    b: &TrialRecord,
) -> Ordering {
    let key = |record: &TrialRecord| {
        let failed = record.status == TrialStatus::Failed;
        let reached = if failed {
            0
        } else {
            record.rungs.len().min(rung + 1)
        };
        (failed, reached)
    };
    let ((a_failed, a_reached), (b_failed, b_reached)) = (key(a), key(b));
    let score_at = |record: &TrialRecord, reached: usize| {
        reached
            .checked_sub(1)
            .and_then(|last| record.rungs.get(last))
            .map(|rung| rung.score)
    };
    a_failed
        .cmp(&b_failed)
        .then_with(|| b_reached.cmp(&a_reached))
        .then_with(|| compare_scores(direction, score_at(a, a_reached), score_at(b, b_reached)))
        .then_with(|| a.trial.cmp(&b.trial))
}

fn compare_scores(direction: Direction, a: Option<f64>, b: Option<f64>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => direction.compare(a, b),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
