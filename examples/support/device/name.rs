//! How a device is spelled on the command line.

use std::fmt::{Display, Formatter};
use std::str::FromStr;

use anyhow::{Context, bail};

/// `flex`, `ndarray`, `wgpu[:cpu|:integrated|:discrete|:N]`, `cuda[:N]` or `remote:ws://HOST:PORT[/N]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DeviceName {
    /// The cores of this machine, by burn's own kernels.
    Flex,
    /// The cores of this machine, by the array crate of that name.
    NdArray,
    /// A graphics processor by Vulkan, Metal, DirectX 12 or OpenGL.
    Wgpu(Adapter),
    /// An NVIDIA card by its number.
    Cuda(usize),
    /// A device of another machine: the server's HOST:PORT, and which of its devices.
    Remote { address: String, index: usize },
}

/// Which of wgpu's adapters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Adapter {
    /// The one that wgpu takes for the fastest.
    Best,
    /// Drawn in software.
    Cpu,
    /// The first that is part of the processor.
    Integrated,
    /// The first card of its own.
    Discrete,
    /// By its position in the list that the example `devices` prints.
    Number(usize),
}

impl DeviceName {
    /// The Cargo feature that brings it.
    pub(crate) fn feature(&self) -> &'static str {
        match self {
            Self::Flex => "flex",
            Self::NdArray => "ndarray",
            Self::Wgpu(_) => "wgpu",
            Self::Cuda(_) => "cuda",
            Self::Remote { .. } => "remote",
        }
    }

    /// Whether it can be gone while this process goes on: what is not the host's own cores.
    pub(crate) fn can_be_lost(&self) -> bool {
        !matches!(self, Self::Flex | Self::NdArray)
    }
}

impl FromStr for DeviceName {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let (kind, which) = match text.split_once(':') {
            Some((kind, which)) => (kind, Some(which)),
            None => (text, None),
        };
        Ok(match (kind, which) {
            ("flex", None) => Self::Flex,
            ("ndarray", None) => Self::NdArray,
            ("wgpu", which) => Self::Wgpu(match which {
                None => Adapter::Best,
                Some("cpu") => Adapter::Cpu,
                Some("integrated") => Adapter::Integrated,
                Some("discrete") => Adapter::Discrete,
                Some(number) => Adapter::Number(
                    number
                        .parse()
                        .ok()
                        .context("after `wgpu:` comes cpu, integrated, discrete or a number")?,
                ),
            }),
            ("cuda", which) => Self::Cuda(
                which
                    .unwrap_or("0")
                    .parse()
                    .ok()
                    .context("after `cuda:` comes a number")?,
            ),
            ("remote", Some(address)) => remote(address)?,
            _ => bail!(
                "the names of devices are flex, ndarray, wgpu[:cpu|:integrated|:discrete|:N], cuda[:N] and \
                 remote:ws://HOST:PORT[/N]"
            ),
        })
    }
}

/// Takes `ws://HOST:PORT[/N]` apart.
fn remote(address: &str) -> anyhow::Result<DeviceName> {
    let whole = "a server is written remote:ws://HOST:PORT[/N]";
    let rest = address.strip_prefix("ws://").context(whole)?;
    let (authority, index) = match rest.split_once('/') {
        Some((authority, "")) => (authority, 0),
        Some((authority, index)) => (authority, index.parse().ok().context(whole)?),
        None => (rest, 0),
    };
    let (host, port) = authority.rsplit_once(':').context(whole)?;
    let port: u16 = port.parse().ok().context(whole)?;
    // What comes before an @ is ours, see `remote.rs`.
    if host.is_empty() || host.contains(['@', '?', '#', ' ']) || port == 0 {
        bail!(whole);
    }
    Ok(DeviceName::Remote {
        address: format!("{host}:{port}"),
        index,
    })
}

impl Display for DeviceName {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Flex | Self::NdArray | Self::Wgpu(Adapter::Best) => {
                formatter.write_str(self.feature())
            }
            Self::Wgpu(Adapter::Cpu) => formatter.write_str("wgpu:cpu"),
            Self::Wgpu(Adapter::Integrated) => formatter.write_str("wgpu:integrated"),
            Self::Wgpu(Adapter::Discrete) => formatter.write_str("wgpu:discrete"),
            Self::Wgpu(Adapter::Number(number)) => write!(formatter, "wgpu:{number}"),
            Self::Cuda(index) => write!(formatter, "cuda:{index}"),
            Self::Remote { address, index } => write!(formatter, "remote:ws://{address}/{index}"),
        }
    }
}
