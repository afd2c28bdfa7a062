//! Where the labels of a box's axes stand: outside of the box and apart from each other.

use crate::font;
use crate::geometry::Rect;
use crate::scene::{Align, Text};
use crate::surface::projection::Projection;
use crate::surface::walls::{Edge, TICK, place};
use crate::theme::Theme;

/// How tick and label texts lie depends on the direction from the box: within this of straight down they
/// are centred.
const STRAIGHT: f64 = 0.35;

/// All labels: those of ticks, where they do not meet earlier ones, then those of the axes, moved away
/// from the box until they meet none.
pub(crate) fn place_all(
    projection: &Projection,
    edges: &[Edge<'_>; 3],
    area: Rect,
    theme: &Theme,
) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    for edge in edges {
        for tick in &edge.ticks.major {
            let Some(share) = edge.axis.fraction(tick.value) else {
                continue;
            };
            let distance = TICK + theme.gap / 2.0;
            let (x, y) = place(projection, edge.at(share));
            let text = Text {
                content: font::fit(&tick.label, theme.tick_size, false, area.width() / 3.0),
                anchor: (
                    x + edge.outward.0 * distance,
                    y + edge.outward.1 * (distance + theme.tick_size / 2.0),
                ),
                align: alignment(edge.outward.0),
                size: theme.tick_size,
                bold: false,
                color: theme.faint_ink,
                turned: false,
            };
            if is_free(&text, &texts, 2.0) {
                texts.push(text);
            }
        }
    }
    for edge in edges {
        let label = if edge.along == 2 {
            height_label(projection, edge, &texts, area, theme)
        } else {
            ground_label(projection, edge, &texts, area, theme)
        };
        if !label.content.is_empty() {
            texts.push(label);
        }
    }
    texts
}

fn alignment(direction: f64) -> Align {
    if direction > STRAIGHT {
        Align::Start
    } else if direction < -STRAIGHT {
        Align::End
    } else {
        Align::Middle
    }
}

fn is_free(text: &Text, others: &[Text], apart: f64) -> bool {
    let bounds = text.bounds().inset(-apart);
    others.iter().all(|other| bounds.is_apart(&other.bounds()))
}

fn height_label(
    projection: &Projection,
    edge: &Edge<'_>,
    texts: &[Text],
    area: Rect,
    theme: &Theme,
) -> Text {
    let (x, middle) = place(projection, edge.at(0.5));
    let (_, low) = place(projection, edge.at(0.0));
    let left = texts
        .iter()
        .take(edge.ticks.major.len())
        .map(|text| text.bounds())
        .filter(|bounds| bounds.right <= x)
        .fold(x - TICK, |left, bounds| left.min(bounds.left));
    let label = |limit: f64| Text {
        content: font::fit(&edge.axis.label, theme.label_size, false, limit),
        anchor: (left - theme.gap - theme.label_size / 2.0, middle),
        align: Align::Middle,
        size: theme.label_size,
        bold: false,
        color: theme.ink,
        turned: true,
    };
    // It may be longer than the edge, where nothing is in its way.
    let whole = label(f64::INFINITY);
    let bounds = whole.bounds();
    if bounds.top >= area.top && bounds.bottom <= area.bottom && is_free(&whole, texts, 2.0) {
        return whole;
    }
    label(2.0 * (low - middle).abs())
}

fn ground_label(
    projection: &Projection,
    edge: &Edge<'_>,
    texts: &[Text],
    area: Rect,
    theme: &Theme,
) -> Text {
    const STEP: f64 = 2.0;
    let (x, y) = place(projection, edge.at(0.5));
    let content = font::fit(
        &edge.axis.label,
        theme.label_size,
        false,
        0.55 * area.width(),
    );
    let half = font::width(&content, theme.label_size, false) / 2.0;
    let distance = TICK + theme.gap + theme.label_size / 2.0;
    let x = (x + edge.outward.0 * distance).clamp(area.left + half, area.right - half);
    let mut label = Text {
        content,
        anchor: (x, y + distance),
        align: Align::Middle,
        size: theme.label_size,
        bold: false,
        color: theme.ink,
        turned: false,
    };
    let ends = [0.0, 1.0].map(|share| place(projection, edge.at(share)));
    let lowest = (area.bottom - label.anchor.1).max(0.0) + area.height();
    for _ in 0..(lowest / STEP) as usize {
        let crossed = label.bounds().inset(-TICK).clip(&ends);
        if crossed.is_empty() && is_free(&label, texts, theme.gap) {
            break;
        }
        label.anchor.1 += STEP;
    }
    label
}
