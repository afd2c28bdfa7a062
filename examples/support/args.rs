//! The flags that every example has.

use std::num::NonZero;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use burn::tensor::Device;
use hemline_data::Source;

use super::device;
use super::learner::StepChoice;

/// Where data come from, where results go, and on what to compute.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct CommonArgs {
    /// `auto` looks for Fashion-MNIST and draws a synthetic set where there is none; `synthetic`; or
    /// a folder with .npy or IDX files
    #[arg(long, value_name = "auto|synthetic|PATH", default_value = "auto")]
    pub(crate) data: Source,

    /// What to compute on: flex, ndarray, wgpu[:cpu|:integrated|:discrete|:N], cuda[:N] or
    /// remote:ws://HOST:PORT[/N], as far as the build has them: `--example devices` lists them. A search
    /// and the grid of a landscape are shared between several: give --device once for each
    #[arg(long, value_name = "NAME", default_value = "flex")]
    pub(crate) device: Vec<String>,

    /// How a training step is computed: `auto` takes the fast step of the host where it can, and the
    /// report says which was taken
    #[arg(long, value_name = "auto|autodiff", value_enum, default_value_t = StepChoice::Auto)]
    pub(crate) step: StepChoice,

    /// The seed that every random number of the run follows from
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub(crate) seed: u64,

    /// The folder for everything the run writes [default: runs/<name of the example>]
    #[arg(long, value_name = "DIR")]
    pub(crate) out: Option<PathBuf>,

    /// Go on where an interrupted run with the same settings stopped
    #[arg(long)]
    pub(crate) resume: bool,

    /// A run of seconds on a part of the data, to see that everything works
    #[arg(long)]
    pub(crate) quick: bool,
}

impl CommonArgs {
    /// Refuses devices that this build or this machine does not have.
    pub(crate) fn check_devices(&self) -> anyhow::Result<()> {
        device::check(&self.device)
    }

    /// Opens the device for the parts of an example that are not shared between all: the first that is not
    /// lost on the way, or else the first.
    pub(crate) fn open_main_device(&self) -> anyhow::Result<Device> {
        let steady = self.device.iter().find(|name| !device::can_be_lost(name));
        let name = steady.or(self.device.first());
        device::open(name.context("--device names none")?)
    }

    /// Opens the device, for an example that computes on one.
    pub(crate) fn open_device(&self) -> anyhow::Result<Device> {
        match self.device.as_slice() {
            [name] => device::open(name),
            names => bail!(
                "this example computes on one device, and --device names {}",
                names.len()
            ),
        }
    }

    /// The names of the devices, for a report.
    pub(crate) fn device_names(&self) -> String {
        self.device.join(", ")
    }

    /// Makes the folder for the results and returns its path.
    pub(crate) fn make_out(&self, example: &str) -> anyhow::Result<PathBuf> {
        let out = self
            .out
            .clone()
            .unwrap_or_else(|| Path::new("runs").join(example));
        std::fs::create_dir_all(&out)
            .with_context(|| format!("cannot make the folder {}", out.display()))?;
        Ok(out)
    }
}

/// The number of threads that a flag asks for, or one for each core.
pub(crate) fn workers(flag: Option<u64>) -> usize {
    flag.map_or_else(cores, |workers| {
        usize::try_from(workers).unwrap_or(usize::MAX)
    })
}

/// The cores of this machine.
pub(crate) fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, NonZero::get)
}
