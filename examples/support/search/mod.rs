//! The search over classifiers that two examples share: its flags, its objective, and how it is shown.

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod page;
pub(crate) mod progress;
pub(crate) mod report;
pub(crate) mod run;
pub(crate) mod space;
pub(crate) mod table;
pub(crate) mod trials;
