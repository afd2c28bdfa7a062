//! The key to colour maps: strips of their colours with an axis.

use crate::axis::FittedAxis;
use crate::color::Color;
use crate::font;
use crate::geometry::Rect;
use crate::scene::{Align, Scene, Text};
use crate::tick_layout::{vertical_ticks, widest};

/// Width of a strip, in logical pixels, and the most that several strips take together.
const WIDTH: f64 = 13.0;
const MOST_WIDTH: f64 = 30.0;

/// Length of a tick.
const TICK: f64 = 4.0;

/// Colours in the strip: more than the eye can tell apart.
const STEPS: usize = 256;

/// Draws the key along the right edge of `area`, from `top` to `bottom`, and takes its room from it: one
/// strip for each of `maps`, which take a share from 0 to 1.
pub(crate) fn draw(
    scene: &mut Scene,
    area: &mut Rect,
    (top, bottom): (f64, f64),
    axis: &FittedAxis,
    maps: &[&dyn Fn(f64) -> Color],
) {
    let theme = scene.theme().clone();
    let height = bottom - top;
    let ticks = vertical_ticks(axis, height, &theme);
    let names = widest(&ticks, &theme);
    let label_room = if axis.label.is_empty() {
        0.0
    } else {
        theme.gap + theme.label_size
    };
    let right = area.right - label_room - names - TICK - theme.gap / 2.0;
    let width = WIDTH.min(MOST_WIDTH / maps.len().max(1) as f64);
    let left = right - width * maps.len() as f64;
    for (index, map) in maps.iter().enumerate() {
        let left = left + width * index as f64;
        draw_strip(scene, Rect::new(left, top, left + width, bottom), map);
    }
    for tick in &ticks.major {
        let Some(fraction) = axis.fraction(tick.value) else {
            continue;
        };
        let y = bottom - fraction * height;
        scene.line([(right, y), (right + TICK, y)], theme.frame, theme.hairline);
        scene.text(Text {
            content: tick.label.clone(),
            anchor: (right + TICK + theme.gap / 2.0, y),
            align: Align::Start,
            size: theme.tick_size,
            bold: false,
            color: theme.faint_ink,
            turned: false,
        });
    }
    scene.text(Text {
        content: font::fit(&axis.label, theme.label_size, false, height),
        anchor: (area.right - theme.label_size / 2.0, (top + bottom) / 2.0),
        align: Align::Middle,
        size: theme.label_size,
        bold: false,
        color: theme.ink,
        turned: true,
    });
    area.right = left - 2.0 * theme.gap;
}

/// Draws the colours of the shares 0 to 1 from the bottom to the top of `strip`.
pub(crate) fn draw_strip(scene: &mut Scene, strip: Rect, color: impl Fn(f64) -> Color) {
    let share = |step: usize| 1.0 - (step as f64 + 0.5) / STEPS as f64;
    scene.image(
        strip,
        1,
        (0..STEPS).map(|step| color(share(step)).rgb()).collect(),
    );
}
