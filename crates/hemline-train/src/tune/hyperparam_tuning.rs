//! The assignment's function: a search over a space, and its table, best first.

use super::{Objective, Space, Study, StudyOptions, StudyResult, TuneError};

/// Searches `space` for the parameters with the best score of `objective`, as `options` say, and
/// returns every trial. The objective scores a trial on the validation split; nothing here can see a
/// test set. [`Study`] is the same with an observer or a sampler of one's own.
///
/// ```
/// use hemline_train::tune::{StopToken, StudyOptions, Trial, assignment_space, hyperparam_tuning};
///
/// // A stand-in for a training: best near a learning rate of 0.03.
/// let objective = |trial: &Trial, _budget: u64, _stop: &StopToken| {
///     let miss = (trial.params.float("learning_rate")? / 0.03).ln();
///     Ok(miss * miss)
/// };
/// let options = StudyOptions { seed: 1, trials: 12, ..StudyOptions::default() };
/// let result = hyperparam_tuning(assignment_space(), options, objective)?;
/// let table = result.table();
/// assert_eq!(table.len(), 12);
/// assert!(table[0].score() <= table[1].score());
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
///
/// # Errors
/// As [`Study::run`].
pub fn hyperparam_tuning(
    space: Space,
    options: StudyOptions,
    objective: impl Objective,
) -> Result<StudyResult, TuneError> {
    Study::new(space, options).run(objective)
}
