//! Broken lines: a dash is drawn as a line of its own, so that every format shows the same.

use crate::geometry::Point;
use crate::scene::Scene;

/// How a line is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dash {
    /// Without gaps.
    #[default]
    Solid,
    /// Long strokes.
    Dashed,
    /// Short strokes.
    Dotted,
}

impl Dash {
    /// The lengths of a stroke and of a gap for a line of this width; `None` for a line without gaps.
    pub(crate) fn lengths(self, width: f64) -> Option<(f64, f64)> {
        match self {
            Self::Solid => None,
            Self::Dashed => Some((5.0 * width, 3.0 * width)),
            Self::Dotted => Some((1.2 * width, 2.2 * width)),
        }
    }
}

/// Cuts a line into strokes of the length `stroke`, with `gap` between them.
pub(crate) fn broken(points: &[Point], stroke: f64, gap: f64) -> Vec<Vec<Point>> {
    let mut strokes = Vec::new();
    let mut current: Vec<Point> = Vec::new();
    let (mut drawing, mut left) = (true, stroke);
    for pair in points.windows(2) {
        let (from, to) = (pair[0], pair[1]);
        let length = (to.0 - from.0).hypot(to.1 - from.1);
        if !(length > 0.0 && length < Scene::FARTHEST) {
            continue;
        }
        let at = |distance: f64| {
            let t = distance / length;
            (from.0 + t * (to.0 - from.0), from.1 + t * (to.1 - from.1))
        };
        let mut done = 0.0;
        if drawing && current.is_empty() {
            current.push(from);
        }
        while done + left < length {
            done += left;
            if drawing {
                current.push(at(done));
                strokes.push(std::mem::take(&mut current));
            } else {
                current.push(at(done));
            }
            drawing = !drawing;
            left = if drawing { stroke } else { gap };
        }
        left -= length - done;
        if drawing {
            current.push(to);
        }
    }
    if current.len() > 1 {
        strokes.push(current);
    }
    strokes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dashes_cover_the_right_share() {
        let points = [(0.0, 0.0), (7.0, 0.0), (100.0, 0.0)];
        let strokes = broken(&points, 6.0, 4.0);
        assert_eq!(strokes.len(), 10);
        let drawn: f64 = strokes
            .iter()
            .map(|part| part[part.len() - 1].0 - part[0].0)
            .sum();
        assert!((drawn - 60.0).abs() < 1e-9);
    }
}
