//! A place with its ups and downs, and what its threads report.

use std::sync::Arc;
use std::sync::mpsc::Sender;
use std::time::Instant;

use super::place::Place;
use super::session::Session;
use super::{FleetError, attempt, discard};

/// What the threads of a fleet report.
pub(super) enum Message<S, R> {
    Opened {
        /// The place, by its position.
        site: usize,
        outcome: Result<Arc<S>, String>,
    },
    Answered {
        session: u64,
        ticket: u64,
        result: Result<R, String>,
        seconds: f64,
    },
    Checked {
        session: u64,
        outcome: Result<(), String>,
    },
}

pub(super) enum State<S: Send + Sync + 'static, J> {
    /// Not open, and to be opened at this time.
    Closed(Instant),
    Opening,
    Open(Session<S, J>),
}

pub(super) struct Site<S: Send + Sync + 'static, J> {
    pub(super) place: Place<S>,
    pub(super) state: State<S, J>,
    /// Why it is not open, once that is known.
    pub(super) reason: Option<String>,
}

impl<S: Send + Sync + 'static, J: Send + 'static> Site<S, J> {
    pub(super) fn new(place: Place<S>, now: Instant) -> Self {
        Self {
            place,
            state: State::Closed(now),
            reason: None,
        }
    }

    /// Begins to open it, if it is time.
    pub(super) fn open<R: Send + 'static>(
        &mut self,
        index: usize,
        now: Instant,
        messages: &Sender<Message<S, R>>,
    ) -> Result<(), FleetError> {
        if !matches!(self.state, State::Closed(retry) if now >= retry) {
            return Ok(());
        }
        let (open, messages) = (Arc::clone(&self.place.open), messages.clone());
        std::thread::Builder::new()
            .name("hemline-open".to_owned())
            .spawn(move || {
                let outcome = attempt(|| open());
                let message = Message::Opened {
                    site: index,
                    outcome,
                };
                if let Err(unsent) = messages.send(message) {
                    discard(unsent);
                }
            })
            .map_err(|source| FleetError::SpawnWorker { source })?;
        self.state = State::Opening;
        Ok(())
    }

    pub(super) fn session(&self) -> Option<&Session<S, J>> {
        match &self.state {
            State::Open(session) => Some(session),
            _ => None,
        }
    }

    pub(super) fn session_mut(&mut self) -> Option<&mut Session<S, J>> {
        match &mut self.state {
            State::Open(session) => Some(session),
            _ => None,
        }
    }

    /// Ends its session, if it has one; it is opened again at `retry`.
    pub(super) fn close(&mut self, retry: Instant, reason: String) -> Option<Session<S, J>> {
        self.reason = Some(reason);
        match std::mem::replace(&mut self.state, State::Closed(retry)) {
            State::Open(session) => Some(session),
            _ => None,
        }
    }

    /// When something is to be done about it, if nothing is heard before.
    pub(super) fn next_time(&self) -> Option<Instant> {
        match &self.state {
            State::Closed(retry) => Some(*retry),
            State::Opening => None,
            State::Open(session) => session.next_time(),
        }
    }

    /// Why it is not open, in words.
    pub(super) fn complaint(&self) -> String {
        let reason = self.reason.as_deref().unwrap_or("it is still being opened");
        format!("{}: {reason}", self.place.name)
    }
}
