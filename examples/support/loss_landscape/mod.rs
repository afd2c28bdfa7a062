//! The parts of the example `loss_landscape`.

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod dense;
pub(crate) mod planes;
pub(crate) mod report;
pub(crate) mod runs;
pub(crate) mod shared_grid;
