//! Runs trials: what may run next, who runs it, and what a failure is.

mod crew;
mod schedule;
mod task;

pub(crate) use self::crew::Crew;
pub(crate) use self::schedule::Schedule;
pub(crate) use self::task::{Task, run};
