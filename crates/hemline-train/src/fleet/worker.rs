//! A thread that does jobs in one session, and what it is doing.

use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::time::Instant;

use super::site::Message;
use super::{FleetError, StopToken, attempt, discard};
use crate::BoxedError;

/// What is done with a job.
pub(super) type Work<S, J, R> =
    Arc<dyn Fn(&S, J, &StopToken) -> Result<R, BoxedError> + Send + Sync>;

/// A job on its way to a worker; the ticket tells a late answer apart.
struct Order<J> {
    ticket: u64,
    job: J,
    stop: StopToken,
}

pub(super) struct Worker<J> {
    orders: Sender<Order<J>>,
    pub(super) busy: Option<Busy>,
}

pub(super) struct Busy {
    pub(super) ticket: u64,
    pub(super) job: usize,
    pub(super) begun: Instant,
    pub(super) stop: StopToken,
    /// When to tell the job to stop or, once told, when to give it up.
    pub(super) limit: Option<Instant>,
    pub(super) told: bool,
}

impl<J: Send + 'static> Worker<J> {
    /// Starts a thread. It is not scoped, since a scope would wait for a hung one for ever: it ends by
    /// itself when the worker is dropped, or is left behind.
    pub(super) fn start<S: Send + Sync + 'static, R: Send + 'static>(
        session: u64,
        shared: Arc<S>,
        work: Work<S, J, R>,
        answers: Sender<Message<S, R>>,
    ) -> Result<Self, FleetError> {
        let (orders, inbox) = channel::<Order<J>>();
        let serve = move || {
            for Order { ticket, job, stop } in inbox {
                let begun = Instant::now();
                let result = attempt(|| work(&shared, job, &stop));
                let answer = Message::Answered {
                    session,
                    ticket,
                    result,
                    seconds: begun.elapsed().as_secs_f64(),
                };
                if let Err(unsent) = answers.send(answer) {
                    discard(unsent);
                    return;
                }
            }
        };
        std::thread::Builder::new()
            .name("hemline-worker".to_owned())
            .spawn(serve)
            .map_err(|source| FleetError::SpawnWorker { source })?;
        Ok(Self { orders, busy: None })
    }

    /// Gives it a job, by the job's number and a ticket.
    pub(super) fn begin(&mut self, ticket: u64, number: usize, job: J, limit: Option<Instant>) {
        let stop = StopToken::default();
        // The thread holds its end for as long as this one exists, so the order arrives.
        let _ = self.orders.send(Order {
            ticket,
            job,
            stop: stop.clone(),
        });
        self.busy = Some(Busy {
            ticket,
            job: number,
            begun: Instant::now(),
            stop,
            limit,
            told: false,
        });
    }
}
