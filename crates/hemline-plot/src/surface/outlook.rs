//! From where the paths over a surface are seen best.

use crate::geometry::Rect;
use crate::surface::fitted::FittedSurface;
use crate::surface::projection::{Projection, View};
use crate::surface::tour;

/// Where the viewer may stand unless that is set, in degrees: the first of these that shows the paths well.
const ELEVATIONS: [f64; 3] = [36.0, 47.0, 58.0];
const AZIMUTHS: [f64; 4] = [-55.0, -125.0, 35.0, 125.0];

/// A view is good enough where no other shows this share more of the paths.
const AS_GOOD: f64 = 0.04;

/// The azimuth and the elevation, in degrees.
pub(crate) fn choose(surface: &FittedSurface) -> (f64, f64) {
    let angles: Vec<(f64, f64)> = ELEVATIONS
        .iter()
        .flat_map(|&elevation| AZIMUTHS.map(|azimuth| (azimuth, elevation)))
        .collect();
    let shares = angles.iter().map(|&(azimuth, elevation)| {
        let view = View::of_degrees(azimuth, elevation);
        let projection = Projection::fill(view, Rect::new(0.0, 0.0, 1.0, 1.0));
        tour::seen_share(&surface.grid, &projection, &surface.paths)
    });
    let seen: Vec<f64> = shares.collect();
    let best = seen.iter().copied().fold(0.0, f64::max);
    let first = seen.iter().position(|&share| share >= best - AS_GOOD);
    angles[first.unwrap_or(0)]
}
