//! A surface like that of a real network: two basins, a ridge between them, a high wall, and two runs.

use hemline_plot::*;

use super::*;

/// The loss at (x, y): 0.4 in the basins round (−6, −2) and (7, 3), above 10 in the corners.
pub(crate) fn loss(x: f64, y: f64) -> f64 {
    let first = ((x + 6.0) / 4.6).powi(2) + ((y + 2.0) / 3.9).powi(2);
    let second = ((x - 7.0) / 5.2).powi(2) + ((y - 3.0) / 4.4).powi(2);
    let nearest = -((-first).exp() + 0.9 * (-second).exp()).ln();
    let ripple = 0.05 * (0.9 * x + 0.4 * y).sin() * (0.8 * y - 0.3 * x).cos();
    0.46 + 0.7 * (nearest + 0.12) + ripple * nearest.clamp(0.0, 1.0)
}

fn axis(low: f64, high: f64, count: usize) -> Vec<f64> {
    (0..count)
        .map(|i| low + (high - low) * i as f64 / (count - 1) as f64)
        .collect()
}

pub(crate) fn landscape_grid(columns: usize, rows: usize) -> SurfaceGrid {
    let (x, y) = (axis(-15.0, 16.0, columns), axis(-10.5, 12.0, rows));
    let z: Vec<f64> = y
        .iter()
        .flat_map(|&y| x.iter().map(move |&x| loss(x, y)))
        .collect();
    SurfaceGrid::new(&x, &y, &z).unwrap()
}

/// A run from `start` into the basin at `end`, with steps that grow smaller.
pub(crate) fn run(
    name: &str,
    start: (f64, f64),
    end: (f64, f64),
    bend: f64,
    seed: u64,
) -> SurfacePath {
    let mut noise = Noise(seed);
    let (mut x, mut y, mut height, mut time) = (vec![], vec![], vec![], vec![]);
    for index in 0..60 {
        let left = (-f64::from(index) / 13.0).exp();
        let side = bend * left * (1.0 - left);
        let jitter = 0.35 * left + 0.06;
        x.push(end.0 + (start.0 - end.0) * left + side + jitter * noise.normal());
        y.push(end.1 + (start.1 - end.1) * left - side + jitter * noise.normal());
        height.push(loss(x[index as usize], y[index as usize]));
        time.push(f64::from(index) * 20.0);
    }
    let distance: Vec<f64> = time
        .iter()
        .map(|t| 0.3 + 1.2 * (-t / 300.0).exp())
        .collect();
    SurfacePath::new(name, &x, &y, &height, &time)
        .unwrap()
        .note("on the surface")
        .column("distance from the plane", &distance)
        .unwrap()
}

pub(crate) fn landscape(columns: usize, rows: usize, height: Axis) -> Surface {
    Surface::new(
        "Loss in the plane of two runs",
        landscape_grid(columns, rows),
    )
    .x(Axis::linear("PC 1 (61 % of the variance)"))
    .y(Axis::linear("PC 2 (17 % of the variance)"))
    .height(height)
    .path(run("seed 1", (-1.5, 9.5), (-6.0, -2.0), 4.0, 5))
    .path(run("seed 2", (2.0, -8.5), (7.0, 3.0), -5.0, 11))
}

pub(crate) fn linear_loss() -> Axis {
    Axis::linear("cross-entropy (nats)")
}

pub(crate) fn log_loss() -> Axis {
    Axis::logarithmic("cross-entropy (nats)")
}

/// A surface that was not measured everywhere: one node diverged, and so did a corner.
pub(crate) fn torn() -> Surface {
    let whole = landscape_grid(40, 32);
    let mut z = whole.z().to_vec();
    z[18 * 40 + 14] = f64::NAN;
    for row in 24..32 {
        for column in 30 + 32 - row..40 {
            z[row * 40 + column] = f64::INFINITY;
        }
    }
    let grid = SurfaceGrid::new(whole.x(), whole.y(), &z).unwrap();
    Surface::new("Nodes without a finite loss", grid)
        .x(Axis::linear("direction 1"))
        .y(Axis::linear("direction 2"))
        .height(log_loss())
        .path(run("run", (-1.5, 9.5), (-6.0, -2.0), 4.0, 5))
}

/// A run whose true losses are a quarter less than those of the plane, as they are where it left the plane.
pub(crate) fn off_the_plane() -> Surface {
    let run = run("", (2.0, -8.5), (7.0, 3.0), -5.0, 11);
    let (x, y, height, time) = run.points();
    let true_loss: Vec<f64> = height.iter().map(|loss| 0.75 * loss).collect();
    let path = SurfacePath::new("seed 2", x, y, &true_loss, time)
        .unwrap()
        .note("at the true loss");
    Surface::new("Off the plane", landscape_grid(50, 50))
        .x(Axis::linear("PC 1"))
        .y(Axis::linear("PC 2"))
        .height(linear_loss())
        .path(path)
}

pub(crate) fn page() -> SurfacePage {
    SurfacePage::new(landscape(50, 50, log_loss()))
        .paragraph(
            "The cross-entropy on 2,500 training images in the plane of the first two principal components \
             of two runs' parameters. Drag to turn it, scroll to come nearer, point at it to read a value.",
        )
        .figure(
            &Figure::new(ContourChart::new(landscape(50, 50, log_loss()))).size(900.0, 560.0),
            "The same as a map.",
        )
        .unwrap()
}

/// Five runs, in three dimensions and as a map beside it.
pub(crate) fn landscape_panels() -> Panels {
    let starts = [(-12.0, 6.0), (12.0, -6.0), (1.0, 10.0)];
    let ends = [(-5.6, -1.6), (6.5, 2.4), (7.3, 3.4)];
    let mut surface = landscape(60, 48, log_loss());
    for (index, (start, end)) in starts.into_iter().zip(ends).enumerate() {
        let name = format!("seed {}", index + 3);
        surface = surface.path(run(&name, start, end, 2.0, 31 + index as u64));
    }
    Panels::columns()
        .panel(1.35, SurfaceChart::new(surface.clone().title("Five runs")))
        .panel(
            1.0,
            ContourChart::new(surface.title("The same as a map")).without_keys(),
        )
}
