//! How a run is watched: the loop reports, and whoever watches decides what to show.

use std::ops::ControlFlow;

use crate::{EpochRecord, IterationRecord};

/// What a run is going to do, told before its first step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// The number of epochs.
    pub epochs: usize,
    /// The number of iterations in an epoch.
    pub iterations_per_epoch: usize,
    /// The first iteration that this run computes: 0, or where the checkpoint left off.
    pub first_iteration: usize,
}

impl Plan {
    /// The number of iterations of the whole run, those before a resume included.
    pub fn iterations(&self) -> usize {
        self.epochs * self.iterations_per_epoch
    }
}

/// Watches a run. Every method does nothing unless it is overridden, and may end the run by
/// returning [`ControlFlow::Break`]; the state so far is then kept and returned.
///
/// The learner `S` is handed along, so that an observer can sample parameters. A pair of observers is
/// an observer; so is a mutable reference to one; `()` watches nothing.
pub trait Observer<S: ?Sized> {
    /// The run begins.
    fn on_start(&mut self, plan: &Plan, learner: &S) {
        let _ = (plan, learner);
    }

    /// An iteration is done.
    fn on_iteration(&mut self, record: &IterationRecord, learner: &S) -> ControlFlow<()> {
        let _ = (record, learner);
        ControlFlow::Continue(())
    }

    /// An epoch is done and, where there is validation, validated.
    fn on_epoch(&mut self, record: &EpochRecord, learner: &S) -> ControlFlow<()> {
        let _ = (record, learner);
        ControlFlow::Continue(())
    }
}

impl<S: ?Sized> Observer<S> for () {}

impl<S: ?Sized, O: Observer<S> + ?Sized> Observer<S> for &mut O {
    fn on_start(&mut self, plan: &Plan, learner: &S) {
        (**self).on_start(plan, learner);
    }

    fn on_iteration(&mut self, record: &IterationRecord, learner: &S) -> ControlFlow<()> {
        (**self).on_iteration(record, learner)
    }

    fn on_epoch(&mut self, record: &EpochRecord, learner: &S) -> ControlFlow<()> {
        (**self).on_epoch(record, learner)
    }
}

impl<S: ?Sized, A: Observer<S>, B: Observer<S>> Observer<S> for (A, B) {
    fn on_start(&mut self, plan: &Plan, learner: &S) {
        self.0.on_start(plan, learner);
        self.1.on_start(plan, learner);
    }

    fn on_iteration(&mut self, record: &IterationRecord, learner: &S) -> ControlFlow<()> {
        let first = self.0.on_iteration(record, learner);
        let second = self.1.on_iteration(record, learner);
        if first.is_break() { first } else { second }
    }

    fn on_epoch(&mut self, record: &EpochRecord, learner: &S) -> ControlFlow<()> {
        let first = self.0.on_epoch(record, learner);
        let second = self.1.on_epoch(record, learner);
        if first.is_break() { first } else { second }
    }
}
