//! Places that die, hang, come late and come back: no job is lost, and none hangs.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, helpers included"
)]

mod jobs;
mod simulated;
mod trials;
