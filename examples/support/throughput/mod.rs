//! The parts of the example `throughput`.

pub(crate) mod args;
pub(crate) mod limit;
pub(crate) mod report;
pub(crate) mod workload;
