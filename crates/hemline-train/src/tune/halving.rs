//! Successive halving: the budgets of its rungs, and which trials climb from one to the next.

use std::cmp::Ordering;

use serde::{Deserialize, Serialize};

use super::{Direction, TuneError};

/// The budgets at which trials are measured and thinned out: `min, min·η, min·η², …, max`.
///
/// A budget is a number of whole units of work, of which the objective knows the meaning: epochs,
/// steps, or hundredths of the trial's own full length. One rung is a study without pruning.
///
/// A trial at rung r climbs on if its score is among the best ⌊n/η⌋ (at least 1) of the n trials
/// numbered up to and including its own that were measured at rung r. This is the rule of
/// asynchronous successive halving, with "so far" read as "up to this number" instead of "up to this
/// moment": whether a trial is pruned then depends on earlier trials only, never on which worker was
/// faster nor on how many trials the study was given, so a study can be extended. The best trial so far
/// at a rung always climbs; of many trials about n/η^r reach rung r.
///
/// Source: Li et al., "A System for Massively Parallel Hyperparameter Tuning", MLSys 2020,
/// algorithm 2.
///
/// ```
/// use hemline_train::tune::Halving;
///
/// assert_eq!(Halving::new(1, 10, 3)?.budgets(), [1, 3, 9, 10]);
/// assert_eq!(Halving::unpruned(10)?.budgets(), [10]);
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Bounds", into = "Bounds")]
pub struct Halving {
    min_budget: u64,
    max_budget: u64,
    eta: u64,
}

/// The unchecked form, as it is written.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    min_budget: u64,
    max_budget: u64,
    eta: u64,
}

impl Halving {
    /// One rung of budget 1, for objectives that know nothing of budgets.
    pub const SINGLE: Self = Self {
        min_budget: 1,
        max_budget: 1,
        eta: 2,
    };

    /// Rungs from `min_budget` (≥ 1) to `max_budget` (≥ `min_budget`), of which one trial in `eta`
    /// (≥ 2) climbs on.
    ///
    /// # Errors
    /// [`TuneError::InvalidOption`] names the bound that does not hold.
    pub fn new(min_budget: u64, max_budget: u64, eta: u64) -> Result<Self, TuneError> {
        let invalid = |option, expected, found: u64| {
            Err(TuneError::InvalidOption {
                option,
                expected,
                found: found.to_string(),
            })
        };
        if min_budget == 0 {
            return invalid("min_budget", "at least 1", min_budget);
        }
        if max_budget < min_budget {
            return invalid("max_budget", "at least min_budget", max_budget);
        }
        if eta < 2 {
            return invalid("eta", "at least 2", eta);
        }
        Ok(Self {
            min_budget,
            max_budget,
            eta,
        })
    }

    /// One rung: every trial runs to `budget` (≥ 1).
    ///
    /// # Errors
    /// [`TuneError::InvalidOption`] for a budget of 0.
    pub fn unpruned(budget: u64) -> Result<Self, TuneError> {
        Self::new(budget, budget, 2)
    }

    /// The budget of each rung, increasing; the last one is the largest budget.
    pub fn budgets(&self) -> Vec<u64> {
        let next = |budget: &u64| Some(budget.saturating_mul(self.eta).min(self.max_budget));
        let mut budgets: Vec<u64> = std::iter::successors(Some(self.min_budget), next)
            .take_while(|budget| *budget < self.max_budget)
            .collect();
        budgets.push(self.max_budget);
        budgets
    }

    /// The budget of the last rung.
    pub fn max_budget(&self) -> u64 {
        self.max_budget
    }

    /// Whether a trial with `score` climbs, given the scores at the same rung of the trials with
    /// smaller numbers. An equal score of an earlier trial counts as better.
    pub(crate) fn climbs(
        &self,
        direction: Direction,
        score: f64,
        earlier: impl Iterator<Item = f64>,
    ) -> bool {
        let (mut measured, mut better) = (1, 0);
        for other in earlier {
            measured += 1;
            better += u64::from(direction.compare(other, score) != Ordering::Greater);
        }
        better < (measured / self.eta).max(1)
    }
}

impl TryFrom<Bounds> for Halving {
    type Error = TuneError;

    fn try_from(bounds: Bounds) -> Result<Self, TuneError> {
        Self::new(bounds.min_budget, bounds.max_budget, bounds.eta)
    }
}

impl From<Halving> for Bounds {
    fn from(halving: Halving) -> Self {
        let Halving {
            min_budget,
            max_budget,
            eta,
        } = halving;
        Self {
            min_budget,
            max_budget,
            eta,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn budgets_grow_by_eta_and_end_at_the_largest() {
        assert_eq!(Halving::new(2, 54, 3).unwrap().budgets(), [2, 6, 18, 54]);
        assert_eq!(Halving::new(5, 5, 3).unwrap().budgets(), [5]);
        let huge = Halving::new(1, u64::MAX, 1 << 40).unwrap();
        assert_eq!(huge.budgets(), [1, 1 << 40, u64::MAX]);
    }

    #[test]
    fn a_climber_is_in_the_best_share_of_its_predecessors_and_itself() {
        let halving = Halving::new(1, 9, 3).unwrap();
        let climbs = |score: f64, earlier: &[f64]| {
            halving.climbs(Direction::Minimise, score, earlier.iter().copied())
        };
        assert!(climbs(5.0, &[]), "the first trial has no rival");
        assert!(climbs(1.0, &[5.0]), "a new best always climbs");
        assert!(
            !climbs(2.0, &[1.0, 3.0, 4.0, 5.0]),
            "five trials leave room for one"
        );
        assert!(
            climbs(2.0, &[1.0, 3.0, 4.0, 5.0, 6.0]),
            "six leave room for two"
        );
        assert!(!climbs(1.0, &[1.0]), "a tie goes to the earlier trial");
        assert!(halving.climbs(Direction::Maximise, 6.0, [5.0].into_iter()));
    }

    #[test]
    fn bounds_are_checked_when_read_too() {
        assert!(Halving::new(0, 3, 3).is_err());
        assert!(Halving::new(4, 3, 3).is_err());
        assert!(Halving::new(1, 3, 1).is_err());
        let zero = r#"{"min_budget":0,"max_budget":3,"eta":3}"#;
        assert!(serde_json::from_str::<Halving>(zero).is_err());
    }
}
