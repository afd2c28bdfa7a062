//! The examples and crates on every device that the build has.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

#[path = "../support/mod.rs"]
mod support;

mod names;
