//! The flags of the example `loss_landscape`.

use std::time::Duration;

use anyhow::ensure;
use clap::{Parser, ValueEnum};
use hemline_train::fleet::Patience;
use serde::Serialize;

use crate::support::args::CommonArgs;

/// Shows the cross-entropy as a surface over the plane that training moved in
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    /// The training examples that everything is computed on; 0 for all [default: 2500; with --quick 500]
    #[arg(long, value_name = "N")]
    subset: Option<usize>,

    /// Trainings from different initial weights, shown in one plane
    #[arg(long, value_name = "N", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=8))]
    pub(crate) runs: u64,

    /// Passes of each training over the subset [default: 30; with --quick 6]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    epochs: Option<u64>,

    /// Widths of the hidden layers
    #[arg(
        long,
        value_name = "WIDTHS",
        value_delimiter = ',',
        default_value = "50,50,50"
    )]
    pub(crate) hidden: Vec<usize>,

    /// Points along each side of the grid [default: 50; with --quick 15]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(2..=1000))]
    grid: Option<u64>,

    /// The directions of the plane
    #[arg(long, value_name = "NAME", value_enum, default_value_t = PlaneName::Pca)]
    pub(crate) plane: PlaneName,

    /// Shows the loss on a logarithmic scale
    #[arg(long)]
    pub(crate) log: bool,

    /// How high the points of a training are drawn
    #[arg(long, value_name = "NAME", value_enum, default_value_t = Height::True)]
    pub(crate) height: Height,

    /// How the loss on the grid is computed [default: fast; plain on several devices]
    #[arg(long, value_name = "NAME", value_enum)]
    path: Option<LossPath>,

    /// Threads that compute the grid, or rows at a time on each of several devices; the results do not
    /// depend on it [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub(crate) workers: Option<u64>,

    /// The seconds that a row of the grid may take on one of several devices before it is begun anew, once;
    /// leave it far above what a row needs [default: any number]
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    deadline: Option<u64>,
}

/// The planes that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum PlaneName {
    /// The two principal components of all snapshots of all runs
    Pca,
    /// Two random directions from the end of the first run, scaled filter by filter (Li et al., 2018)
    Random,
    /// The two directions in which the loss curves most at the end of the first run
    Hessian,
    /// The straight line from the end of the first run to that of the second
    Line,
}

/// A point of a trajectory does not lie in the plane, so its height is a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Height {
    /// At the loss of its true parameters, above or below the surface
    True,
    /// On the surface, at the loss of its projection
    Surface,
}

/// Both lead to the same numbers but for rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum LossPath {
    /// On the host, the first layer once for the whole plane
    Fast,
    /// By the module, on the device, all layers at each point
    Plain,
}

impl Args {
    /// Refuses flags that do not go together, before anything is computed.
    pub(crate) fn check(&self) -> anyhow::Result<()> {
        ensure!(
            self.plane != PlaneName::Line || self.runs > 1,
            "--plane line needs two runs: give --runs 2"
        );
        ensure!(
            !self.hidden.contains(&0),
            "--hidden must be widths of at least 1, found 0"
        );
        ensure!(
            self.path != Some(LossPath::Fast) || self.common.device.len() == 1,
            "--path fast computes on the host alone, and --device names {}: leave one of them out",
            self.common.device.len()
        );
        Ok(())
    }

    /// What rows on several devices are waited for.
    pub(crate) fn patience(&self) -> Patience {
        Patience {
            deadline: self.deadline.map(Duration::from_secs),
            ..Patience::default()
        }
    }

    /// The number of examples in the subset, out of `available`.
    pub(crate) fn subset(&self, available: usize) -> usize {
        match self.subset {
            Some(0) => available,
            Some(subset) => subset.min(available),
            None => available.min(if self.common.quick { 500 } else { 2_500 }),
        }
    }

    pub(crate) fn path(&self) -> LossPath {
        let one = self.common.device.len() == 1;
        self.path
            .unwrap_or(if one { LossPath::Fast } else { LossPath::Plain })
    }

    pub(crate) fn epochs(&self) -> usize {
        let default = if self.common.quick { 6 } else { 30 };
        self.epochs.map_or(default, as_usize)
    }

    pub(crate) fn grid(&self) -> usize {
        let default = if self.common.quick { 15 } else { 50 };
        self.grid.map_or(default, as_usize)
    }
}

fn as_usize(number: u64) -> usize {
    usize::try_from(number).unwrap_or(usize::MAX)
}
