//! A place while it is open: its workers, and whether it still lives.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::{Duration, Instant};

use super::place::Place;
use super::site::Message;
use super::worker::{Busy, Worker};
use super::{FleetError, Patience, attempt, discard};

pub(super) struct Session<S: Send + Sync + 'static, J> {
    pub(super) id: u64,
    /// Taken when the session ends.
    shared: Option<Arc<S>>,
    workers: Vec<Worker<J>>,
    seats: usize,
    checks: Option<Checks>,
    suspects: Vec<Suspect>,
}

/// The thread that checks a session, which hangs with it, and what it was asked.
struct Checks {
    ask: Sender<()>,
    begun: u64,
    /// When the check that is under way comes too late.
    limit: Option<Instant>,
    /// When the next is due, if anything is at work.
    due: Instant,
}

/// A job that failed, by its own fault or because its place is gone.
pub(super) struct Suspect {
    pub(super) job: usize,
    pub(super) reason: String,
    pub(super) seconds: f64,
    /// The check that tells, by number: the first that begins after the failure.
    check: u64,
}

impl<S: Send + Sync + 'static, J: Send + 'static> Session<S, J> {
    pub(super) fn new<R: Send + 'static>(
        id: u64,
        place: &Place<S>,
        shared: Arc<S>,
        messages: &Sender<Message<S, R>>,
        due: Instant,
    ) -> Result<Self, FleetError> {
        let checks = match &place.check {
            None => None,
            Some(check) => {
                let (ask, asked) = channel::<()>();
                let (check, shared, messages) =
                    (Arc::clone(check), Arc::clone(&shared), messages.clone());
                let serve = move || {
                    for () in asked {
                        let outcome = attempt(|| check(&shared));
                        let session = id;
                        if messages
                            .send(Message::Checked { session, outcome })
                            .is_err()
                        {
                            return;
                        }
                    }
                };
                std::thread::Builder::new()
                    .name("hemline-check".to_owned())
                    .spawn(serve)
                    .map_err(|source| FleetError::SpawnWorker { source })?;
                let (begun, limit) = (0, None);
                Some(Checks {
                    ask,
                    begun,
                    limit,
                    due,
                })
            }
        };
        Ok(Self {
            id,
            shared: Some(shared),
            workers: Vec::new(),
            seats: place.workers.get(),
            checks,
            suspects: Vec::new(),
        })
    }

    pub(super) fn can_be_lost(&self) -> bool {
        self.checks.is_some()
    }

    pub(super) fn has_room(&self) -> bool {
        self.busy().count() < self.seats
    }

    /// The jobs that are on it and not done.
    pub(super) fn jobs(&self) -> Vec<usize> {
        let suspects = self.suspects.iter().map(|suspect| suspect.job);
        self.busy().map(|busy| busy.job).chain(suspects).collect()
    }

    fn busy(&self) -> impl Iterator<Item = &Busy> {
        self.workers
            .iter()
            .filter_map(|worker| worker.busy.as_ref())
    }

    /// An idle worker, or a new one that `start` makes.
    pub(super) fn worker(
        &mut self,
        start: impl FnOnce(Arc<S>) -> Result<Worker<J>, FleetError>,
    ) -> Result<Option<&mut Worker<J>>, FleetError> {
        let idle = self.workers.iter().position(|worker| worker.busy.is_none());
        let index = match (idle, &self.shared) {
            (Some(idle), _) => idle,
            (None, Some(shared)) => {
                self.workers.push(start(Arc::clone(shared))?);
                self.workers.len() - 1
            }
            (None, None) => return Ok(None),
        };
        Ok(self.workers.get_mut(index))
    }

    /// Matches an answer to its job; one that was given up before is no longer of interest.
    pub(super) fn answered(&mut self, ticket: u64) -> Option<Busy> {
        let asked = |worker: &&mut Worker<J>| {
            let busy = worker.busy.as_ref();
            busy.is_some_and(|busy| busy.ticket == ticket)
        };
        self.workers.iter_mut().find(asked)?.busy.take()
    }

    /// Tells overdue jobs to stop, and takes out those that were told and did not answer.
    pub(super) fn enforce(&mut self, now: Instant, grace: Duration) -> Vec<Busy> {
        let mut given_up = Vec::new();
        self.workers.retain_mut(|worker| {
            let Some(busy) = &mut worker.busy else {
                return true;
            };
            if busy.limit.is_none_or(|limit| now < limit) {
                return true;
            }
            if !busy.told {
                busy.stop.stop();
                busy.told = true;
                busy.limit = now.checked_add(grace);
                return true;
            }
            given_up.extend(worker.busy.take());
            false
        });
        given_up
    }

    /// Keeps a failure until a check has told whose it is.
    pub(super) fn suspect(&mut self, job: usize, reason: String, seconds: f64) {
        let check = self.checks.as_ref().map_or(0, |checks| checks.begun + 1);
        self.suspects.push(Suspect {
            job,
            reason,
            seconds,
            check,
        });
    }

    /// Has the next check begin at once, or after the one that is under way.
    pub(super) fn check_soon(&mut self, now: Instant) {
        if let Some(checks) = &mut self.checks {
            checks.due = now;
        }
    }

    /// Begins a check where one is due; `Err` says that one was not answered in time.
    pub(super) fn watch(&mut self, now: Instant, patience: &Patience) -> Result<(), String> {
        let wanted = !self.suspects.is_empty() || self.busy().next().is_some();
        let Some(checks) = &mut self.checks else {
            return Ok(());
        };
        match checks.limit {
            Some(limit) if now >= limit => Err(format!("no answer within {:?}", patience.check)),
            Some(_) => Ok(()),
            None => {
                if !self.suspects.is_empty() || (wanted && now >= checks.due) {
                    checks.begun += 1;
                    checks.limit = now.checked_add(patience.check);
                    // A thread that died of a panic while dropping answers no check either.
                    let _ = checks.ask.send(());
                }
                Ok(())
            }
        }
    }

    /// A check was passed: the failures that it tells of are the jobs' own.
    pub(super) fn passed(&mut self, now: Instant, patience: &Patience) -> Vec<Suspect> {
        let Some(checks) = &mut self.checks else {
            return Vec::new();
        };
        checks.limit = None;
        checks.due = now.checked_add(patience.heartbeat).unwrap_or(now);
        let begun = checks.begun;
        let told = |suspect: &mut Suspect| suspect.check <= begun;
        self.suspects.extract_if(.., told).collect()
    }

    /// When something is to be done about it, if nothing is heard before.
    pub(super) fn next_time(&self) -> Option<Instant> {
        let at_work = self.busy().next().is_some();
        let check = self.checks.as_ref().and_then(|checks| match checks.limit {
            Some(limit) => Some(limit),
            None => at_work.then_some(checks.due),
        });
        self.busy().filter_map(|busy| busy.limit).chain(check).min()
    }
}

impl<S: Send + Sync + 'static, J> Drop for Session<S, J> {
    fn drop(&mut self) {
        let shared = self.shared.take();
        if self.checks.is_some() {
            // What is freed on a place that hangs may hang too. Where there is no thread to be had, it is
            // dropped here.
            let _ = std::thread::Builder::new().spawn(move || discard(shared));
        }
    }
}
