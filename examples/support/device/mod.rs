//! From the name of a device to the device, for those that this build and this machine have.
//!
//! Nobody else in the examples makes a device: with wgpu compiled in, `Device::default()` would be a GPU.

pub(crate) mod here;
mod name;
#[cfg(feature = "remote")]
pub(crate) mod remote;
mod several;
#[cfg(feature = "wgpu")]
mod wgpu;

use anyhow::{Context, anyhow, ensure};
use burn::tensor::{Device, Tensor};

#[cfg(feature = "wgpu")]
pub(crate) use name::Adapter;
pub(crate) use name::DeviceName;
pub(crate) use several::Devices;

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

/// Opens the devices of this machine among `names`, so that a wrong name is an error before anything is
/// computed. Servers are left to the fleet, as they may come later.
pub(crate) fn check(names: &[String]) -> anyhow::Result<()> {
    let served = |name: &str| matches!(name.parse(), Ok(DeviceName::Remote { .. }));
    let here = names
        .iter()
        .filter(|name| !(cfg!(feature = "remote") && served(name)));
    for name in here {
        open(name)?;
    }
    Ok(())
}

/// Whether the device called `name` can be gone while this process goes on.
pub(crate) fn can_be_lost(name: &str) -> bool {
    name.parse()
        .is_ok_and(|name: DeviceName| name.can_be_lost())
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

/// Sends a number to a device and has it back doubled; a device that hangs does not return.
pub(crate) fn probe(device: &Device) -> anyhow::Result<()> {
    let doubled = Tensor::<1>::from_data([21.0], device) * 2.0;
    let answer = doubled.try_into_data();
    let answer: Vec<f32> = answer
        .map_err(|error| anyhow!("{error}"))?
        .try_into_vec()
        .map_err(|error| anyhow!("{error:?}"))?;
    ensure!(answer == [42.0], "twice 21 is {answer:?} there");
    Ok(())
}

/// What the maker of a device's processor calls it, where the device knows.
pub(crate) fn part(device: &Device) -> Option<String> {
    #[cfg(any(feature = "wgpu", feature = "cuda"))]
    let part = device.identity().map(|identity| identity.name);
    #[cfg(not(any(feature = "wgpu", feature = "cuda")))]
    let part = {
        let _ = device;
        None
    };
    part
}

#[cfg(feature = "ndarray")]
#[allow(
    deprecated,
    reason = "burn replaces this backend by flex; it is here to compare with"
)]
pub(crate) fn ndarray() -> Device {
    Device::ndarray()
}
