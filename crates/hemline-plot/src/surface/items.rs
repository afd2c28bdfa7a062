//! What a three-dimensional picture is made of, drawn from the back to the front.

use crate::color::Color;
use crate::geometry::Point;
use crate::marker::Marker;
use crate::scene::Scene;
use crate::surface::cells::Cell;

/// Something to be drawn, and how near it is.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    pub(crate) nearness: f64,
    pub(crate) shape: Shape,
}

#[derive(Clone, Debug)]
pub(crate) enum Shape {
    Cell(Cell),
    Line {
        ends: [Point; 2],
        color: Color,
        width: f64,
    },
    /// A marker with a margin that keeps it apart from what is behind it.
    Mark {
        at: Point,
        marker: Marker,
        radius: f64,
        color: Color,
        margin: Color,
        margin_width: f64,
    },
}

/// The painter's algorithm: later items cover earlier ones, so the nearest comes last. Of two that are
/// equally near, the later one is drawn later.
pub(crate) fn draw(scene: &mut Scene, mut items: Vec<Item>) {
    items.sort_by(|a, b| a.nearness.total_cmp(&b.nearness));
    for item in items {
        match item.shape {
            Shape::Cell(cell) => cell.draw(scene),
            Shape::Line { ends, color, width } => scene.line(ends, color, width),
            Shape::Mark {
                at,
                marker,
                radius,
                color,
                margin,
                margin_width,
            } => marker.draw_on_margin(scene, at, radius, color, (margin_width, margin)),
        }
    }
}
