//! Graphics processors by wgpu: which there are, and how to open one without a panic.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, bail};
use burn::tensor::{Device, DeviceKind, DeviceType};

use super::here::Present;
use super::{Adapter, DeviceName};

/// How many adapters of one kind are looked for.
const MOST: usize = 64;

/// The adapters of this machine.
pub(super) fn present() -> Vec<Present> {
    let describe = |(name, kind)| Present {
        name: DeviceName::Wgpu(name),
        description: match kind {
            DeviceKind::Cpu => "a graphics processor in software".to_owned(),
            kind => format!("{kind:?}"),
        },
    };
    adapters().into_iter().map(describe).collect()
}

/// What burn finds, in its order, with the best name for each. It is safe to ask where there is nothing.
fn adapters() -> Vec<(Adapter, DeviceKind)> {
    let all = || {
        let numbered = (0..MOST).flat_map(|n| {
            [
                DeviceKind::DiscreteGpu(n),
                DeviceKind::IntegratedGpu(n),
                DeviceKind::VirtualGpu(n),
            ]
        });
        std::iter::once(DeviceKind::Cpu).chain(numbered)
    };
    let found = Device::enumerate(DeviceType::Wgpu).into_vec();
    let kinds = found
        .iter()
        .filter_map(|device| all().find(|kind| Device::wgpu(kind.clone()) == *device));
    let name = |number, kind: &DeviceKind| match kind {
        DeviceKind::Cpu => Adapter::Cpu,
        DeviceKind::IntegratedGpu(0) => Adapter::Integrated,
        DeviceKind::DiscreteGpu(0) => Adapter::Discrete,
        _ => Adapter::Number(number),
    };
    kinds
        .enumerate()
        .map(|(number, kind)| (name(number, &kind), kind))
        .collect()
}

/// Opens an adapter, or says why it cannot be.
///
/// burn opens each kind once in a process and calls the second time an error, so what is open is kept.
pub(super) fn open(adapter: Adapter) -> anyhow::Result<Device> {
    static OPEN: Mutex<Vec<Device>> = Mutex::new(Vec::new());
    let kind = match adapter {
        Adapter::Best => DeviceKind::DefaultDevice,
        // Looked up first: burn's own words on one that is not there list all others with every property.
        Adapter::Number(number) => {
            let mut found = adapters();
            if number >= found.len() {
                bail!("wgpu finds {} adapters", found.len());
            }
            found.swap_remove(number).1
        }
        name => {
            let named = adapters().into_iter().find(|(found, _)| *found == name);
            named.context("wgpu finds no such adapter")?.1
        }
    };
    let mut open = OPEN.lock().unwrap_or_else(PoisonError::into_inner);
    let device = Device::wgpu(kind.clone());
    if !open.contains(&device) {
        // A device made without `init` panics at its first tensor where there is no adapter.
        Device::wgpu_options().device_kind(kind).init()?;
        open.push(device.clone());
    }
    Ok(device)
}
