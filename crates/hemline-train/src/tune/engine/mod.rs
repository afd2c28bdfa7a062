//! Runs trials: what may run next, and what a failure is. Who runs it is the fleet's affair.

mod schedule;
mod slot;
mod task;

pub(crate) use self::schedule::Schedule;
pub(crate) use self::task::{Task, run};
