//! Studies from end to end: repeatability, failures, the journal, and whether the search searches.

#![allow(
    clippy::unwrap_used,
    reason = "a test fails by panicking, helpers included"
)]

mod failures;
mod journal;
mod kill;
mod objectives;
mod repeatability;
mod search;
mod spaces;
mod summary;
mod torn;
