//! The worker threads, their deadlines, and the replacement of a worker that does not answer.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::task::{self, Outcome, Task};
use crate::tune::{Objective, StopToken, TuneError};

/// What came of a dispatched task.
#[derive(Debug)]
pub(crate) struct Report<S> {
    pub(crate) trial: usize,
    pub(crate) outcome: Outcome<S>,
    pub(crate) seconds: f64,
}

/// A task on its way to a worker, and the worker's answer; the ticket tells a late answer apart.
struct Order<S>(u64, Task<S>, StopToken);
struct Answer<S>(u64, Outcome<S>, f64);

/// A thread and what it is doing.
struct Worker<S> {
    orders: Sender<Order<S>>,
    busy: Option<Busy>,
}

struct Busy {
    ticket: u64,
    trial: usize,
    begun: Instant,
    stop: StopToken,
    /// When to tell the trial to stop or, once told, when to give it up.
    limit: Option<Instant>,
    told: bool,
}

/// Threads that run tasks. They are not scoped, since a scope would wait for a hung one for ever:
/// workers end by themselves when the crew is dropped, and a hung one is left behind.
pub(crate) struct Crew<O: Objective> {
    objective: Arc<O>,
    workers: Vec<Worker<O::State>>,
    answers: Receiver<Answer<O::State>>,
    answering: Sender<Answer<O::State>>,
    deadline: Option<Duration>,
    grace: Duration,
    next_ticket: u64,
}

impl<O: Objective> Crew<O> {
    pub(crate) fn new(objective: Arc<O>, deadline: Option<Duration>, grace: Duration) -> Self {
        let (answering, answers) = channel();
        let workers = Vec::new();
        Self {
            objective,
            workers,
            answers,
            answering,
            deadline,
            grace,
            next_ticket: 0,
        }
    }

    /// How many workers have work.
    pub(crate) fn busy(&self) -> usize {
        self.workers
            .iter()
            .filter(|worker| worker.busy.is_some())
            .count()
    }

    /// Gives a task to an idle worker, or to a new one. `spent` is the time the trial had before.
    pub(crate) fn dispatch(&mut self, task: Task<O::State>, spent: f64) -> Result<(), TuneError> {
        let idle = match self.workers.iter().position(|worker| worker.busy.is_none()) {
            Some(idle) => idle,
            None => {
                self.workers.push(self.hire()?);
                self.workers.len() - 1
            }
        };
        self.next_ticket += 1;
        let (ticket, trial, begun) = (self.next_ticket, task.trial.number, Instant::now());
        let left = |deadline: Duration| {
            // A time beyond the clock's range never comes.
            begun.checked_add(deadline.saturating_sub(Duration::try_from_secs_f64(spent).ok()?))
        };
        let limit = self.deadline.and_then(left);
        let stop = StopToken::default();
        let worker = &mut self.workers[idle];
        // The worker holds its end for as long as this one exists, so the order arrives.
        let _ = worker.orders.send(Order(ticket, task, stop.clone()));
        worker.busy = Some(Busy {
            ticket,
            trial,
            begun,
            stop,
            limit,
            told: false,
        });
        Ok(())
    }

    /// Waits until a task is done, has failed, or is given up.
    pub(crate) fn wait(&mut self) -> Result<Report<O::State>, TuneError> {
        loop {
            let next = self
                .workers
                .iter()
                .filter_map(|worker| worker.busy.as_ref()?.limit)
                .min();
            let answer = match next {
                None => self
                    .answers
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(limit) => self
                    .answers
                    .recv_timeout(limit.saturating_duration_since(Instant::now())),
            };
            let report = match answer {
                Ok(answer) => self.accept(answer),
                Err(_) => self.enforce(Instant::now())?,
            };
            if let Some(report) = report {
                return Ok(report);
            }
        }
    }

    /// Matches an answer to its worker; one that was given up before is no longer of interest.
    fn accept(
        &mut self,
        Answer(ticket, outcome, seconds): Answer<O::State>,
    ) -> Option<Report<O::State>> {
        let asked = |worker: &&mut Worker<_>| {
            worker
                .busy
                .as_ref()
                .is_some_and(|busy: &Busy| busy.ticket == ticket)
        };
        let Some(busy) = self
            .workers
            .iter_mut()
            .find(asked)
            .and_then(|worker| worker.busy.take())
        else {
            task::discard(outcome);
            return None;
        };
        let outcome = if busy.told {
            task::discard(outcome);
            Err(self.overdue("exceeded"))
        } else {
            outcome
        };
        Some(Report {
            trial: busy.trial,
            outcome,
            seconds,
        })
    }

    /// Tells overdue trials to stop, and gives up the first that was told and did not answer.
    fn enforce(&mut self, now: Instant) -> Result<Option<Report<O::State>>, TuneError> {
        for index in 0..self.workers.len() {
            let Some(busy) = self.workers[index].busy.as_mut() else {
                continue;
            };
            if busy.limit.is_none_or(|limit| now < limit) {
                continue;
            }
            if !busy.told {
                busy.stop.stop();
                busy.told = true;
                busy.limit = now.checked_add(self.grace);
                continue;
            }
            let (trial, seconds) = (busy.trial, busy.begun.elapsed().as_secs_f64());
            self.workers.swap_remove(index);
            let outcome = Err(self.overdue("did not answer after"));
            return Ok(Some(Report {
                trial,
                outcome,
                seconds,
            }));
        }
        Ok(None)
    }

    fn overdue(&self, what: &str) -> String {
        format!(
            "{what} its deadline of {:?}",
            self.deadline.unwrap_or_default()
        )
    }

    fn hire(&self) -> Result<Worker<O::State>, TuneError> {
        let (orders, inbox) = channel::<Order<O::State>>();
        let (objective, answering) = (Arc::clone(&self.objective), self.answering.clone());
        let work = move || {
            for Order(ticket, task, stop) in inbox {
                let (outcome, seconds) = task::run(objective.as_ref(), task, &stop);
                if answering.send(Answer(ticket, outcome, seconds)).is_err() {
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("hemline-tune".to_owned())
            .spawn(work)
            .map_err(|source| TuneError::SpawnWorker { source })?;
        Ok(Worker { orders, busy: None })
    }
}
