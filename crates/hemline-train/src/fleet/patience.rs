//! How long a fleet waits for what.

use std::time::Duration;

/// The times after which a fleet gives something up. None of them changes a result, as long as the
/// deadline is far above what a job needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Patience {
    /// Time that one job may take. Past it the job is told to stop. Where the place can be lost it is then
    /// given to another once, since its place may be at fault; a second time, and where the place cannot
    /// be lost, it fails. Default: none.
    pub deadline: Option<Duration>,
    /// How long a job that was told to stop may take to answer, before its thread is left behind.
    /// Default: 2 s.
    pub grace: Duration,
    /// How long a place may take to answer a check, before it is lost. Default: 15 s.
    pub check: Duration,
    /// How often a place that is at work is checked. Default: 5 s.
    pub heartbeat: Duration,
    /// How long to wait before a place that could not be opened, or was lost, is opened again.
    /// Default: 2 s.
    pub retry: Duration,
    /// How long to go on without any open place. Default: 60 s. If none could be opened even once, the end
    /// comes when each has been tried.
    pub without_place: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            deadline: None,
            grace: Duration::from_secs(2),
            check: Duration::from_secs(15),
            heartbeat: Duration::from_secs(5),
            retry: Duration::from_secs(2),
            without_place: Duration::from_secs(60),
        }
    }
}
