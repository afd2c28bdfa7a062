//! How long a device takes for a step of a small network.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use anyhow::{Context, anyhow};
use clap::Parser;
use hemline_train::panic_message;

use crate::support::device;
use crate::support::learner::StepName;
use crate::throughput::args::Args;
use crate::throughput::workload;

/// What is trained, in the flags of the example `throughput`: 784-50-50-50-10 by gradient descent, 50
/// minibatches of 64 synthetic images, three times.
const WORKLOAD: [&str; 9] = [
    "throughput",
    "--data",
    "synthetic",
    "--images",
    "3200",
    "--batch",
    "64",
    "--epochs",
    "3",
];

/// How long steps took.
#[derive(Clone, Debug)]
pub(crate) struct StepTimes {
    pub(crate) step: StepName,
    /// With everything that is made or compiled once.
    pub(crate) first: Duration,
    /// The median of those after the first.
    pub(crate) median: Duration,
    /// What the maker calls the processor, where the device knows.
    pub(crate) part: Option<String>,
}

/// Trains on the device called `name` by burn's differentiation, or by the fast step of the host.
pub(crate) fn measure(name: &str, path: &str) -> anyhow::Result<StepTimes> {
    let flags = ["--device", name, "--path", path];
    let args = Args::try_parse_from(WORKLOAD.into_iter().chain(flags))?;
    let common = args.common();
    let device = device::open(name)?;
    let images = workload::images(&args, &common)?;
    // A device that fails in the middle of a step panics within burn.
    let trained = catch_unwind(AssertUnwindSafe(|| {
        workload::train(&args, &common, &images, &device)
    }));
    let measured = trained.map_err(|panic| anyhow!(panic_message(&*panic).to_owned()))??;
    let (first, rest) = measured.steps.split_first().context("no step was taken")?;
    let mut rest = rest.to_vec();
    rest.sort_unstable();
    Ok(StepTimes {
        step: measured.step,
        first: *first,
        median: *rest.get(rest.len() / 2).unwrap_or(first),
        part: device::part(&device),
    })
}
