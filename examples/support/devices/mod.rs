//! The parts of the example `devices`: how a device is measured.

pub(crate) mod measure;
