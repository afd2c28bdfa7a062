//! The crate from outside: known surfaces, scikit-learn's numbers, kills, wrong input.
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod bowl;
mod cache;
mod common;
mod dense;
mod dense_layers;
mod export;
mod pca;
mod planes;
mod trajectories;
mod wrong_input;
