//! The legacy format of the Visualization Toolkit, as text.

use std::fmt::Write as _;

use super::Landscape;

/// What one point of the file carries.
struct Point {
    at: [f64; 3],
    run: i64,
    iteration: i64,
}

pub(super) fn text(landscape: &Landscape<'_>) -> String {
    let mut points = Vec::new();
    let index = grid_points(landscape, &mut points);
    let cells = cells(&index);
    let mut lines = paths(landscape, &mut points);
    if let [row] = index.as_slice() {
        // A line has no cells, but it is one.
        lines.push(row.iter().copied().flatten().collect());
    }
    lines.retain(|line| line.len() > 1);

    let mut text = format!(
        "# vtk DataFile Version 3.0\nloss surface\nASCII\nDATASET POLYDATA\nPOINTS {} double\n",
        points.len()
    );
    // Writing to a String cannot fail.
    for Point { at: [x, y, z], .. } in &points {
        let _ = writeln!(text, "{x} {y} {z}");
    }
    for (keyword, cells) in [("LINES", &lines), ("POLYGONS", &cells)] {
        let numbers: usize = cells.iter().map(|cell| cell.len() + 1).sum();
        if numbers == 0 {
            continue;
        }
        let _ = writeln!(text, "{keyword} {} {numbers}", cells.len());
        for cell in cells {
            let _ = write!(text, "{}", cell.len());
            for point in cell {
                let _ = write!(text, " {point}");
            }
            text.push('\n');
        }
    }
    let _ = writeln!(text, "POINT_DATA {}", points.len());
    let mut scalars = |name: &str, kind: &str, value: &dyn Fn(&Point) -> String| {
        let _ = writeln!(text, "SCALARS {name} {kind} 1\nLOOKUP_TABLE default");
        for point in &points {
            let _ = writeln!(text, "{}", value(point));
        }
    };
    scalars("loss", "double", &|point| point.at[2].to_string());
    scalars("run", "int", &|point| point.run.to_string());
    scalars("iteration", "int", &|point| point.iteration.to_string());
    text
}

/// Adds the grid's finite points; returns where each point of the grid went, row by row.
fn grid_points(landscape: &Landscape<'_>, points: &mut Vec<Point>) -> Vec<Vec<Option<usize>>> {
    let (x, y) = (landscape.surface.grid.x(), landscape.surface.grid.y());
    let rows = landscape.surface.loss.chunks_exact(x.len()).zip(y);
    let mut add = |x: f64, y: f64, loss: f64| {
        loss.is_finite().then(|| {
            points.push(Point {
                at: [x, y, loss],
                run: -1,
                iteration: -1,
            });
            points.len() - 1
        })
    };
    rows.map(|(row, &y)| {
        let row = row.iter().zip(x);
        row.map(|(&loss, &x)| add(x, y, loss)).collect()
    })
    .collect()
}

/// The cells whose four corners are all there.
fn cells(index: &[Vec<Option<usize>>]) -> Vec<Vec<usize>> {
    let mut cells = Vec::new();
    for pair in index.windows(2) {
        for (below, above) in pair[0].windows(2).zip(pair[1].windows(2)) {
            // Around the cell, not row by row.
            let corners = [below[0], below[1], above[1], above[0]];
            cells.extend(corners.into_iter().collect::<Option<Vec<usize>>>());
        }
    }
    cells
}

/// Adds the finite points of the trajectories and returns a line through each.
fn paths(landscape: &Landscape<'_>, points: &mut Vec<Point>) -> Vec<Vec<usize>> {
    let mut lines = Vec::new();
    for (run, path) in landscape.paths.iter().enumerate() {
        let mut line = Vec::new();
        for ((&[x, y], &loss), &iteration) in
            path.points.iter().zip(&path.loss).zip(&path.iterations)
        {
            if loss.is_finite() {
                line.push(points.len());
                points.push(Point {
                    at: [x, y, loss],
                    run: run as i64,
                    iteration: iteration as i64,
                });
            }
        }
        lines.push(line);
    }
    lines
}
