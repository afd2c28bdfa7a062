//! The cells of a surface as polygons with their colours and mesh lines.

use crate::color::Color;
use crate::geometry::Point;
use crate::scene::Scene;
use crate::surface::fitted::{FittedGrid, bilinear};
use crate::surface::items::{Item, Shape};
use crate::surface::projection::Projection;
use crate::theme::Theme;

/// Larger grids are thinned to this many cells along each side: a figure has a few pixels for each then.
pub(crate) const MOST_CELLS: usize = 100;

/// Cells of coarser grids are divided, so that colour runs smoothly over a steep one.
const ENOUGH_CELLS: usize = 40;

/// A cell is divided into at most this many along each side.
const MOST_PARTS: usize = 6;

/// At most about this many mesh lines run in each direction.
const MOST_LINES: usize = 50;

/// Cells are drawn this much larger on each side, in logical pixels: where two antialiased edges meet,
/// the ground would shine through as a hairline. What is nearer covers the overlap.
const OVERLAP: f64 = 0.45;

/// A mesh line is this much darker than its cell, and this wide.
const MESH_SHADE: f64 = 0.24;
const MESH_WIDTH: f64 = 0.55;

/// One cell, or a part of one.
#[derive(Clone, Debug)]
pub(crate) struct Cell {
    corners: [Point; 4],
    color: Color,
    /// Mesh lines, drawn with whichever of the two cells beside them is the nearer one.
    lines: [Option<[Point; 2]>; 4],
}

impl Cell {
    pub(crate) fn draw(&self, scene: &mut Scene) {
        let n = self.corners.len() as f64;
        let sum = self
            .corners
            .iter()
            .fold((0.0, 0.0), |s, c| (s.0 + c.0, s.1 + c.1));
        let center = (sum.0 / n, sum.1 / n);
        let grown = self.corners.map(|(x, y)| {
            let (dx, dy) = (x - center.0, y - center.1);
            let length = dx.hypot(dy).max(1e-6);
            let far = std::f64::consts::SQRT_2 * OVERLAP;
            (x + dx / length * far, y + dy / length * far)
        });
        scene.polygon(grown, self.color);
        let ink = self.color.mix(Color::BLACK, MESH_SHADE);
        for line in self.lines.into_iter().flatten() {
            scene.line(line, ink, MESH_WIDTH);
        }
    }
}

/// The four sides of a cell: the step to the neighbour beyond it.
const SIDES: [(isize, isize); 4] = [(0, -1), (1, 0), (0, 1), (-1, 0)];

/// Pushes every cell of `grid` whose corners are there.
pub(crate) fn push(
    items: &mut Vec<Item>,
    grid: &FittedGrid,
    projection: &Projection,
    theme: &Theme,
) {
    let (nx, ny) = (grid.columns.len() - 1, grid.rows.len() - 1);
    let parts = ENOUGH_CELLS.div_ceil(nx.max(ny)).min(MOST_PARTS);
    let every = [nx, ny].map(|cells| cells.div_ceil(MOST_LINES));
    let exists = |column: isize, row: isize| {
        let inside = (0..nx as isize).contains(&column) && (0..ny as isize).contains(&row);
        inside && grid.cell(column as usize, row as usize).is_some()
    };
    for row in 0..ny {
        for column in 0..nx {
            let Some(corners) = grid.cell(column, row) else {
                continue;
            };
            let marks = SIDES.map(|(right, up)| {
                let beyond = (column as isize + right, row as isize + up);
                let missing = !exists(beyond.0, beyond.1);
                let index = if right == 0 {
                    row + usize::from(up > 0)
                } else {
                    column + usize::from(right > 0)
                };
                let on_mesh = index % every[usize::from(right == 0)] == 0;
                // A neighbour farther away has been drawn already, one that is nearer will draw the line.
                let away =
                    right as f64 * projection.toward.0 + up as f64 * projection.toward.1 <= 0.0;
                missing || (on_mesh && away)
            });
            push_parts(
                items,
                grid,
                (column, row),
                corners,
                marks,
                parts,
                projection,
                theme,
            );
        }
    }
}

#[allow(
    clippy::too_many_arguments,
    reason = "one cell with all that is known of it"
)]
fn push_parts(
    items: &mut Vec<Item>,
    grid: &FittedGrid,
    (column, row): (usize, usize),
    heights: [f64; 4],
    marks: [bool; 4],
    parts: usize,
    projection: &Projection,
    theme: &Theme,
) {
    let along = |nodes: &[f64], index: usize, share: f64| {
        nodes[index] + (nodes[index + 1] - nodes[index]) * share
    };
    let share = |part: usize| part as f64 / parts as f64;
    for v in 0..parts {
        for u in 0..parts {
            let ends =
                [(u, v), (u + 1, v), (u + 1, v + 1), (u, v + 1)].map(|(u, v)| (share(u), share(v)));
            let corners = ends.map(|(s, t)| {
                let (x, y) = (along(&grid.columns, column, s), along(&grid.rows, row, t));
                projection.point(x, y, bilinear(heights, s, t))
            });
            let (s, t) = (share(u) + 0.5 / parts as f64, share(v) + 0.5 / parts as f64);
            let (x, y) = (along(&grid.columns, column, s), along(&grid.rows, row, t));
            let outer = [v == 0, u + 1 == parts, v + 1 == parts, u == 0];
            let line = |side: usize| {
                (outer[side] && marks[side]).then(|| [corners[side], corners[(side + 1) % 4]])
            };
            items.push(Item {
                nearness: projection.nearness(x, y),
                shape: Shape::Cell(Cell {
                    corners,
                    color: theme.color_map.at(bilinear(heights, s, t)),
                    lines: [line(0), line(1), line(2), line(3)],
                }),
            });
        }
    }
}
