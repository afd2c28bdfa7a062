//! Points, rectangles, and the clipping of a line to a rectangle, in logical pixels with y downwards.

/// A point: x to the right, y downwards.
pub type Point = (f64, f64);

/// A rectangle with y downwards.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rect {
    /// The smallest x.
    pub left: f64,
    /// The smallest y.
    pub top: f64,
    /// The largest x.
    pub right: f64,
    /// The largest y.
    pub bottom: f64,
}

impl Rect {
    /// The rectangle between two corners.
    pub const fn new(left: f64, top: f64, right: f64, bottom: f64) -> Self {
        Self {
            left,
            top,
            right,
            bottom,
        }
    }

    /// Its width, negative where the sides have passed each other.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height, negative where the sides have passed each other.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Its centre.
    pub fn center(&self) -> Point {
        (
            (self.left + self.right) / 2.0,
            (self.top + self.bottom) / 2.0,
        )
    }

    /// The rectangle with `margin` taken off every side.
    pub fn inset(&self, margin: f64) -> Self {
        Self::new(
            self.left + margin,
            self.top + margin,
            self.right - margin,
            self.bottom - margin,
        )
    }

    /// The parts of the polyline `points` that lie inside.
    pub(crate) fn clip(&self, points: &[Point]) -> Vec<Vec<Point>> {
        let mut parts: Vec<Vec<Point>> = Vec::new();
        for pair in points.windows(2) {
            let Some((from, to)) = self.clip_segment(pair[0], pair[1]) else {
                continue;
            };
            match parts.last_mut() {
                Some(part) if part.last() == Some(&from) => part.push(to),
                _ => parts.push(vec![from, to]),
            }
        }
        parts
    }

    /// Liang and Barsky's clipping of one segment (ACM Transactions on Graphics 3(1), 1984).
    fn clip_segment(&self, from: Point, to: Point) -> Option<(Point, Point)> {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
        let sides = [
            (-dx, from.0 - self.left),
            (dx, self.right - from.0),
            (-dy, from.1 - self.top),
            (dy, self.bottom - from.1),
        ];
        for (direction, distance) in sides {
            if direction == 0.0 {
                if distance < 0.0 {
                    return None;
                }
            } else if direction < 0.0 {
                enter = enter.max(distance / direction);
            } else {
                leave = leave.min(distance / direction);
            }
        }
        if enter > leave {
            return None;
        }
        let at = |t: f64| (from.0 + t * dx, from.1 + t * dy);
        // The end points are passed on as they are, so that joined segments stay joined.
        let start = if enter == 0.0 { from } else { at(enter) };
        let end = if leave == 1.0 { to } else { at(leave) };
        Some((start, end))
    }

    /// Whether `point` lies inside or on the edge.
    pub(crate) fn contains(&self, point: Point) -> bool {
        (self.left..=self.right).contains(&point.0) && (self.top..=self.bottom).contains(&point.1)
    }

    /// Whether the two have nothing but edges in common.
    pub(crate) fn is_apart(&self, other: &Self) -> bool {
        self.right <= other.left
            || other.right <= self.left
            || self.bottom <= other.top
            || other.bottom <= self.top
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_leaves_and_returns_gives_two_parts() {
        let area = Rect::new(0.0, 0.0, 10.0, 10.0);
        let parts = area.clip(&[(1.0, 5.0), (5.0, -5.0), (9.0, 5.0)]);
        assert_eq!(
            parts,
            vec![vec![(1.0, 5.0), (3.0, 0.0)], vec![(7.0, 0.0), (9.0, 5.0)]]
        );
        assert!(area.clip(&[(-5.0, 3.0), (-1.0, 4.0)]).is_empty());
        assert_eq!(area.clip(&[(1.0, 1.0), (2.0, 2.0), (3.0, 1.0)]).len(), 1);
    }
}
