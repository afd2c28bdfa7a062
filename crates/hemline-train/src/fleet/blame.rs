//! Whose fault it is: the job's own, or that of the place it ran on.

use std::time::Instant;

use super::dispatch::later;
use super::{Event, Fleet, PlaceEvent, discard};

/// A job that has lost its place more often is taken for the cause.
const MOST_LOSSES: u32 = 20;

impl<S, J, R> Fleet<S, J, R>
where
    S: Send + Sync + 'static,
    J: Send + 'static,
    R: Send + 'static,
{
    pub(super) fn answered(
        &mut self,
        session: u64,
        ticket: u64,
        result: Result<R, String>,
        seconds: f64,
    ) {
        let site = self.site(session);
        let open = site.and_then(|site| Some((site, self.sites[site].session_mut()?)));
        let Some((site, open, busy)) =
            open.and_then(|(site, open)| open.answered(ticket).map(|busy| (site, open, busy)))
        else {
            return discard(result);
        };
        let job = busy.job;
        match result {
            _ if busy.told => {
                discard(result);
                self.miss(site, job, seconds, "exceeded");
            }
            Err(reason) if open.can_be_lost() => open.suspect(job, reason, seconds),
            result => self.events.push_back(Event::Done {
                job,
                session,
                result,
                seconds,
            }),
        }
    }

    /// A job missed its deadline.
    pub(super) fn miss(&mut self, site: usize, job: usize, seconds: f64, how: &str) {
        let deadline = self.patience.deadline.unwrap_or_default();
        let Some(session) = self.sites[site].session_mut() else {
            return;
        };
        let reason = format!("{how} its deadline of {deadline:?}");
        if !session.can_be_lost() {
            let (session, result) = (session.id, Err(reason));
            return self.events.push_back(Event::Done {
                job,
                session,
                result,
                seconds,
            });
        }
        session.check_soon(Instant::now());
        if self.overdue.insert(job) {
            let place = self.sites[site].place.name.clone();
            let event = PlaceEvent::Overdue {
                place,
                job,
                deadline,
            };
            self.tell(event, None, vec![job]);
        } else {
            session.suspect(job, reason, seconds);
        }
    }

    /// A place is gone, and its jobs are to be given to others.
    pub(super) fn lose(&mut self, site: usize, reason: String) {
        let now = Instant::now();
        let retry = later(now, self.patience.retry);
        let Some(session) = self.sites[site].close(retry, reason.clone()) else {
            return;
        };
        let lost = Some(session.id);
        let mut jobs = Vec::new();
        for job in session.jobs() {
            let losses = self.losses.entry(job).or_default();
            *losses += 1;
            if *losses <= MOST_LOSSES {
                jobs.push(job);
                continue;
            }
            self.events.push_back(Event::Done {
                job,
                session: session.id,
                result: Err(format!("lost its place {losses} times, at last: {reason}")),
                seconds: 0.0,
            });
        }
        jobs.sort_unstable();
        let place = self.sites[site].place.name.clone();
        let event = PlaceEvent::Lost {
            place,
            reason,
            jobs: jobs.clone(),
        };
        self.tell(event, lost, jobs);
        if self.sites.iter().all(|site| site.session().is_none()) {
            self.dark_since = Some(now);
        }
    }
}
