//! Runs a trial on record again and holds it to its scores.

use super::engine::{Task, run};
use super::{Objective, RungScore, StopToken, TrialRecord, TuneError};
use crate::fleet::attempt;

/// Trains a recorded trial once more, with its own seed and through the same rungs, and returns its
/// final state: the model that the search measured, not another one trained from the same settings.
///
/// # Errors
/// [`TuneError::NotReproducible`] if a score differs in any bit from the recorded one,
/// [`TuneError::ReplayFailed`] if the trial fails or has no score on record.
///
/// ```
/// use hemline_train::tune::{StopToken, StudyOptions, Trial, assignment_space};
/// use hemline_train::tune::{hyperparam_tuning, replay};
///
/// let objective =
///     |trial: &Trial, _budget: u64, _stop: &StopToken| Ok(trial.params.float("learning_rate")?);
/// let result = hyperparam_tuning(assignment_space(), StudyOptions::default(), objective)?;
/// if let Some(best) = result.best() {
///     replay(&objective, best)?;
/// }
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
pub fn replay<O: Objective>(objective: &O, record: &TrialRecord) -> Result<O::State, TuneError> {
    let failed = |reason: String| TuneError::ReplayFailed {
        trial: record.trial,
        reason,
    };
    let Some((last, passed)) = record.rungs.split_last() else {
        return Err(failed("it has no score on record".to_owned()));
    };
    let RungScore {
        budget,
        score: recorded,
    } = *last;
    let (trial, passed) = (record.trial(), passed.to_vec());
    let task = Task {
        trial,
        state: None,
        passed,
        to: budget,
        max: budget,
    };
    let outcome = attempt(|| run(objective, task, &StopToken::default()));
    let (found, state) = outcome.map_err(failed)?;
    if found.to_bits() == recorded.to_bits() {
        return Ok(state);
    }
    Err(TuneError::NotReproducible {
        trial: record.trial,
        budget,
        recorded,
        found,
    })
}
