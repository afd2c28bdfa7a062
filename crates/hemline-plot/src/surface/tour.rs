//! A path in three dimensions: cut into short pieces, of which those that the surface hides are left out.

use crate::color::Color;
use crate::geometry::Point;
use crate::marker::Marker;
use crate::surface::fitted::{FittedGrid, PathPoint, bilinear};
use crate::surface::items::{Item, Shape};
use crate::surface::projection::Projection;
use crate::surface::route::{
    self, DOT, DOT_MARGIN, END_MARK, MARGIN, MOST_DOTS, MOST_POINTS, PIECE,
};
use crate::surface::run_color;
use crate::theme::Theme;

/// What lies less than this share of the box's height under the surface counts as on it, and so does
/// what lies less than that share of the height of its cell: the surface between its nodes is not known.
const LEVEL: f64 = 0.012;
const LEVEL_OF_CELL: f64 = 0.3;

/// How far the colour of a hidden part is from its own to that of the ground.
const TRACE_PALENESS: f64 = 0.4;

/// Where things lie that belong to a path, in pieces towards the viewer: the margin of one piece behind
/// the lines of its neighbours, a mark before the pieces that it reaches over.
#[derive(Clone, Copy)]
enum Layer {
    Margin = 0,
    Line = 2,
    Dot = 3,
    End = 5,
}

/// Draws paths over one surface.
pub(crate) struct Tour<'a> {
    pub(crate) grid: &'a FittedGrid,
    pub(crate) projection: &'a Projection,
    pub(crate) theme: &'a Theme,
    /// The number of all paths, which share the pieces.
    pub(crate) paths: usize,
    /// Whether what the surface hides is drawn as well, faintly and over everything.
    pub(crate) traces: bool,
}

impl Tour<'_> {
    /// Pushes what is seen of the path of the run `run`.
    pub(crate) fn push(&self, items: &mut Vec<Item>, run: usize, path: &[Option<PathPoint>]) {
        // A point without a height is on no place in the box.
        let path: Vec<_> = path
            .iter()
            .map(|point| point.filter(|point| point.height.is_finite()))
            .collect();
        let points = route::thinned(&path, MOST_POINTS);
        let width = self.theme.line_width;
        for [from, to] in route::pieces(&points, self.paths, |point| self.place(point)) {
            let middle = from.toward(&to, 0.5);
            let ends = [self.place(&from), self.place(&to)];
            if !self.is_seen(&middle) {
                self.push_trace(items, ends, run_color::at(run, middle.time));
                continue;
            }
            for (layer, color, width) in [
                (Layer::Margin, self.theme.background, width + 2.0 * MARGIN),
                (Layer::Line, run_color::at(run, middle.time), width),
            ] {
                items.push(Item {
                    nearness: self.nearness(&middle, layer),
                    shape: Shape::Line { ends, color, width },
                });
            }
        }
        let radius = self.theme.marker_radius;
        for point in route::thinned(&path, MOST_DOTS).into_iter().flatten() {
            self.push_mark(
                items,
                &point,
                Layer::Dot,
                run_color::DOT_SHAPE,
                radius * DOT,
                run_color::at(run, point.time),
            );
        }
        for (point, marker) in route::ends(&path)
            .into_iter()
            .zip([run_color::START, run_color::END])
        {
            if let Some(point) = point {
                let color = run_color::of_run(run);
                self.push_mark(items, &point, Layer::End, marker, radius * END_MARK, color);
            }
        }
    }

    /// A hidden piece as a dot or two of a dotted line.
    fn push_trace(&self, items: &mut Vec<Item>, [from, to]: [Point; 2], color: Color) {
        if self.traces {
            let half = |a: f64, b: f64| a + 0.55 * (b - a);
            items.push(Item {
                nearness: f64::INFINITY,
                shape: Shape::Line {
                    ends: [from, (half(from.0, to.0), half(from.1, to.1))],
                    color: color.mix(self.theme.background, TRACE_PALENESS),
                    width: self.theme.line_width * 0.7,
                },
            });
        }
    }

    fn push_mark(
        &self,
        items: &mut Vec<Item>,
        point: &PathPoint,
        layer: Layer,
        marker: Marker,
        radius: f64,
        color: Color,
    ) {
        let is_end = matches!(layer, Layer::End);
        let seen = self.is_seen(point);
        if seen || (is_end && self.traces) {
            let pale = |color: Color| color.mix(self.theme.background, TRACE_PALENESS);
            let margin = if is_end {
                self.theme.ink
            } else {
                self.theme.background
            };
            items.push(Item {
                nearness: if seen {
                    self.nearness(point, layer)
                } else {
                    f64::INFINITY
                },
                shape: Shape::Mark {
                    at: self.place(point),
                    marker,
                    radius,
                    color: if seen { color } else { pale(color) },
                    margin: if seen { margin } else { pale(margin) },
                    margin_width: if is_end { MARGIN } else { DOT_MARGIN },
                },
            });
        }
    }

    fn place(&self, point: &PathPoint) -> Point {
        self.projection.point(point.x, point.y, point.height)
    }

    /// How near a part of the path counts: nearer than the cells that its width reaches over, which lie
    /// before it on the ground, twice as far where that rises towards the viewer; and than the parts of
    /// the path that lie under it.
    fn nearness(&self, point: &PathPoint, layer: Layer) -> f64 {
        let reach = 2.0 * self.projection.ground(self.theme.marker_radius * END_MARK);
        let steps = f64::from(layer as u8) * self.projection.ground(PIECE);
        self.projection.nearness(point.x, point.y) + reach + steps
    }

    fn is_seen(&self, point: &PathPoint) -> bool {
        is_seen(self.grid, self.projection, point)
    }
}

