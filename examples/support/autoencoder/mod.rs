//! The parts of the example `autoencoder`: what it trains and measures, and how it shows that.

pub(crate) mod args;
pub(crate) mod charts;
pub(crate) mod codes;
pub(crate) mod covariance;
pub(crate) mod images;
pub(crate) mod measured;
pub(crate) mod page;
pub(crate) mod pca;
pub(crate) mod training;
