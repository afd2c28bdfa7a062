//! The parts of the example `throughput`.

#![allow(dead_code, reason = "the example `devices` uses a part of this")]

pub(crate) mod args;
pub(crate) mod limit;
pub(crate) mod report;
pub(crate) mod round_trip;
pub(crate) mod workload;
