//! Shows the cross-entropy as a surface over the two directions in which the parameters moved most.
//!
//!     cargo run --example loss_landscape
//!
//! The story: find the data; take a declared part of the training images; train from two initializations
//! and keep the parameters on the way; find the plane in which they moved most; compute the loss all over
//! it; set both ways on the surface, and say how far from the plane they really are.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/loss_landscape/mod.rs"]
mod parts;

use std::num::NonZeroUsize;
use std::time::Instant;

use anyhow::{Context, ensure};
use clap::Parser;
use hemline_data::TensorSet;
use hemline_landscape::{
    DenseLoss, Landscape, ModuleLoss, Path, PlaneLoss, Surface, SurfaceConfig,
    softmax_cross_entropy,
};
use hemline_models::Mlp;
use hemline_train::{Purpose, generator};
use parts::args::{Args, LossPath};
use parts::charts::Shown;
use parts::planes::Chosen;
use parts::report::{Report, Seconds, distances_between_ends, summaries, table};
use parts::shared_grid::SharedGrid;
use parts::{dense, runs};
use support::args::workers;
use support::data::{self, grouped};
use support::examples::Examples;
use support::progress::GridProgress;
use support::report::{DataReport, write_json};

/// The fast and the plain path must agree within this share of the loss, or of [`FLOOR`] if the loss is less.
const AGREEMENT: f64 = 1e-5;

