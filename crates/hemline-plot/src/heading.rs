//! Titles above charts and panels.

use crate::font;
use crate::geometry::Rect;
use crate::scene::{Align, Scene, Text};

/// A title is broken into at most this many lines.
const MOST_LINES: usize = 2;

/// Draws `title` at the top of `area` and takes its room from it.
pub(crate) fn draw(scene: &mut Scene, area: &mut Rect, title: &str) {
    let (size, color, gap) = (
        scene.theme().title_size,
        scene.theme().ink,
        scene.theme().gap,
    );
    let lines = font::wrap(title, size, true, area.width(), MOST_LINES);
    if lines.is_empty() {
        return;
    }
    let height = size * font::LINE_HEIGHT;
    for content in lines {
        scene.text(Text {
            content,
            anchor: (area.left, area.top + height / 2.0),
            align: Align::Start,
            size,
            bold: true,
            color,
            turned: false,
        });
        area.top += height;
    }
    area.top += gap;
}
