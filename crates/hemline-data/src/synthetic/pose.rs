//! How a garment lies on the canvas: position, size, rotation, slant and side.

use super::canvas::{Mask, Point, SIDE};
use rand::{Rng, RngExt};

/// Draws from [low, high).
pub(super) fn between(rng: &mut impl Rng, low: f32, high: f32) -> f32 {
    low + (high - low) * rng.random::<f32>()
}

/// True with probability `p`.
pub(super) fn chance(rng: &mut impl Rng, p: f32) -> bool {
    rng.random::<f32>() < p
}

/// The affine map from garment coordinates (origin in the middle) to pixels.
///
/// The sine is drawn and the cosine is its square root, so that no transcendental function is
/// called: additions, products, quotients and roots give the same bits on every platform.
pub(super) struct Pose {
    centre: Point,
    scale: Point,
    sine: f32,
    cosine: f32,
    slant: f32,
}

impl Pose {
    /// Draws a pose; `strength` scales every deviation, 0 giving the centred, upright garment.
    pub(super) fn draw(rng: &mut impl Rng, strength: f32) -> Self {
        let size = 1.0 + strength * between(rng, -0.14, 0.09);
        let aspect = 1.0 + strength * between(rng, -0.08, 0.08);
        let sine = strength * between(rng, -0.10, 0.10);
        let middle = SIDE as f32 / 2.0;
        Self {
            centre: (
                middle + strength * between(rng, -1.8, 1.8),
                middle + strength * between(rng, -1.5, 1.5),
            ),
            scale: (size * aspect, size / aspect),
            sine,
            cosine: (1.0 - sine * sine).sqrt(),
            slant: strength * between(rng, -0.05, 0.05),
        }
    }

    /// Mirrors left and right.
    pub(super) fn mirrored(mut self) -> Self {
        self.scale.0 = -self.scale.0;
        self
    }

    /// The pixel position of a garment point.
    pub(super) fn place(&self, (x, y): Point) -> Point {
        let (x, y) = (self.scale.0 * (x + self.slant * y), self.scale.1 * y);
        (
            self.centre.0 + self.cosine * x - self.sine * y,
            self.centre.1 + self.sine * x + self.cosine * y,
        )
    }

    /// The mask of a polygon given in garment coordinates.
    pub(super) fn fill(&self, points: &[Point]) -> Mask {
        let placed: Vec<Point> = points.iter().map(|&point| self.place(point)).collect();
        Mask::polygon(&placed)
    }

    /// The mask of a closed smooth curve through the points.
    pub(super) fn fill_smooth(&self, points: &[Point]) -> Mask {
        self.fill(&smooth(points))
    }

    /// The mask of a straight band of the given width.
    pub(super) fn band(&self, from: Point, to: Point, width: f32) -> Mask {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let length = (dx * dx + dy * dy).sqrt().max(1e-3);
        let (nx, ny) = (-dy / length * width / 2.0, dx / length * width / 2.0);
        self.fill(&[
            (from.0 + nx, from.1 + ny),
            (to.0 + nx, to.1 + ny),
            (to.0 - nx, to.1 - ny),
            (from.0 - nx, from.1 - ny),
        ])
    }
}

/// Appends the mirror image of a right-hand outline, in reverse order, to close it.
pub(super) fn symmetric(right: &[Point]) -> Vec<Point> {
    right
        .iter()
        .copied()
        .chain(right.iter().rev().map(|&(x, y)| (-x, y)))
        .collect()
}

/// Two points per segment of the closed uniform Catmull–Rom curve.
fn smooth(points: &[Point]) -> Vec<Point> {
    let count = points.len();
    let mut curve = Vec::with_capacity(2 * count);
    for index in 0..count {
        let before = points[(index + count - 1) % count];
        let here = points[index];
        let next = points[(index + 1) % count];
        let after = points[(index + 2) % count];
        // At the middle of the segment the basis is (-1, 9, 9, -1) / 16.
        let middle = |a: f32, b: f32, c: f32, d: f32| (9.0 * (b + c) - a - d) / 16.0;
        curve.push(here);
        curve.push((
            middle(before.0, here.0, next.0, after.0),
            middle(before.1, here.1, next.1, after.1),
        ));
    }
    curve
}
