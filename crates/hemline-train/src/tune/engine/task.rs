//! One stretch of one trial.

use crate::tune::{Objective, ObjectiveError, RungScore, StopToken, Stretch, Trial, TuneError};

/// Work for a worker: bring a trial from its last rung to the next.
#[derive(Debug)]
pub(crate) struct Task<S> {
    pub(crate) trial: Trial,
    /// The training in progress; absent at the start, and after a resume.
    pub(crate) state: Option<S>,
    /// The rungs on record, which a trial without a state passes again before it goes on.
    pub(crate) passed: Vec<RungScore>,
    /// The budget to reach.
    pub(crate) to: u64,
    /// The budget of the last rung.
    pub(crate) max: u64,
}

/// What became of a task: the score and the state to go on with, or the reason of the failure.
pub(crate) type Outcome<S> = Result<(f64, S), String>;

/// Brings a trial to its next rung. An error, a score that is not finite and a rung that does not repeat
/// its recorded score are failures of the trial.
pub(crate) fn run<O: Objective>(
    objective: &O,
    task: Task<O::State>,
    stop: &StopToken,
) -> Result<(f64, O::State), ObjectiveError> {
    let Task {
        trial,
        state,
        passed,
        to,
        max,
    } = task;
    let mut from = passed.last().map_or(0, |rung| rung.budget);
    let mut state = match state {
        Some(state) => state,
        None => {
            let mut state = objective.start(&trial)?;
            from = 0;
            for rung in &passed {
                let stretch = Stretch {
                    from,
                    to: rung.budget,
                    max,
                };
                let found = objective.advance(&trial, &mut state, stretch, stop)?;
                if found.to_bits() != rung.score.to_bits() {
                    let (budget, recorded) = (rung.budget, rung.score);
                    let trial = trial.number;
                    return Err(TuneError::NotReproducible {
                        trial,
                        budget,
                        recorded,
                        found,
                    }
                    .into());
                }
                from = rung.budget;
            }
            state
        }
    };
    let score = objective.advance(&trial, &mut state, Stretch { from, to, max }, stop)?;
    if score.is_finite() {
        Ok((score, state))
    } else {
        Err(format!("the score at budget {to} is {score}, which is not finite").into())
    }
}