/// How much of the paths is seen, from 0 to 1: half of it the share of their points, half that of their
/// starts and ends.
pub(crate) fn seen_share(
    grid: &FittedGrid,
    projection: &Projection,
    paths: &[Vec<Option<PathPoint>>],
) -> f64 {
    let share = |points: Vec<PathPoint>| {
        let is_seen = |point: &&PathPoint| is_seen(grid, projection, point);
        points.iter().filter(is_seen).count() as f64 / points.len().max(1) as f64
    };
    let there = |point: &PathPoint| point.height.is_finite();
    let points = paths
        .iter()
        .flat_map(|path| route::thinned(path, MOST_DOTS));
    let ends = paths.iter().flat_map(|path| route::ends(path));
    let points = share(points.flatten().filter(there).collect());
    let ends = share(ends.flatten().filter(there).collect());
    f64::midpoint(points, ends)
}

/// Whether the ray from the point to the viewer passes over the surface.
fn is_seen(grid: &FittedGrid, projection: &Projection, point: &PathPoint) -> bool {
    let surface = |x: f64, y: f64| {
        let ((column, s), (row, t)) = grid.locate(x, y)?;
        let corners = grid.cell(column, row)?;
        Some((bilinear(corners, s, t), corners))
    };
    let level = surface(point.x, point.y).map_or(LEVEL, |(_, corners)| {
        let (low, high) = corners
            .iter()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), &z| {
                (low.min(z), high.max(z))
            });
        LEVEL + LEVEL_OF_CELL * (high - low)
    });
    let step = 0.5 / (grid.columns.len().max(grid.rows.len()) - 1) as f64;
    let (dx, dy) = projection.toward;
    let rise = projection.rise();
    let mut distance = 0.0;
    loop {
        let height = point.height + distance * rise;
        let (x, y) = (point.x + distance * dx, point.y + distance * dy);
        if height > 1.0 || grid.locate(x, y).is_none() {
            return true;
        }
        if surface(x, y).is_some_and(|(ground, _)| ground > height + level) {
            return false;
        }
        distance += step;
    }
}
