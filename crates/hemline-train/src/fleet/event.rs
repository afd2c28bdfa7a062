//! What a fleet tells those who run it, and those who watch.

use std::fmt::{Display, Formatter};
use std::time::Duration;

/// Something that happened to a place that can be lost. `Display` says it in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlaceEvent {
    /// Jobs can run there.
    Opened {
        /// The place.
        place: String,
    },
    /// It could not be opened. It is tried again, and that is told only when the reason changes.
    Unreachable {
        /// The place.
        place: String,
        /// Why not.
        reason: String,
    },
    /// It does not answer any more.
    Lost {
        /// The place.
        place: String,
        /// How that showed.
        reason: String,
        /// The jobs that ran on it, which are begun anew elsewhere.
        jobs: Vec<usize>,
    },
    /// A job missed its deadline for the first time, and is begun anew, for the place may be at fault.
    Overdue {
        /// The place.
        place: String,
        /// The job.
        job: usize,
        /// The deadline.
        deadline: Duration,
    },
}

impl Display for PlaceEvent {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Opened { place } => write!(formatter, "{place} is open"),
            Self::Unreachable { place, reason } => {
                write!(formatter, "{place} cannot be opened: {reason}")
            }
            Self::Lost {
                place,
                reason,
                jobs,
            } => {
                write!(formatter, "{place} is lost: {reason}")?;
                let jobs: Vec<String> = jobs.iter().map(ToString::to_string).collect();
                match jobs.as_slice() {
                    [] => Ok(()),
                    jobs => write!(formatter, "; to be begun anew: {}", jobs.join(", ")),
                }
            }
            Self::Overdue {
                place,
                job,
                deadline,
            } => write!(
                formatter,
                "{job} exceeded its deadline of {deadline:?} on {place}; to be begun anew"
            ),
        }
    }
}

/// What the dispatcher has to say.
#[derive(Debug)]
pub(crate) enum Event<R> {
    /// A job has its result, or has failed by its own fault.
    Done {
        job: usize,
        /// Where it ran, for what it left there.
        session: u64,
        result: Result<R, String>,
        seconds: f64,
    },
    /// A place that cannot be lost has opened, which is nobody's news but the dispatcher's.
    Room,
    /// Something happened to a place that can be lost.
    Place {
        event: PlaceEvent,
        /// The session that ended, with everything that jobs left there.
        lost: Option<u64>,
        /// Jobs that have to be dispatched once more.
        back: Vec<usize>,
    },
}
