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
pub(crate) mod device;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod table;

/// Ends an example: an error is one line on standard error with all its causes, and never a backtrace.
pub(crate) fn finish(result: anyhow::Result<()>) -> std::process::ExitCode {
    match result {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}
