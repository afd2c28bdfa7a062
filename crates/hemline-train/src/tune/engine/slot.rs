//! One open trial of a schedule.

use crate::fleet::discard;
use crate::tune::{TrialRecord, TrialStatus};

/// An open trial. It has no record until it has been given its parameters.
pub(super) struct Slot<S> {
    pub(super) record: Option<TrialRecord>,
    pub(super) phase: Phase,
    /// The training in progress, and the session that it is in.
    pub(super) state: Option<(u64, S)>,
}

impl<S> Slot<S> {
    /// A trial that awaits its parameters.
    pub(super) fn empty() -> Self {
        Self {
            record: None,
            phase: Phase::Ready,
            state: None,
        }
    }

    /// Whether a worker of `session` can bring it further.
    pub(super) fn is_ready_for(&self, session: u64) -> bool {
        let there = self.state.as_ref().is_none_or(|(home, _)| *home == session);
        self.phase == Phase::Ready && self.record.is_some() && there
    }

    /// Ends the trial.
    pub(super) fn close(&mut self, status: TrialStatus) {
        if let Some(record) = self.record.as_mut() {
            record.status = status;
        }
        self.phase = Phase::Closed;
        if let Some(state) = self.state.take() {
            discard(state);
        }
    }
}

/// What an open trial is waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Phase {
    /// For its parameters, or for a worker.
    Ready,
    /// For its worker to finish.
    Running,
    /// For earlier trials to be measured at the same rung.
    Measured,
    /// For earlier trials to close.
    Closed,
}
