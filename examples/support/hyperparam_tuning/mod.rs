//! The parts of the example `hyperparam_tuning`: its flags and its report.

pub(crate) mod args;
pub(crate) mod report;
