//! What this build and this machine have to compute on.

use std::borrow::Borrow;

#[cfg(feature = "cuda")]
use burn::tensor::{Device, DeviceType};

use super::DeviceName;

/// The features that bring devices, and whether this build has them.
const FEATURES: [(&str, bool); 5] = [
    ("flex", cfg!(feature = "flex")),
    ("ndarray", cfg!(feature = "ndarray")),
    ("wgpu", cfg!(feature = "wgpu")),
    ("cuda", cfg!(feature = "cuda")),
    ("remote", cfg!(feature = "remote")),
];

/// The features that bring devices and are in this build, or are not.
pub(crate) fn features(built: bool) -> Vec<&'static str> {
    let those = FEATURES.iter().filter(|(_, has)| *has == built);
    those.map(|(name, _)| *name).collect()
}

/// A device of this machine, and what its maker calls it.
#[derive(Clone, Debug)]
pub(crate) struct Present {
    pub(crate) name: DeviceName,
    pub(crate) description: String,
}

/// The devices of this machine that this build can open.
pub(crate) fn present() -> Vec<Present> {
    #[allow(unused_mut, reason = "a build may have one backend or none")]
    let mut found: Vec<Present> = Vec::new();
    let cores = [
        (DeviceName::Flex, cfg!(feature = "flex")),
        (DeviceName::NdArray, cfg!(feature = "ndarray")),
    ];
    found.extend(
        cores
            .into_iter()
            .filter(|(_, built)| *built)
            .map(|(name, _)| Present {
                name,
                description: "the cores of this machine".to_owned(),
            }),
    );
    #[cfg(feature = "wgpu")]
    found.extend(super::wgpu::present());
    #[cfg(feature = "cuda")]
    found.extend((0..cuda_cards().len()).map(|index| Present {
        name: DeviceName::Cuda(index),
        description: "an NVIDIA card".to_owned(),
    }));
    found
}

/// The features of this build that bring devices, in one line.
pub(crate) fn build() -> String {
    list(&features(true))
}

/// The devices of this machine, in one line.
pub(crate) fn machine() -> String {
    let names: Vec<String> = present().iter().map(|it| it.name.to_string()).collect();
    list(&names)
}

fn list<S: Borrow<str>>(names: &[S]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.join(", ")
}

#[cfg(feature = "cuda")]
fn cuda_cards() -> Vec<Device> {
    // Without the driver's library burn panics where it should find nothing.
    std::panic::catch_unwind(|| Device::enumerate(DeviceType::Cuda).into_vec()).unwrap_or_default()
}

#[cfg(feature = "cuda")]
pub(super) fn cuda(index: usize) -> anyhow::Result<Device> {
    use anyhow::Context;
    let count = cuda_cards().len();
    (index < count)
        .then(|| Device::cuda(index))
        .with_context(|| format!("this machine has {count} NVIDIA cards"))
}
