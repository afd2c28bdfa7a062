//! `report.json` and the lines that the example prints.

use hemline_landscape::Path;
use serde::Serialize;

use super::args::{Height, LossPath};
use super::planes::PlaneFacts;
use super::runs::{Run, RunSummary};
use crate::support::classifier::ClassifierConfig;
use crate::support::report::DataReport;
use crate::support::table::Table;

/// `report.json`.
#[derive(Debug, Serialize)]
pub(crate) struct Report<'a> {
    pub(crate) data: DataReport,
    pub(crate) device: String,
    pub(crate) seed: u64,
    pub(crate) config: &'a ClassifierConfig,
    pub(crate) parameters: usize,
    /// The number of training examples that the loss is the mean over.
    pub(crate) subset: usize,
    pub(crate) plane: &'a PlaneFacts,
    /// Points along x and y.
    pub(crate) grid: [usize; 2],
    pub(crate) height: Height,
    pub(crate) path: LossPath,
    /// The largest relative difference between the fast and the plain path, where both were computed.
    pub(crate) largest_difference_of_paths: f64,
    pub(crate) points_compared: usize,
    pub(crate) lowest_loss: f64,
    pub(crate) lowest_at: [f64; 2],
    pub(crate) gaps: usize,
    pub(crate) runs: &'a [RunSummary],
    /// The distances between the ends of the runs, row-major.
    pub(crate) distances_between_ends: Vec<f64>,
    pub(crate) cached_rows: usize,
    pub(crate) seconds: Seconds,
}

/// Where the time went.
#[derive(Clone, Copy, Debug, Default, Serialize)]
pub(crate) struct Seconds {
    pub(crate) training: f64,
    pub(crate) plane: f64,
    pub(crate) grid: f64,
    pub(crate) paths: f64,
    pub(crate) pictures: f64,
    pub(crate) total: f64,
}

/// What each run came to.
pub(crate) fn summaries(runs: &[Run], paths: &[Path]) -> anyhow::Result<Vec<RunSummary>> {
    let summary = |(run, path): (&Run, &Path)| {
        let last = path.loss.len() - 1;
        let trajectory = &run.trajectory;
        Ok(RunSummary {
            seed: run.seed,
            iterations: path.iterations[last],
            snapshots: path.loss.len(),
            first_loss: path.loss[0],
            last_loss: path.loss[last],
            moved: distance(&trajectory.snapshot(0)?, &trajectory.snapshot(last)?),
            farthest_from_plane: path.distance.iter().copied().fold(0.0, f64::max),
        })
    };
    runs.iter().zip(paths).map(summary).collect()
}

/// The distances between the ends of all runs, row-major.
pub(crate) fn distances_between_ends(runs: &[Run]) -> anyhow::Result<Vec<f64>> {
    let ends = runs
        .iter()
        .map(|run| run.trajectory.snapshot(run.trajectory.len() - 1))
        .collect::<Result<Vec<_>, _>>()?;
    let row = |a: &Vec<f32>| ends.iter().map(|b| distance(a, b)).collect::<Vec<_>>();
    Ok(ends.iter().flat_map(row).collect())
}

fn distance(a: &[f32], b: &[f32]) -> f64 {
    let squares = a.iter().zip(b).map(|(&a, &b)| f64::from(a - b).powi(2));
    squares.sum::<f64>().sqrt()
}

/// The runs as a person reads them.
pub(crate) fn table(summaries: &[RunSummary]) -> Table {
    let header = [
        "run",
        "iterations",
        "loss at the start",
        "loss at the end",
        "moved",
        "farthest from the plane",
    ];
    let mut table = Table::new(1, header);
    for run in summaries {
        table.push([
            format!("seed {}", run.seed),
            run.iterations.to_string(),
            format!("{:.4}", run.first_loss),
            format!("{:.4}", run.last_loss),
            format!("{:.2}", run.moved),
            format!("{:.2}", run.farthest_from_plane),
        ]);
    }
    table
}
