//! What all examples share: their flags, the data, the device, the progress display and the report.
//!
//! The libraries never print and never choose; here is where that is done.

#![allow(dead_code, reason = "every example uses a part of this")]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "an example talks to a person"
)]

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod classifier;
pub(crate) mod data;
pub(crate) mod dense;
pub(crate) mod device;
pub(crate) mod examples;
pub(crate) mod learner;
pub(crate) mod page;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod search;
pub(crate) mod side_by_side;
pub(crate) mod table;
pub(crate) mod task;

/// Runs an example and ends it: an error is one line on standard error with all its causes, and never a backtrace.
///
/// It runs on a thread of the pool that steps are shared with, so that none has to be woken to begin one.
pub(crate) fn finish(
    example: impl FnOnce() -> anyhow::Result<()> + Send,
) -> std::process::ExitCode {
    end(rayon::scope(|_| example()))
}

/// Ends an example. What only waits and leaves the computing to others calls this and not [`finish`], which
/// would hold a thread of the pool.
pub(crate) fn end(result: anyhow::Result<()>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
