//! From the name of a device to the device, for those that this build and this machine have.
//!
//! Nobody else in the examples makes a device: with wgpu compiled in, `Device::default()` would be a GPU.

pub(crate) mod here;
mod name;
#[cfg(feature = "remote")]
pub(crate) mod remote;
#[cfg(feature = "wgpu")]
mod wgpu;

use anyhow::{anyhow, bail};
use burn::tensor::Device;

#[cfg(feature = "wgpu")]
pub(crate) use name::Adapter;
pub(crate) use name::DeviceName;

/// The device called `name`, ready to compute.
///
/// The error is one line, which says what there is instead.
pub(crate) fn open(name: &str) -> anyhow::Result<Device> {
    let device = name.parse().and_then(|parsed| open_parsed(&parsed));
    device.map_err(|error| anyhow!("cannot compute on `{name}`: {error:#}; {}", here::summary()))
}

fn open_parsed(name: &DeviceName) -> anyhow::Result<Device> {
    match name {
        #[cfg(feature = "flex")]
        DeviceName::Flex => Ok(Device::flex()),
        #[cfg(feature = "ndarray")]
        DeviceName::NdArray => Ok(ndarray()),
        #[cfg(feature = "wgpu")]
        DeviceName::Wgpu(adapter) => wgpu::open(*adapter),
        #[cfg(feature = "cuda")]
        DeviceName::Cuda(index) => here::cuda(*index),
        #[cfg(feature = "remote")]
        DeviceName::Remote { url, index } => remote::open(url, *index),
        #[allow(
            unreachable_patterns,
            reason = "a build with every feature has them all"
        )]
        other => bail!(
            "this build was made without the feature {}",
            other.feature()
        ),
    }
}

#[cfg(feature = "ndarray")]
#[allow(
    deprecated,
    reason = "burn replaces this backend by flex; it is here to compare with"
)]
pub(crate) fn ndarray() -> Device {
    Device::ndarray()
}
