//! A surface laid out between its axes: every coordinate a fraction of its axis, from 0 to 1.

use crate::axis::{Axis, FittedAxis};
use crate::error::PlotError;
use crate::extent::Extent;
use crate::surface::definition::Surface;

/// Rounding may put the ends of an axis this far outside.
const ROUNDING: f64 = 1e-9;

/// A point of a path as fractions of the axes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct PathPoint {
    pub(crate) x: f64,
    pub(crate) y: f64,
    /// NaN where the height axis does not show it.
    pub(crate) height: f64,
    pub(crate) time: f64,
}

impl PathPoint {
    /// The point at the share `t` of the way to `other`.
    pub(crate) fn toward(&self, other: &Self, t: f64) -> Self {
        let mix = |a: f64, b: f64| a + (b - a) * t;
        Self {
            x: mix(self.x, other.x),
            y: mix(self.y, other.y),
            height: mix(self.height, other.height),
            time: mix(self.time, other.time),
        }
    }
}

/// The nodes of a grid as fractions of the axes; columns and rows ascend.
#[derive(Clone, Debug)]
pub(crate) struct FittedGrid {
    pub(crate) columns: Vec<f64>,
    pub(crate) rows: Vec<f64>,
    /// Row by row; `None` is a gap.
    pub(crate) heights: Vec<Option<f64>>,
}

impl FittedGrid {
    pub(crate) fn node(&self, column: usize, row: usize) -> Option<f64> {
        self.heights[row * self.columns.len() + column]
    }

    /// The heights at the corners of a cell: at (column, row), to the right, diagonally, above.
    pub(crate) fn cell(&self, column: usize, row: usize) -> Option<[f64; 4]> {
        Some([
            self.node(column, row)?,
            self.node(column + 1, row)?,
            self.node(column + 1, row + 1)?,
            self.node(column, row + 1)?,
        ])
    }

    /// The cell that holds (x, y), and where in it the point lies; `None` outside the grid.
    pub(crate) fn locate(&self, x: f64, y: f64) -> Option<((usize, f64), (usize, f64))> {
        Some((locate(&self.columns, x)?, locate(&self.rows, y)?))
    }

    /// The same grid with at most `most` cells along each side, its ends kept.
    pub(crate) fn thinned(self, most: usize) -> Self {
        let (columns, rows) = (kept(self.columns.len(), most), kept(self.rows.len(), most));
        if columns.len() == self.columns.len() && rows.len() == self.rows.len() {
            return self;
        }
        Self {
            heights: rows
                .iter()
                .flat_map(|&row| columns.iter().map(move |&column| (column, row)))
                .map(|(column, row)| self.node(column, row))
                .collect(),
            columns: columns
                .into_iter()
                .map(|index| self.columns[index])
                .collect(),
            rows: rows.into_iter().map(|index| self.rows[index]).collect(),
        }
    }
}

/// Bilinear interpolation between the corners of a cell.
pub(crate) fn bilinear([a, b, c, d]: [f64; 4], s: f64, t: f64) -> f64 {
    (a * (1.0 - s) + b * s) * (1.0 - t) + (d * (1.0 - s) + c * s) * t
}

fn locate(nodes: &[f64], value: f64) -> Option<(usize, f64)> {
    if !(nodes[0]..=nodes[nodes.len() - 1]).contains(&value) {
        return None;
    }
    let cell = nodes[1..nodes.len() - 1].partition_point(|&node| node <= value);
    Some((
        cell,
        (value - nodes[cell]) / (nodes[cell + 1] - nodes[cell]),
    ))
}

/// Evenly spaced indices of `nodes` nodes, at most `most` + 1, the first and the last among them.
pub(crate) fn kept(nodes: usize, most: usize) -> Vec<usize> {
    let cells = (nodes - 1).min(most);
    (0..=cells)
        .map(|index| index * (nodes - 1) / cells)
        .collect()
}

/// A surface whose axes are fitted.
#[derive(Clone, Debug)]
pub(crate) struct FittedSurface {
    pub(crate) x: FittedAxis,
    pub(crate) y: FittedAxis,
    pub(crate) height: FittedAxis,
    /// `None` without paths.
    pub(crate) time: Option<FittedAxis>,
    pub(crate) grid: FittedGrid,
    /// `None` is a gap.
    pub(crate) paths: Vec<Vec<Option<PathPoint>>>,
}

