//! The colours of paths: a hue for each run, and a shade for the time.

use crate::color::Color;
use crate::marker::Marker;

/// The pale end of a scale is left out: it would be lost in the light margin of a path.
const PALEST: f64 = 0.42;

/// How many runs have a hue of their own.
pub(crate) const HUES: usize = 6;

/// ColorBrewer's sequential scales whose hues stand apart from each other, and from Viridis, whose own hues
/// run from violet over green to yellow.
const SCALES: [colorous::Gradient; HUES] = [
    colorous::ORANGE_RED,
    colorous::BLUES,
    colorous::RED_PURPLE,
    colorous::GREYS,
    colorous::YELLOW_ORANGE_BROWN,
    colorous::GREENS,
];

/// The colour of the run `run` at the share `t` ∈ [0, 1] of the time.
pub(crate) fn at(run: usize, t: f64) -> Color {
    let t = if t.is_nan() { 0.5 } else { t.clamp(0.0, 1.0) };
    let color = SCALES[run % HUES].eval_continuous(PALEST + (1.0 - PALEST) * t);
    Color {
        red: color.r,
        green: color.g,
        blue: color.b,
        alpha: 1.0,
    }
}

/// The colour that stands for the whole run.
pub(crate) fn of_run(run: usize) -> Color {
    at(run, 0.6)
}

/// The shapes of a path's points, of its first and of its last one.
pub(crate) const DOT_SHAPE: Marker = Marker::Circle;
pub(crate) const START: Marker = Marker::Square;
pub(crate) const END: Marker = Marker::Star;
