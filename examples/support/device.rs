//! From the name of a device to the device, for those that this build has.

use anyhow::bail;
use burn::tensor::Device;

/// The names that this build understands.
const NAMES: &[&str] = &[
    #[cfg(feature = "flex")]
    "flex",
];

/// The device called `name`.
pub(crate) fn open(name: &str) -> anyhow::Result<Device> {
    match name {
        #[cfg(feature = "flex")]
        "flex" => Ok(Device::flex()),
        _ => bail!(
            "there is no device `{name}` in this build, which has: {}",
            NAMES.join(", ")
        ),
    }
}
