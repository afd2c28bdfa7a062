//! What the crate promises, from the outside.

#![allow(
    clippy::unwrap_used,
    reason = "in a test a panic is the report; Clippy exempts only the test functions"
)]

mod common;
#[cfg(feature = "download")]
mod download;
mod hostile;
mod mutations;
mod reading;
mod real_data;
mod search;
mod splitting;
mod synthetic;
#[cfg(feature = "flex")]
mod tensors;
