//! How a study reports its progress: to an observer, on the caller's own thread.

use super::TrialRecord;
use crate::fleet::PlaceEvent;

/// Something that happened in a study.
#[derive(Debug)]
#[non_exhaustive]
pub enum StudyEvent<'a> {
    /// The study begins or goes on.
    Started {
        /// Trials it will have in all.
        trials: usize,
        /// Trials that the journal already holds to their end.
        resumed: usize,
    },
    /// A trial has been given its parameters.
    TrialStarted(&'a TrialRecord),
    /// A trial was measured at a rung, or ended; `status` tells which.
    TrialUpdated(&'a TrialRecord),
    /// Something happened to a place that trials run on; jobs in it are trial numbers.
    Place(&'a PlaceEvent),
    /// No trial is left to run.
    Finished,
}

/// Receives what happens; the study waits while it does.
pub trait StudyObserver {
    /// Called once per event. Events of different trials come in the order in which workers finish, so
    /// their order is the one thing about a study that is not repeatable.
    fn observe(&mut self, event: &StudyEvent<'_>);
}

/// Observes nothing.
impl StudyObserver for () {
    fn observe(&mut self, _event: &StudyEvent<'_>) {}
}

impl<F: FnMut(&StudyEvent<'_>)> StudyObserver for F {
    fn observe(&mut self, event: &StudyEvent<'_>) {
        self(event);
    }
}
