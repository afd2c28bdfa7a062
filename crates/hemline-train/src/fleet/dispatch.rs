//! Gives jobs to places, opens and watches these, and hears what came of it.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use super::session::Session;
use super::site::{Message, Site, State};
use super::worker::{Work, Worker};
use super::{Event, FleetError, Patience, Place, PlaceEvent, StopToken};
use crate::BoxedError;

/// Places at work. Dropping it waits for nothing: idle threads end, hung ones are left behind.
pub(crate) struct Fleet<S: Send + Sync + 'static, J, R> {
    pub(super) sites: Vec<Site<S, J>>,
    work: Work<S, J, R>,
    pub(super) patience: Patience,
    messages: Receiver<Message<S, R>>,
    sender: Sender<Message<S, R>>,
    pub(super) events: VecDeque<Event<R>>,
    last_ticket: u64,
    last_session: u64,
    /// Since when no place is open.
    pub(super) dark_since: Option<Instant>,
    ever_open: bool,
    pub(super) losses: BTreeMap<usize, u32>,
    pub(super) overdue: BTreeSet<usize>,
}

impl<S, J, R> Fleet<S, J, R>
where
    S: Send + Sync + 'static,
    J: Send + 'static,
    R: Send + 'static,
{
    pub(crate) fn new(
        places: Vec<Place<S>>,
        patience: Patience,
        work: impl Fn(&S, J, &StopToken) -> Result<R, BoxedError> + Send + Sync + 'static,
    ) -> Self {
        let now = Instant::now();
        let (sender, messages) = channel();
        Self {
            sites: places
                .into_iter()
                .map(|place| Site::new(place, now))
                .collect(),
            work: Arc::new(work),
            patience,
            messages,
            sender,
            events: VecDeque::new(),
            last_ticket: 0,
            last_session: 0,
            dark_since: Some(now),
            ever_open: false,
            losses: BTreeMap::new(),
            overdue: BTreeSet::new(),
        }
    }

    /// The open sessions, in the order of their places.
    pub(crate) fn sessions(&self) -> Vec<u64> {
        let open = self.sites.iter().filter_map(Site::session);
        open.map(|session| session.id).collect()
    }

    /// Whether a session takes one more job now.
    pub(crate) fn has_room(&self, session: u64) -> bool {
        let open = self.sites.iter().filter_map(Site::session);
        let mut asked = open.filter(|open| open.id == session);
        asked.next().is_some_and(Session::has_room)
    }

    /// Gives a job to a session that has room. `spent` seconds of its deadline are gone already.
    pub(crate) fn dispatch(
        &mut self,
        session: u64,
        number: usize,
        job: J,
        spent: f64,
    ) -> Result<(), FleetError> {
        let deadline = self.patience.deadline;
        let limit = deadline.and_then(|deadline| {
            // A time beyond the clock's range never comes.
            let left = deadline.saturating_sub(Duration::try_from_secs_f64(spent).ok()?);
            Instant::now().checked_add(left)
        });
        let Some(site) = self.site(session) else {
            return Ok(());
        };
        let (work, sender) = (Arc::clone(&self.work), self.sender.clone());
        let start = |shared| Worker::start(session, shared, work, sender);
        if let Some(open) = self.sites[site].session_mut()
            && let Some(worker) = open.worker(start)?
        {
            self.last_ticket += 1;
            worker.begin(self.last_ticket, number, job, limit);
        }
        Ok(())
    }

    /// Waits until something has happened.
    pub(crate) fn wait(&mut self) -> Result<Event<R>, FleetError> {
        loop {
            self.tend(Instant::now())?;
            if let Some(event) = self.events.pop_front() {
                return Ok(event);
            }
            let times = self.sites.iter().filter_map(Site::next_time);
            let message = match times.chain(self.dark_until()).min() {
                None => self
                    .messages
                    .recv()
                    .map_err(|_| RecvTimeoutError::Disconnected),
                Some(time) => {
                    let left = time.saturating_duration_since(Instant::now());
                    self.messages.recv_timeout(left)
                }
            };
            if let Ok(message) = message {
                self.hear(message)?;
            }
        }
    }

    /// Does what the time asks for: opens places, ends overdue jobs, checks, loses what does not answer.
    fn tend(&mut self, now: Instant) -> Result<(), FleetError> {
        for site in 0..self.sites.len() {
            self.sites[site].open(site, now, &self.sender)?;
            let Some(session) = self.sites[site].session_mut() else {
                continue;
            };
            for busy in session.enforce(now, self.patience.grace) {
                let seconds = busy.begun.elapsed().as_secs_f64();
                self.miss(site, busy.job, seconds, "did not answer after");
            }
            if let Some(session) = self.sites[site].session_mut()
                && let Err(reason) = session.watch(now, &self.patience)
            {
                self.lose(site, reason);
            }
        }
        let tried = |site: &Site<S, J>| site.reason.is_some();
        let never = !self.ever_open && self.sites.iter().all(tried);
        if never || self.dark_until().is_some_and(|until| now >= until) {
            let reasons: Vec<String> = self.sites.iter().map(Site::complaint).collect();
            let reasons = match reasons.as_slice() {
                [] => "none was given".to_owned(),
                reasons => reasons.join("; "),
            };
            return Err(FleetError::NoPlace { reasons });
        }
        Ok(())
    }

    fn hear(&mut self, message: Message<S, R>) -> Result<(), FleetError> {
        let now = Instant::now();
        match message {
            Message::Opened { site, outcome } => self.opened(site, outcome, now)?,
            Message::Answered {
                session,
                ticket,
                result,
                seconds,
            } => self.answered(session, ticket, result, seconds),
            Message::Checked { session, outcome } => {
                let Some(site) = self.site(session) else {
                    return Ok(());
                };
                match (outcome, self.sites[site].session_mut()) {
                    (Ok(()), Some(open)) => {
                        for suspect in open.passed(now, &self.patience) {
                            self.events.push_back(Event::Done {
                                job: suspect.job,
                                session,
                                result: Err(suspect.reason),
                                seconds: suspect.seconds,
                            });
                        }
                    }
                    (Err(reason), _) => self.lose(site, reason),
                    (Ok(()), None) => {}
                }
            }
        }
        Ok(())
    }

    fn opened(
        &mut self,
        index: usize,
        outcome: Result<Arc<S>, String>,
        now: Instant,
    ) -> Result<(), FleetError> {
        let site = &mut self.sites[index];
        let place = site.place.name.clone();
        let event = match outcome {
            Ok(shared) => {
                self.last_session += 1;
                let due = now.checked_add(self.patience.heartbeat).unwrap_or(now);
                let id = self.last_session;
                let session = Session::new(id, &site.place, shared, &self.sender, due)?;
                let tell = session.can_be_lost();
                site.state = State::Open(session);
                site.reason = None;
                (self.dark_since, self.ever_open) = (None, true);
                if !tell {
                    self.events.push_back(Event::Room);
                }
                tell.then_some(PlaceEvent::Opened { place })
            }
            Err(reason) => {
                let news = site.reason.as_ref() != Some(&reason);
                site.close(later(now, self.patience.retry), reason.clone());
                news.then_some(PlaceEvent::Unreachable { place, reason })
            }
        };
        if let Some(event) = event {
            self.tell(event, None, Vec::new());
        }
        Ok(())
    }

    pub(super) fn tell(&mut self, event: PlaceEvent, lost: Option<u64>, back: Vec<usize>) {
        self.events.push_back(Event::Place { event, lost, back });
    }

    /// When it has been dark for too long.
    fn dark_until(&self) -> Option<Instant> {
        self.dark_since?.checked_add(self.patience.without_place)
    }

    /// The place with a session, by its position.
    pub(super) fn site(&self, session: u64) -> Option<usize> {
        let has = |site: &Site<S, J>| site.session().is_some_and(|open| open.id == session);
        self.sites.iter().position(has)
    }
}

/// `now` and some time, or never mind the time where the clock does not reach.
pub(super) fn later(now: Instant, time: Duration) -> Instant {
    now.checked_add(time).unwrap_or(now)
}
