//! Each device for as long as a test needs it, or a line where the machine has none.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]

use burn::tensor::Device;

use super::Likeness;
use crate::device::open;
#[cfg(feature = "remote")]
use crate::server::Server;

/// What a test does with a device.
type Test = fn(&Device, Likeness);

#[cfg(feature = "ndarray")]
pub(super) fn ndarray(test: Test) {
    test(&open("ndarray").unwrap(), Likeness::Rounded);
}

#[cfg(feature = "wgpu")]
pub(super) fn wgpu(test: Test) {
    where_there_is("wgpu", "HEMLINE_REQUIRE_WGPU", test);
}

#[cfg(feature = "cuda")]
pub(super) fn cuda(test: Test) {
    where_there_is("cuda", "HEMLINE_REQUIRE_CUDA", test);
}

/// On flex at the other end of a connection.
#[cfg(feature = "remote")]
pub(super) fn remote(test: Test) {
    let server = Server::spawn();
    test(&open(&server.device()).unwrap(), Likeness::Exact);
}

/// On a graphics processor. Where the variable `required` is 1, absence is a failure.
#[cfg(any(feature = "wgpu", feature = "cuda"))]
fn where_there_is(name: &str, required: &str, test: Test) {
    match open(name) {
        Ok(device) => test(&device, Likeness::Rounded),
        Err(error) => {
            let needed = std::env::var_os(required).is_some_and(|value| value == "1");
            assert!(!needed, "{required} is 1, but {error:#}");
            eprintln!("skipped: {error:#}");
        }
    }
}
