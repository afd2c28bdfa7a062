//! How a box is seen from a direction far away: the orthographic projection.
//!
//! With the azimuth a and the elevation e, the viewer stands in the direction
//! v = (cos e cos a, cos e sin a, sin e). A point p of the box is drawn at p·r to the right and p·w
//! upwards, where r = (−sin a, cos a, 0) and w = (−sin e cos a, −sin e sin a, cos e) complete v to an
//! orthonormal basis. Parallel edges stay parallel, and equal lengths along an axis stay equal.

use crate::error::PlotError;
use crate::geometry::{Point, Rect};

/// The height of the box, its width and depth being 1.
pub(crate) const BOX_HEIGHT: f64 = 0.58;

/// A direction of view.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct View {
    azimuth: f64,
    elevation: f64,
}

impl View {
    /// Angles in degrees: any azimuth, an elevation in (0, 90].
    pub(crate) fn new(azimuth: f64, elevation: f64) -> Result<Self, PlotError> {
        let wrong = |what: &str, expected: &str, found: f64| {
            Err(PlotError::invalid(
                format!("the {what} of a view"),
                expected,
                found,
            ))
        };
        if !azimuth.is_finite() {
            return wrong("azimuth", "a finite number of degrees", azimuth);
        }
        if !(elevation > 0.0 && elevation <= 90.0) {
            return wrong("elevation", "more than 0 and at most 90 degrees", elevation);
        }
        Ok(Self::of_degrees(azimuth, elevation))
    }

    /// Angles that are known to be in their domains.
    pub(crate) fn of_degrees(azimuth: f64, elevation: f64) -> Self {
        Self {
            azimuth: azimuth.rem_euclid(360.0).to_radians(),
            elevation: elevation.to_radians(),
        }
    }
}

/// The projection of a box into a rectangle. Points of the box are fractions of its axes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Projection {
    /// The horizontal direction towards the viewer.
    pub(crate) toward: (f64, f64),
    sine: f64,
    cosine: f64,
    /// Logical pixels per width of the box.
    pub(crate) scale: f64,
    middle: Point,
}

impl Projection {
    /// The largest picture of the box that `area` holds.
    pub(crate) fn fill(view: View, area: Rect) -> Self {
        let mut projection = Self {
            toward: (view.azimuth.cos(), view.azimuth.sin()),
            sine: view.elevation.sin(),
            cosine: view.elevation.cos(),
            scale: 1.0,
            middle: (0.0, 0.0),
        };
        let bounds = projection.bounds();
        projection.scale = (area.width() / bounds.width()).min(area.height() / bounds.height());
        projection.middle = area.center();
        projection
    }

    /// Where the point lies in the picture.
    pub(crate) fn point(&self, x: f64, y: f64, height: f64) -> Point {
        let (x, y, z) = (x - 0.5, y - 0.5, (height - 0.5) * BOX_HEIGHT);
        let right = -self.toward.1 * x + self.toward.0 * y;
        let up = self.cosine * z - self.sine * self.nearness_of_offset(x, y);
        (
            self.middle.0 + right * self.scale,
            self.middle.1 - up * self.scale,
        )
    }

    /// How near a vertical line through the box is to the viewer, in widths of the box.
    ///
    /// Of two things with separate places in the plane only the nearer one can cover the other, whatever
    /// their heights, since the viewer looks from above.
    pub(crate) fn nearness(&self, x: f64, y: f64) -> f64 {
        self.nearness_of_offset(x - 0.5, y - 0.5)
    }

    fn nearness_of_offset(&self, x: f64, y: f64) -> f64 {
        x * self.toward.0 + y * self.toward.1
    }

    /// How far the ray to the viewer rises, as a fraction of the height axis, per width of the box.
    pub(crate) fn rise(&self) -> f64 {
        self.sine / self.cosine / BOX_HEIGHT
    }

    /// The distance on the ground that this many logical pixels up or down the picture stand for.
    pub(crate) fn ground(&self, pixels: f64) -> f64 {
        pixels / (self.scale * self.sine.max(0.2))
    }

    /// The smallest rectangle round the box.
    pub(crate) fn bounds(&self) -> Rect {
        let corners = (0..8).map(|corner| {
            let bit = |place: usize| f64::from(u8::from(corner >> place & 1 == 1));
            self.point(bit(0), bit(1), bit(2))
        });
        corners.fold(
            Rect::new(
                f64::INFINITY,
                f64::INFINITY,
                f64::NEG_INFINITY,
                f64::NEG_INFINITY,
            ),
            |all, (x, y)| {
                Rect::new(
                    all.left.min(x),
                    all.top.min(y),
                    all.right.max(x),
                    all.bottom.max(y),
                )
            },
        )
    }

    /// The x and the y of the walls that are farther from the viewer: each 0 or 1.
    pub(crate) fn back(&self) -> (f64, f64) {
        let far = |direction: f64| if direction > 0.0 { 0.0 } else { 1.0 };
        (far(self.toward.0), far(self.toward.1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_view_from_above_is_a_map() {
        let view = View::new(-90.0, 90.0).unwrap();
        let projection = Projection::fill(view, Rect::new(0.0, 0.0, 100.0, 100.0));
        for (x, y) in [(0.0, 0.0), (1.0, 0.3), (0.2, 0.9)] {
            let (right, down) = projection.point(x, y, 0.7);
            assert!((right - 100.0 * x).abs() < 1e-9 && (down - 100.0 * (1.0 - y)).abs() < 1e-9);
        }
        assert!(projection.nearness(0.5, 0.0) > projection.nearness(0.5, 1.0));
    }

    #[test]
    fn the_box_fills_its_rectangle_from_everywhere() {
        let area = Rect::new(10.0, 20.0, 410.0, 320.0);
        for azimuth in [-60.0, 0.0, 45.0, 90.0, 200.0, 1e9] {
            for elevation in [1.0, 30.0, 89.0, 90.0] {
                let view = View::new(azimuth, elevation).unwrap();
                let bounds = Projection::fill(view, area).bounds();
                let inside = bounds.left >= area.left - 1e-6
                    && bounds.right <= area.right + 1e-6
                    && bounds.top >= area.top - 1e-6
                    && bounds.bottom <= area.bottom + 1e-6;
                assert!(inside, "{azimuth} {elevation}: {bounds:?}");
                let full = (bounds.width() - area.width()).abs() < 1e-6
                    || (bounds.height() - area.height()).abs() < 1e-6;
                assert!(full, "{azimuth} {elevation}: {bounds:?}");
            }
        }
    }

    #[test]
    fn angles_that_cannot_be_are_refused() {
        for (azimuth, elevation) in [
            (f64::NAN, 30.0),
            (f64::INFINITY, 30.0),
            (0.0, 0.0),
            (0.0, -20.0),
            (0.0, 91.0),
            (0.0, f64::NAN),
        ] {
            assert!(
                View::new(azimuth, elevation).is_err(),
                "{azimuth} {elevation}"
            );
        }
    }
}
