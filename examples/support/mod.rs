//! What all examples share: their flags, the data, the device, the progress display and the report.
//!
//! The libraries never print and never choose; here is where that is done.

#![allow(dead_code, reason = "every example uses a part of this")]

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod classifier;
pub(crate) mod data;
pub(crate) mod device;
pub(crate) mod progress;
pub(crate) mod report;
