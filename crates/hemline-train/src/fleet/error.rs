//! What ends the work of a fleet.

/// Why not all jobs were done.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FleetError {
    /// There was nowhere to work.
    #[error("no place is open: {reasons}")]
    NoPlace {
        /// Why, place by place.
        reasons: String,
    },
    /// The operating system refused a thread.
    #[error("could not start a worker thread")]
    SpawnWorker {
        /// The system's error.
        source: std::io::Error,
    },
    /// A job failed, and not for its place.
    #[error("job {job} failed: {reason}")]
    Job {
        /// The job's number.
        job: usize,
        /// Its error with all causes, or its panic.
        reason: String,
    },
}
