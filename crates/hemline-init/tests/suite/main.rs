//! The crate's tests, in one binary.
#![allow(clippy::unwrap_used)]

mod checks;
mod gains;
mod kolmogorov;
mod moments;
mod propagation;
mod samplers;
mod wrong_input;
