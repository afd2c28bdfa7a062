//! From the name of a device to the device, for those that this build and this machine have.
//!
//! Nobody else in the examples makes a device: with wgpu compiled in, `Device::default()` would be a GPU.

pub(crate) mod here;
mod name;
#[cfg(feature = "remote")]
pub(crate) mod remote;
#[cfg(feature = "wgpu")]
mod wgpu;

use anyhow::{Context, anyhow};
use burn::tensor::Device;

#[cfg(feature = "wgpu")]
pub(crate) use name::Adapter;
pub(crate) use name::DeviceName;

/// The device called `name`, ready to compute.
///
/// The error is one line, which says what there is instead.
pub(crate) fn open(name: &str) -> anyhow::Result<Device> {
    let opened = name.parse().and_then(|parsed| {
        open_parsed(&parsed)
            .with_context(|| format!("it was made without the feature {}", parsed.feature()))
    });
    let (build, machine) = (here::build, here::machine);
    opened
        .map_err(|why| {
            anyhow!(
                "there is no device `{name}` in this build, which has: {}; {why:#}; this machine has: {}",
                build(),
                machine()
            )
        })?
        .map_err(|why| {
            anyhow!(
                "cannot compute on `{name}`: {why:#}; this build has: {}; this machine has: {}",
                build(),
                machine()
            )
        })
}

/// Opens a device, or `None` where the build has none of the kind.
fn open_parsed(name: &DeviceName) -> Option<anyhow::Result<Device>> {
    Some(match name {
        #[cfg(feature = "flex")]
        DeviceName::Flex => Ok(Device::flex()),
        #[cfg(feature = "ndarray")]
        DeviceName::NdArray => Ok(ndarray()),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu(adapter) => wgpu::open(*adapter),
        #[cfg(feature = "cuda")]
        DeviceName::Cuda(index) => here::cuda(*index),
        #[cfg(feature = "remote")]
        DeviceName::Remote { address, index } => remote::open(address, *index),
        #[allow(
            unreachable_patterns,
            reason = "a build with every feature has them all"
        )]
        _ => return None,
    })
}

#[cfg(feature = "ndarray")]
#[allow(
    deprecated,
    reason = "burn replaces this backend by flex; it is here to compare with"
)]
pub(crate) fn ndarray() -> Device {
    Device::ndarray()
}
