//! Which mark means what, beside the data and never over them.

use crate::color::Color;
use crate::dash::Dash;
use crate::font;
use crate::geometry::Rect;
use crate::marker::Marker;
use crate::scene::{Align, Scene, Text};

/// The mark that stands for an entry.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum Symbol {
    /// A piece of line.
    Line(Dash),
    /// A marker.
    Marker(Marker),
    /// A marker on a piece of line.
    MarkedLine(Dash, Marker),
    /// A filled field.
    Swatch,
}

/// One line of a legend.
#[derive(Clone, Debug, PartialEq)]
pub struct LegendEntry {
    /// What it is called.
    pub label: String,
    /// How it is drawn.
    pub symbol: Symbol,
    /// Its colour.
    pub color: Color,
}

/// Width of a symbol, in logical pixels.
const SYMBOL: f64 = 22.0;

/// A legend that needs more than one row above the data stands there only with this few entries; a
/// longer one reads better to the right.
const MOST_IN_TWO_ROWS: usize = 6;

/// A legend to the right takes at most this share of the width.
const MOST_WIDTH: f64 = 0.3;

/// Draws `entries` above or beside what is left of `area`, and takes their room from it.
pub(crate) fn draw(scene: &mut Scene, area: &mut Rect, entries: &[LegendEntry]) {
    if entries.is_empty() {
        return;
    }
    let (size, gap) = (scene.theme().tick_size, scene.theme().gap);
    let width = |entry: &LegendEntry| SYMBOL + gap + font::width(&entry.label, size, false);
    let line = size * font::LINE_HEIGHT + 2.0;
    let spacing = 2.5 * gap;
    let mut places = Vec::new();
    let (mut x, mut row) = (area.left, 0);
    for entry in entries {
        let end = x + width(entry);
        if end > area.right && x > area.left {
            (x, row) = (area.left, row + 1);
        }
        places.push((x, area.top + (row as f64 + 0.5) * line));
        x += width(entry) + spacing;
    }
    if row == 0 || (row == 1 && entries.len() <= MOST_IN_TWO_ROWS) {
        for (entry, (x, y)) in entries.iter().zip(places) {
            draw_entry(scene, entry, x, y, area.right - x);
        }
        area.top += (row + 1) as f64 * line + gap;
        return;
    }
    let widest = entries
        .iter()
        .map(width)
        .fold(0.0, f64::max)
        .min(area.width() * MOST_WIDTH);
    let left = area.right - widest;
    let fitting = ((area.height() / line).floor() as usize).max(1);
    let shown = if entries.len() <= fitting {
        entries.len()
    } else {
        fitting - 1
    };
    let mut y = area.top + line / 2.0;
    for entry in &entries[..shown] {
        draw_entry(scene, entry, left, y, widest);
        y += line;
    }
    if shown < entries.len() {
        let rest = format!("and {} more", entries.len() - shown);
        draw_label(scene, &rest, left, y, widest);
    }
    area.right = left - 2.0 * gap;
}

fn draw_entry(scene: &mut Scene, entry: &LegendEntry, x: f64, y: f64, width: f64) {
    let theme = scene.theme();
    let (line_width, radius, gap) = (theme.line_width, theme.marker_radius, theme.gap);
    let color = entry.color;
    let middle = (x + SYMBOL / 2.0, y);
    if let Symbol::Line(dash) | Symbol::MarkedLine(dash, _) = entry.symbol {
        scene.dashed_line(
            &[(x, y), (x + SYMBOL, y)],
            color.with_alpha(1.0),
            line_width,
            dash,
        );
    }
    match entry.symbol {
        Symbol::Marker(marker) | Symbol::MarkedLine(_, marker) => {
            marker.draw(scene, middle, radius * 1.3, color.with_alpha(1.0));
        }
        Symbol::Swatch => {
            scene.rectangle(
                Rect::new(x + 4.0, y - 5.0, x + SYMBOL - 4.0, y + 5.0),
                color,
            );
        }
        Symbol::Line(_) => {}
    }
    draw_label(
        scene,
        &entry.label,
        x + SYMBOL + gap,
        y,
        width - SYMBOL - gap,
    );
}

fn draw_label(scene: &mut Scene, label: &str, x: f64, y: f64, width: f64) {
    let (size, color) = (scene.theme().tick_size, scene.theme().ink);
    scene.text(Text {
        // Half a pixel for rounding, or a label that just fits would be cut.
        content: font::fit(label, size, false, width + 0.5),
        anchor: (x, y),
        align: Align::Start,
        size,
        bold: false,
        color,
        turned: false,
    });
}
