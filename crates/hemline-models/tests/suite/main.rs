//! The crate from outside: PyTorch's numbers and files, initial weights, evaluation, wrong input.
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod autoencoder;
mod common;
mod mlp;
mod pytorch;
