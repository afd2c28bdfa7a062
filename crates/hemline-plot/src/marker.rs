//! The shapes of points; different ones help where colours alone are hard to tell apart.

use crate::color::Color;
use crate::geometry::{Point, Rect};
use crate::scene::Scene;

/// The shape of a point.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Marker {
    /// A disc.
    #[default]
    Circle,
    /// A square.
    Square,
    /// A triangle that points upwards.
    Triangle,
    /// A square that stands on its corner.
    Diamond,
    /// A star with five points: for the one to look at.
    Star,
}

impl Marker {
    /// The shape of class `index`.
    pub const fn of_class(index: usize) -> Self {
        match index % 4 {
            0 => Self::Circle,
            1 => Self::Square,
            2 => Self::Triangle,
            _ => Self::Diamond,
        }
    }

    /// Draws it on a larger one of another colour, which keeps it apart from what is behind it.
    pub(crate) fn draw_on_margin(
        self,
        scene: &mut Scene,
        at: Point,
        radius: f64,
        color: Color,
        (margin_width, margin): (f64, Color),
    ) {
        self.draw(scene, at, radius + margin_width, margin);
        self.draw(scene, at, radius, color);
    }

    /// Draws it; the shapes of one `radius` have about the same area.
    pub(crate) fn draw(self, scene: &mut Scene, (x, y): Point, radius: f64, color: Color) {
        match self {
            Self::Circle => scene.circle((x, y), radius, color),
            Self::Square => {
                let half = radius * 0.89;
                scene.rectangle(Rect::new(x - half, y - half, x + half, y + half), color);
            }
            Self::Triangle => {
                let side = radius * 1.25;
                let corners = [
                    (x, y - side),
                    (x + side, y + 0.8 * side),
                    (x - side, y + 0.8 * side),
                ];
                scene.polygon(corners, color);
            }
            Self::Diamond => {
                let half = radius * 1.25;
                scene.polygon(
                    [(x, y - half), (x + half, y), (x, y + half), (x - half, y)],
                    color,
                );
            }
            Self::Star => {
                // The inner corners of a pentagram lie at 1/φ² = 0.382 of its radius; fuller reads better.
                const INNER: f64 = 0.48;
                let outer = radius * 1.55;
                let corner = |index: usize| {
                    let angle = index as f64 * std::f64::consts::PI / 5.0;
                    let reach = if index.is_multiple_of(2) {
                        outer
                    } else {
                        INNER * outer
                    };
                    (x + reach * angle.sin(), y - reach * angle.cos())
                };
                scene.polygon((0..10).map(corner), color);
            }
        }
    }
}