impl FittedSurface {
    pub(crate) fn new(surface: &Surface) -> Result<Self, PlotError> {
        let (grid, title) = (&surface.grid, &surface.title);
        let fit = |axis: &Axis, extent: &Extent| axis.clone().tight().fit(extent, title);
        let x = fit(&surface.x, &Extent::of(grid.x().iter().copied()))?;
        let y = fit(&surface.y, &Extent::of(grid.y().iter().copied()))?;
        let mut heights = Extent::of(grid.z().iter().copied());
        let mut times = Extent::default();
        for path in &surface.paths {
            heights.include(path.height.iter().copied());
            times.include(path.time.iter().copied());
        }
        let height = fit(&surface.height, &heights)?;
        let time = match surface.paths.as_slice() {
            [] => None,
            _ => Some(fit(&surface.time, &times)?),
        };
        let columns = places(&x, grid.x(), title)?;
        let rows = places(&y, grid.y(), title)?;
        let at = |row: usize, column: usize| grid.z()[row * grid.x().len() + column];
        let fitted = FittedGrid {
            heights: rows
                .iter()
                .flat_map(|&(row, _)| columns.iter().map(move |&(column, _)| (row, column)))
                .map(|(row, column)| inside(&height, at(row, column)))
                .collect(),
            columns: columns.into_iter().map(|(_, place)| place).collect(),
            rows: rows.into_iter().map(|(_, place)| place).collect(),
        };
        let mut paths = Vec::with_capacity(surface.paths.len());
        for path in &surface.paths {
            let point = |index: usize| {
                Some(PathPoint {
                    x: inside(&x, path.x[index])?,
                    y: inside(&y, path.y[index])?,
                    height: inside(&height, path.height[index]).unwrap_or(f64::NAN),
                    time: inside(time.as_ref()?, path.time[index])?,
                })
            };
            paths.push((0..path.x.len()).map(point).collect());
        }
        Ok(Self {
            x,
            y,
            height,
            time,
            grid: fitted,
            paths,
        })
    }
}

/// Where `value` lies on `axis`; `None` outside its range.
fn inside(axis: &FittedAxis, value: f64) -> Option<f64> {
    let fraction = axis.fraction(value)?;
    (-ROUNDING..=1.0 + ROUNDING)
        .contains(&fraction)
        .then(|| fraction.clamp(0.0, 1.0))
}

/// The indices of the coordinates that the axis shows, and where they lie, ascending.
fn places(axis: &FittedAxis, values: &[f64], title: &str) -> Result<Vec<(usize, f64)>, PlotError> {
    let mut places: Vec<(usize, f64)> = values
        .iter()
        .enumerate()
        .filter_map(|(index, &value)| Some((index, inside(axis, value)?)))
        .collect();
    places.sort_by(|a, b| a.1.total_cmp(&b.1));
    // Coordinates that rounding makes one are one.
    places.dedup_by(|a, b| a.1 <= b.1);
    if places.len() < 2 {
        return Err(PlotError::NothingFinite {
            what: format!("the grid of {title:?}"),
            axis: format!("the axis {:?}", axis.label),
        });
    }
    Ok(places)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_are_found_in_their_cells() {
        let nodes = [0.0, 0.25, 0.5, 1.0];
        assert_eq!(locate(&nodes, 0.0), Some((0, 0.0)));
        assert_eq!(locate(&nodes, 0.375), Some((1, 0.5)));
        assert_eq!(locate(&nodes, 1.0), Some((2, 1.0)));
        assert_eq!(locate(&nodes, 1.1), None);
        assert_eq!(bilinear([0.0, 1.0, 3.0, 2.0], 0.5, 0.25), 1.0);
    }

    #[test]
    fn thinning_keeps_the_ends() {
        assert_eq!(kept(5, 100), [0, 1, 2, 3, 4]);
        assert_eq!(kept(201, 3), [0, 66, 133, 200]);
    }
}
