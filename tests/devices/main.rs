//! The examples and crates on every device that the build has.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

#[path = "../support/mod.rs"]
mod support;

#[cfg(feature = "flex")]
#[allow(dead_code, unused_imports, reason = "the examples use more of it")]
#[path = "../../examples/support/device/mod.rs"]
mod device;

#[cfg(feature = "remote")]
mod grid;
mod names;
#[cfg(all(
    feature = "flex",
    any(
        feature = "ndarray",
        feature = "wgpu",
        feature = "cuda",
        feature = "remote"
    )
))]
mod parity;
#[cfg(feature = "remote")]
mod server;
#[cfg(feature = "remote")]
mod several;
