//! The lines on which a grid has given values, by marching squares.

use contour::ContourBuilder;

use crate::error::PlotError;
use crate::surface::fitted::FittedGrid;

/// A place in a grid: columns to the right and rows up, counted from its first node.
pub(crate) type Place = (f64, f64);

/// What a gap counts as while lines are followed: lower than every node.
const BELOW: f64 = -1.0;

/// A closed line round nodes that reach a level, or round a hollow of nodes that do not.
#[derive(Clone, Debug)]
pub(crate) struct Ring {
    /// The index of the level.
    pub(crate) level: usize,
    /// Whether values inside are above the level, and not below it.
    pub(crate) above: bool,
    /// The first and the last place are the same one.
    pub(crate) places: Vec<Place>,
    area: f64,
}

/// All rings at `levels`, which ascend in (0, 1), with a ring before those that it holds.
///
/// Rings do not cross, so filling each in turn with the colour of what lies inside it fills the bands
/// between levels, holes and all. Where a line leaves the grid, the ring runs along its edge. Nodes that
/// are gaps count as low; a line means nothing in the cells beside them.
pub(crate) fn rings(grid: &FittedGrid, levels: &[f64]) -> Result<Vec<Ring>, PlotError> {
    let (columns, rows) = (grid.columns.len(), grid.rows.len());
    let values: Vec<f64> = grid
        .heights
        .iter()
        .map(|height| height.unwrap_or(BELOW))
        .collect();
    let lines = ContourBuilder::new(columns, rows, true)
        .lines(&values, levels)
        .map_err(PlotError::backend)?;
    // The crate puts a node at the middle of a square of side 1, and a border of half a square around.
    let place = |value: f64, nodes: usize| (value - 0.5).clamp(0.0, (nodes - 1) as f64);
    let mut rings: Vec<Ring> = Vec::new();
    for (level, line) in lines.iter().enumerate() {
        for ring in &line.geometry().0 {
            let mut places: Vec<Place> = ring
                .0
                .iter()
                .map(|point| (place(point.x, columns), place(point.y, rows)))
                .collect();
            places.dedup();
            let area = doubled_area(&places);
            rings.push(Ring {
                level,
                above: area < 0.0,
                places,
                area: area.abs(),
            });
        }
    }
    // Of rings that coincide, as those along the edge of the grid do, the one further inside comes later.
    rings.sort_by(|a, b| {
        let inward = |ring: &Ring| {
            let level = ring.level as isize;
            if ring.above { level } else { -level }
        };
        b.area.total_cmp(&a.area).then(inward(a).cmp(&inward(b)))
    });
    Ok(rings)
}

/// Twice the area inside, by the shoelace formula: positive counter-clockwise.
fn doubled_area(places: &[Place]) -> f64 {
    let cross = |pair: &[Place]| pair[0].0 * pair[1].1 - pair[1].0 * pair[0].1;
    places.windows(2).map(cross).sum()
}

impl Ring {
    /// The parts of the ring that are lines between the two sides of the level: not along the edge of
    /// the grid, and not in a cell beside a gap.
    pub(crate) fn lines(&self, grid: &FittedGrid) -> Vec<Vec<Place>> {
        let last = (
            (grid.columns.len() - 1) as f64,
            (grid.rows.len() - 1) as f64,
        );
        let on_edge = |a: Place, b: Place| {
            let both = |first: f64, second: f64, end: f64| {
                first == second && (first == 0.0 || first == end)
            };
            both(a.0, b.0, last.0) || both(a.1, b.1, last.1)
        };
        let in_gap = |a: Place, b: Place| {
            let cell =
                |a: f64, b: f64, last: f64| f64::midpoint(a, b).floor().min(last - 1.0) as usize;
            grid.cell(cell(a.0, b.0, last.0), cell(a.1, b.1, last.1))
                .is_none()
        };
        let mut lines: Vec<Vec<Place>> = Vec::new();
        let mut joined = false;
        for pair in self.places.windows(2) {
            let (from, to) = (pair[0], pair[1]);
            if on_edge(from, to) || in_gap(from, to) {
                joined = false;
                continue;
            }
            match lines.last_mut() {
                Some(line) if joined => line.push(to),
                _ => lines.push(vec![from, to]),
            }
            joined = true;
        }
        // The ring may start in the middle of a line.
        if lines.len() > 1
            && lines[0].first() == self.places.first()
            && lines[lines.len() - 1].last() == self.places.last()
            && let Some(mut end) = lines.pop()
        {
            end.extend(lines[0].iter().skip(1));
            lines[0] = end;
        }
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grid(columns: usize, rows: usize, height: impl Fn(f64, f64) -> Option<f64>) -> FittedGrid {
        let axis = |n: usize| {
            (0..n)
                .map(|i| i as f64 / (n - 1) as f64)
                .collect::<Vec<f64>>()
        };
        let (x, y) = (axis(columns), axis(rows));
        FittedGrid {
            heights: y
                .iter()
                .flat_map(|&y| x.iter().map(move |&x| (x, y)))
                .map(|(x, y)| height(x, y))
                .collect(),
            columns: x,
            rows: y,
        }
    }

    #[test]
    fn a_plane_has_straight_lines_across() {
        let plane = grid(11, 5, |x, _| Some(x));
        let rings = rings(&plane, &[0.25, 0.62]).unwrap();
        assert_eq!(rings.len(), 2);
        for (ring, column) in rings.iter().zip([2.5, 6.2]) {
            assert!(ring.above);
            let lines = ring.lines(&plane);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].iter().all(|place| (place.0 - column).abs() < 1e-9));
            let mut ends = [lines[0][0].1, lines[0][lines[0].len() - 1].1];
            ends.sort_by(f64::total_cmp);
            assert_eq!(ends, [0.0, 4.0]);
        }
    }

    #[test]
    fn a_bowl_has_closed_lines_round_its_hollow() {
        let bowl = grid(41, 41, |x, y| {
            Some(2.0 * ((x - 0.5).powi(2) + (y - 0.5).powi(2)))
        });
        let rings = rings(&bowl, &[0.1, 0.2]).unwrap();
        assert_eq!(rings.iter().filter(|ring| !ring.above).count(), 2);
        for ring in rings.iter().filter(|ring| !ring.above) {
            let lines = ring.lines(&bowl);
            assert_eq!(lines.len(), 1);
            assert_eq!(lines[0].first(), lines[0].last());
            let radius = ([0.1, 0.2][ring.level] / 2.0_f64).sqrt() * 40.0;
            for (column, row) in &lines[0] {
                assert!(((column - 20.0).hypot(row - 20.0) - radius).abs() < 0.1);
            }
        }
        // From outside to inside: the edge of the grid at both levels, then the hollow from wide to narrow.
        let order: Vec<_> = rings.iter().map(|ring| (ring.above, ring.level)).collect();
        assert_eq!(order, [(true, 0), (true, 1), (false, 1), (false, 0)]);
    }

    #[test]
    fn cells_beside_a_gap_have_no_line() {
        let torn = grid(11, 11, |x, y| (!(x == 0.5 && y == 0.5)).then_some(x));
        let lines: Vec<_> = rings(&torn, &[0.45])
            .unwrap()
            .iter()
            .flat_map(|ring| ring.lines(&torn))
            .collect();
        assert_eq!(lines.len(), 2, "{lines:?}");
        let rows = lines.iter().flatten().map(|place| place.1);
        assert!(rows.into_iter().all(|row| row <= 4.0 || row >= 6.0));
    }
}
