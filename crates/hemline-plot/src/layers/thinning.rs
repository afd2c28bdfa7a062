//! Leaves out what cannot be seen, so that a million points take no longer than the picture has pixels.

use std::collections::HashSet;

use crate::geometry::Point;

/// Lines with fewer points are drawn as they are.
const ENOUGH: usize = 4_000;

/// Lines that go back and forth keep at most this many points.
const MOST: usize = 20_000;

/// Steps per logical pixel that are told apart.
const RESOLUTION: f64 = 2.0;

fn cell(value: f64) -> i64 {
    (value * RESOLUTION).floor() as i64
}

/// The points of a line that can be told apart: where x only grows, the first, lowest, highest and last
/// of every column of half a pixel; elsewhere, evenly spaced ones.
pub(crate) fn line(points: Vec<Point>) -> Vec<Point> {
    if points.len() <= ENOUGH {
        return points;
    }
    if points.windows(2).any(|pair| pair[1].0 < pair[0].0) {
        let every = points.len().div_ceil(MOST);
        let last = points.last().copied();
        return points.into_iter().step_by(every).chain(last).collect();
    }
    let mut kept: Vec<Point> = Vec::new();
    for column in points.chunk_by(|a, b| cell(a.0) == cell(b.0)) {
        let by_height = |a: &usize, b: &usize| column[*a].1.total_cmp(&column[*b].1);
        let lowest = (0..column.len()).min_by(by_height).unwrap_or(0);
        let highest = (0..column.len()).max_by(by_height).unwrap_or(0);
        let mut indices = [
            0,
            lowest.min(highest),
            lowest.max(highest),
            column.len() - 1,
        ]
        .to_vec();
        indices.dedup();
        kept.extend(indices.into_iter().map(|index| column[index]));
    }
    kept
}

/// The indices of the points that no later point of the same kind lies on.
pub(crate) fn visible(points: &[Option<(Point, usize)>]) -> Vec<usize> {
    let mut taken = HashSet::new();
    let mut kept: Vec<usize> = (0..points.len())
        .rev()
        .filter(|&index| {
            points[index].is_some_and(|((x, y), kind)| taken.insert((cell(x), cell(y), kind)))
        })
        .collect();
    kept.reverse();
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn peaks_survive() {
        let mut points: Vec<Point> = (0..100_000).map(|i| (f64::from(i) * 0.005, 50.0)).collect();
        points[31_415].1 = 3.0;
        points[70_000].1 = 90.0;
        let (peak, dip) = (points[31_415], points[70_000]);
        let kept = line(points);
        assert!(kept.len() < 5_000, "{}", kept.len());
        assert!(kept.contains(&peak) && kept.contains(&dip));
        assert!(kept.windows(2).all(|pair| pair[0].0 <= pair[1].0));
    }

    #[test]
    fn equal_points_are_drawn_once() {
        let points = vec![
            Some(((1.0, 1.0), 0)),
            None,
            Some(((1.0, 1.0), 0)),
            Some(((1.0, 1.0), 1)),
        ];
        assert_eq!(visible(&points), [2, 3]);
    }
}
