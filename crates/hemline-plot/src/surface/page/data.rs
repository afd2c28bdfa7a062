//! What the page's script is given: the numbers, as JSON.

use serde_json::{Value, json};

use crate::axis::{Axis, FittedAxis, Scale};
use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::number;
use crate::surface::definition::Surface;
use crate::surface::fitted::{FittedSurface, kept};
use crate::surface::outlook;
use crate::surface::run_color;
use crate::theme::Theme;

/// Grids are thinned to this many cells along each side.
const MOST_CELLS: usize = 256;

/// Colours that stand for a scale, which the script interpolates between.
const STOPS: usize = 33;

/// About so many ticks has the height axis.
const TICKS: usize = 8;

/// Values are rounded to so many significant digits: more than the page shows.
const DIGITS: usize = 8;

/// Everything that the script is given.
#[derive(Debug)]
pub(crate) struct PageData {
    json: Value,
    times: Option<(f64, f64)>,
    /// Whether the values are laid out logarithmically at first.
    pub(crate) starts_log: bool,
    can_be_log: bool,
}

impl PageData {
    pub(crate) fn new(surface: &Surface, fitted: &FittedSurface) -> Result<Self, PlotError> {
        let grid = &surface.grid;
        let shown = |axis: &Axis, values: &[f64]| {
            let inside: Vec<usize> = (0..values.len())
                .filter(|&i| axis.holds(values[i]))
                .collect();
            let indices = kept(inside.len(), MOST_CELLS)
                .into_iter()
                .map(|index| inside[index]);
            indices.collect::<Vec<usize>>()
        };
        let (columns, rows) = (shown(&surface.x, grid.x()), shown(&surface.y, grid.y()));
        let height = |value: f64| number_or_null(value, surface.height.holds(value));
        let row = |&row: &usize| -> Value {
            let at = |&column: &usize| height(grid.z()[row * grid.x().len() + column]);
            columns.iter().map(at).collect()
        };
        let z: Value = rows.iter().map(row).collect();
        let heights = surface.paths.iter().flat_map(|path| path.height.iter());
        let extent = Extent::of(
            grid.z()
                .iter()
                .chain(heights)
                .copied()
                .filter(|&value| surface.height.holds(value)),
        );
        let scale = |axis: Axis| {
            axis.tight()
                .fit(&extent, &surface.title)
                .map(|axis| laid_out(&axis))
        };
        let log = scale(Axis::logarithmic("")).ok();
        let is_log = surface.height.scale == Scale::Logarithmic;
        let theme = Theme::default();
        let paths: Vec<Value> = surface
            .paths
            .iter()
            .enumerate()
            .map(|(run, path)| {
                let there = |values: &[f64], axis: &Axis| -> Value {
                    values
                        .iter()
                        .map(|&value| number_or_null(value, axis.holds(value)))
                        .collect()
                };
                let plain = |values: &[f64]| -> Value {
                    values
                        .iter()
                        .map(|&value| number_or_null(value, true))
                        .collect()
                };
                let columns = path
                    .columns
                    .iter()
                    .map(|(name, values)| json!({ "name": name, "values": plain(values) }));
                json!({
                    "label": path.label(),
                    "color": css(run_color::of_run(run)),
                    "colors": stops(|t| run_color::at(run, t)),
                    "x": there(&path.x, &surface.x),
                    "y": there(&path.y, &surface.y),
                    "height": there(&path.height, &surface.height),
                    "time": plain(&path.time),
                    "columns": columns.collect::<Vec<Value>>(),
                })
            })
            .collect();
        let times = fitted.time.as_ref().map(FittedAxis::ends);
        let (azimuth, elevation) = outlook::choose(fitted);
        let json = json!({
            "x": coordinates(grid.x(), &columns),
            "y": coordinates(grid.y(), &rows),
            "z": z,
            "axes": { "x": axis(&surface.x), "y": axis(&surface.y) },
            "height": surface.height.label,
            "time": surface.time.label,
            "times": times.map(|(first, last)| [first, last]),
            "linear": scale(Axis::linear(""))?,
            "log": log,
            "colors": stops(|t| theme.color_map.at(t)),
            "view": [azimuth, elevation],
            "paths": paths,
        });
        Ok(Self {
            json,
            times,
            starts_log: is_log,
            can_be_log: log.is_some(),
        })
    }

    pub(crate) fn to_json(&self) -> String {
        self.json.to_string()
    }

    /// Whether there is anything to see on a logarithmic axis.
    pub(crate) fn can_be_log(&self) -> bool {
        self.can_be_log
    }

    /// The first and the last time, as text.
    pub(crate) fn first_and_last(&self) -> Option<(String, String)> {
        self.times
            .map(|(first, last)| (number::short(first), number::short(last)))
    }
}

/// A colour as style sheets write it.
pub(crate) fn css(color: Color) -> String {
    let [red, green, blue] = color.rgb();
    format!("rgb({red},{green},{blue})")
}

fn stops(color: impl Fn(f64) -> Color) -> Vec<(f64, String)> {
    let share = |index: usize| index as f64 / (STOPS - 1) as f64;
    (0..STOPS)
        .map(|index| (share(index), css(color(share(index)))))
        .collect()
}

fn number_or_null(value: f64, is_shown: bool) -> Value {
    // Non-finite numbers have no JSON, and become null as well.
    if is_shown {
        json!(rounded(value))
    } else {
        Value::Null
    }
}

fn rounded(value: f64) -> f64 {
    format!("{value:.*e}", DIGITS - 1).parse().unwrap_or(value)
}

fn coordinates(values: &[f64], indices: &[usize]) -> Vec<f64> {
    indices.iter().map(|&index| values[index]).collect()
}

/// What plotly must know of the x or y axis.
fn axis(axis: &Axis) -> Value {
    let kind = match axis.scale {
        Scale::Logarithmic => "log",
        Scale::Linear | Scale::Categories(_) => "linear",
    };
    let mut more = json!({ "type": kind });
    if axis.reversed {
        more["autorange"] = json!("reversed");
    }
    if let Scale::Categories(names) = &axis.scale {
        more["tickvals"] = json!((0..names.len()).collect::<Vec<usize>>());
        more["ticktext"] = json!(names);
    }
    json!({ "label": axis.label, "more": more })
}

/// The range of the height axis, and its ticks with their labels.
fn laid_out(axis: &FittedAxis) -> Value {
    let (low, high) = axis.ends();
    let ticks = axis.ticks(TICKS).major.into_iter();
    let ticks: Vec<(f64, String)> = ticks.map(|tick| (tick.value, tick.label)).collect();
    json!({ "range": [low, high], "ticks": ticks })
}
