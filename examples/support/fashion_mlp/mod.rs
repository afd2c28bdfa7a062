//! The parts of the example `fashion_mlp`: its flags, its final trainings, and how it reports on them.

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod difference;
pub(crate) mod finals;
pub(crate) mod page;
pub(crate) mod report;
pub(crate) mod searches;
