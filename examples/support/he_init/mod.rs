//! The parts of the example `he_init`: what it measures, and how it shows that.

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod checks;
pub(crate) mod page;
pub(crate) mod sweep;
pub(crate) mod text;
pub(crate) mod weights;
