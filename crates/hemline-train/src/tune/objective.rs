//! What a study optimises: a training that can be stopped at a rung and carried on.

use super::Trial;
use crate::fleet::StopToken;

/// Any error of an objective; its message becomes the reason of the failed trial.
pub type ObjectiveError = Box<dyn std::error::Error + Send + Sync>;

/// A stretch of a trial: from the budget already spent to the next rung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Budget spent before; 0 at the start.
    pub from: u64,
    /// Budget spent in total after it (> `from`).
    pub to: u64,
    /// The budget of the last rung, which `to` is at most.
    pub max: u64,
}

/// A function of (parameters, seed, budget) that can be evaluated in stretches.
///
/// The promise that makes a study repeatable: scores depend on the trial alone, bit for bit, and a
/// state advanced to budget b in several stretches scores as one advanced at once.
///
/// A closure `Fn(&Trial, u64, &StopToken) -> Result<f64, ObjectiveError>` is an objective too: it has
/// no state, is called with the total budget of the rung, and starts afresh each time.
///
/// The study's workers own the objective together (hence `Send + Sync + 'static`): a hung worker is
/// left behind with its share, because a thread cannot be killed.
pub trait Objective: Send + Sync + 'static {
    /// A training in progress.
    type State: Send + 'static;

    /// Sets a trial up, with no budget spent.
    ///
    /// # Errors
    /// Any error fails the trial, with the error's message as the reason.
    fn start(&self, trial: &Trial) -> Result<Self::State, ObjectiveError>;

    /// Spends the budget of `stretch` and returns the score at its end.
    ///
    /// # Errors
    /// Any error fails the trial, with the error's message as the reason.
    fn advance(
        &self,
        trial: &Trial,
        state: &mut Self::State,
        stretch: Stretch,
        stop: &StopToken,
    ) -> Result<f64, ObjectiveError>;
}

impl<F> Objective for F
where
    F: Fn(&Trial, u64, &StopToken) -> Result<f64, ObjectiveError> + Send + Sync + 'static,
{
    type State = ();

    fn start(&self, _trial: &Trial) -> Result<(), ObjectiveError> {
        Ok(())
    }

    fn advance(
        &self,
        trial: &Trial,
        _state: &mut (),
        stretch: Stretch,
        stop: &StopToken,
    ) -> Result<f64, ObjectiveError> {
        self(trial, stretch.to, stop)
    }
}