/// A loss in nats, below which the rounding of logits in f32 is more than any share of the loss.
const FLOOR: f64 = 0.1;

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    args.check()?;
    let mut seconds = Seconds::default();
    let common = &args.common;
    common.check_devices()?;
    let device = common.open_main_device()?;
    let out = common.make_out("loss_landscape")?;
    let (provenance, development, test) = data::load_whole(common)?;
    let available = development.count();
    let subset = args.subset(available);
    let mut chance = generator(common.seed, Purpose::Split, 2);
    let mut indices = rand::seq::index::sample(&mut chance, available, subset).into_vec();
    indices.sort_unstable();
    let images = development.subset(&indices)?;
    write_json(&out.join("subset.json"), &indices)?;

    let config = runs::config(&images, args);
    let seeds: Vec<u64> = (0..args.runs)
        .map(|run| common.seed.wrapping_add(run))
        .collect();
    println!(
        "Training {} on {} of the training images from {} initialization{}:",
        config.describe(),
        grouped(subset),
        seeds.len(),
        if seeds.len() == 1 { "" } else { "s" }
    );
    let clock = Instant::now();
    let examples = Examples::new(&images, &device).with_identity(&provenance.sha256);
    let runs = runs::train(&config, &examples, &seeds)?;
    seconds.training = clock.elapsed().as_secs_f64();

    let clock = Instant::now();
    let tensors = TensorSet::new(&images, &device);
    let chosen = Chosen::new(args.plane, &runs, &tensors, common.seed)?;
    let grid = chosen.grid(&runs, args.grid())?;
    let (nx, ny) = (grid.x().len(), grid.y().len());
    let first = runs.first().context("there is no run")?;
    let layout = first.trajectory.layout();
    write_json(&out.join("layout.json"), layout)?;
    seconds.plane = clock.elapsed().as_secs_f64();
    println!("\nPlane: {}", chosen.describe());

    let clock = Instant::now();
    let identity = format!(
        "cross-entropy of {} on images {} of {}",
        serde_json::to_string(&config.model)?,
        serde_json::to_string(&indices)?,
        provenance.sha256
    );
    let plain = ModuleLoss::new(
        &first.model,
        layout,
        &chosen.plane,
        &identity,
        |model: &Mlp| Ok(examples.evaluate(model)?.cross_entropy),
    )?;
    let pixels = images.images().to_f32();
    let head = softmax_cross_entropy(images.labels());
    let network = dense::network(&first.model, layout)?;
    let fast = DenseLoss::new(&network, layout, &chosen.plane, &pixels, &identity, head)?;
    let loss: &dyn PlaneLoss = match args.path() {
        LossPath::Fast => &fast,
        LossPath::Plain => &plain,
    };
    let cache = out.join("landscape.cache");
    if !common.resume && cache.exists() {
        std::fs::remove_file(&cache)
            .with_context(|| format!("cannot remove {}", cache.display()))?;
    }
    let surface_config = SurfaceConfig {
        workers: NonZeroUsize::new(workers(args.workers)),
        cache: Some(cache),
    };
    let shared = SharedGrid {
        config: &config,
        seed: common.seed,
        layout,
        plane: &chosen.plane,
        identity: &identity,
        patience: args.patience(),
    };
    let devices = SharedGrid::devices(&common.device, &examples);
    let surface = if args.path() == LossPath::Plain && devices.are_a_fleet() {
        let workers = workers(args.workers);
        shared.compute(&devices, workers, &plain, &grid, &surface_config)?
    } else {
        Surface::compute(loss, &grid, &surface_config, &mut GridProgress::new())?
    };
    seconds.grid = clock.elapsed().as_secs_f64();

    let clock = Instant::now();
    let at = |parameters: &[f32]| plain.at(parameters);
    let paths = runs
        .iter()
        .map(|run| Path::measure(&run.trajectory, loss, at, &surface_config))
        .collect::<Result<Vec<Path>, _>>()?;
    let (largest_difference_of_paths, points_compared) = compare(&fast, &plain, &grid, &paths)?;
    ensure!(
        largest_difference_of_paths <= AGREEMENT,
        "the fast and the plain path differ by a share of {largest_difference_of_paths:e}"
    );
    seconds.paths = clock.elapsed().as_secs_f64();
    let (lowest_at, lowest_loss) = surface
        .minimum()
        .context("no loss of the whole grid is finite")?;
    let summaries = summaries(&runs, &paths)?;
    println!(
        "Grid: {nx} × {ny} points in {:.2} s, lowest loss {lowest_loss:.4} at ({:.2}, {:.2}); \
         {points_compared} points by both paths, largest difference {largest_difference_of_paths:.0e} of the loss",
        seconds.grid, lowest_at[0], lowest_at[1]
    );
    println!("\n{}", table(&summaries));

    let clock = Instant::now();
    let landscape = Landscape {
        surface: &surface,
        plane: &chosen.plane,
        explained_variance_ratio: chosen.facts.explained_variance_ratio,
        paths: &paths,
    };
    landscape.save_npz(out.join("landscape.npz"))?;
    landscape.save_vtk(out.join("landscape.vtk"))?;
    let shown = Shown {
        surface: &surface,
        chosen: &chosen,
        paths: &paths,
        height: args.height,
        logarithmic: args.log,
        subset: grouped(subset),
    };
    let pictures = shown.save(&out)?;
    seconds.pictures = clock.elapsed().as_secs_f64();
    seconds.total = started.elapsed().as_secs_f64();
    let report = Report {
        data: DataReport {
            provenance,
            train: available,
            validation: 0,
            test: test.count(),
        },
        device: common.device_names(),
        seed: common.seed,
        config: &config,
        parameters: layout.dimension(),
        subset,
        plane: &chosen.facts,
        grid: [nx, ny],
        height: args.height,
        path: args.path(),
        largest_difference_of_paths,
        points_compared,
        lowest_loss,
        lowest_at,
        gaps: surface.loss.iter().filter(|loss| !loss.is_finite()).count(),
        runs: &summaries,
        distances_between_ends: distances_between_ends(&runs)?,
        cached_rows: surface.cached_rows,
        seconds,
    };
    write_json(&out.join("report.json"), &report)?;
    println!(
        "Wrote {}, landscape.npz, landscape.vtk, layout.json, subset.json and report.json to {} ({:.1} s)",
        pictures.join(", "),
        out.display(),
        seconds.total
    );
    Ok(())
}

/// The largest relative difference of the two paths at the corners of the grid and along the runs, and at
/// how many points.
fn compare(
    fast: &dyn PlaneLoss,
    plain: &dyn PlaneLoss,
    grid: &hemline_landscape::Grid,
    paths: &[Path],
) -> anyhow::Result<(f64, usize)> {
    let ends = |axis: &[f64]| [axis[0], axis[axis.len() - 1]];
    let mut points: Vec<[f64; 2]> = Vec::new();
    for y in ends(grid.y()) {
        points.extend(ends(grid.x()).map(|x| [x, y]));
    }
    for path in paths {
        points.extend(path.points.iter().step_by(6));
    }
    let (fast, plain) = (fast.losses(&points)?, plain.losses(&points)?);
    let differences = fast.iter().zip(&plain).map(|(fast, plain)| {
        if fast == plain || (fast.is_nan() && plain.is_nan()) {
            0.0
        } else {
            (fast - plain).abs() / plain.max(FLOOR)
        }
    });
    // A NaN on one side only is the largest difference there is.
    let largest = differences.fold(0.0, |largest: f64, d| {
        if d.is_nan() {
            f64::INFINITY
        } else {
            largest.max(d)
        }
    });
    Ok((largest, points.len()))
}
