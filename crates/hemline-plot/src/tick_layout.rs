//! How much room the labels of axes need, and how many of them have room.

use crate::axis::{FittedAxis, Scale};
use crate::font;
use crate::geometry::Rect;
use crate::theme::Theme;
use crate::ticks::{Tick, Ticks};

/// Labels take at most this share of a frame's width or height; longer ones are cut.
pub(crate) const MOST_FOR_LABELS: f64 = 0.4;

/// The room of an axis' label and of the gap beside it.
pub(crate) fn label_room(axis: &FittedAxis, theme: &Theme) -> f64 {
    if axis.label.is_empty() {
        0.0
    } else {
        theme.label_size + theme.gap
    }
}

fn name_width(tick: &Tick, theme: &Theme) -> f64 {
    font::width(&tick.label, theme.tick_size, false)
}

/// The width of the widest tick label.
pub(crate) fn widest(ticks: &Ticks, theme: &Theme) -> f64 {
    ticks
        .major
        .iter()
        .map(|tick| name_width(tick, theme))
        .fold(0.0, f64::max)
}

/// The room under the ticks that the names of the x axis need.
pub(crate) fn name_depth(x: &FittedAxis, area: Rect, turned: bool, theme: &Theme) -> f64 {
    if turned {
        widest(&x.ticks(0), theme).min(area.height() * MOST_FOR_LABELS)
    } else {
        theme.tick_size
    }
}

/// Names that are too long to stand side by side are written from bottom to top.
pub(crate) fn names_are_turned(x: &FittedAxis, y: &FittedAxis, area: Rect, theme: &Theme) -> bool {
    let Scale::Categories(names) = &x.scale else {
        return false;
    };
    let beside =
        widest(&y.ticks(5), theme).min(area.width() * MOST_FOR_LABELS) + 2.0 * theme.label_size;
    let room = (area.width() - beside) / names.len().max(1) as f64;
    widest(&x.ticks(0), theme) + theme.gap > room
}

/// The ticks of a vertical axis of this height; names of categories that would collide are thinned out.
pub(crate) fn vertical_ticks(axis: &FittedAxis, height: f64, theme: &Theme) -> Ticks {
    const LINES_PER_TICK: f64 = 3.2;
    let count = (height / (theme.tick_size * LINES_PER_TICK)).clamp(2.0, 20.0) as usize;
    thinned(
        axis.ticks(count),
        height,
        theme.tick_size * 1.15,
        &axis.scale,
    )
}

/// As many ticks of the x axis as have room for their labels.
pub(crate) fn horizontal_ticks(
    axis: &FittedAxis,
    width: f64,
    turned: bool,
    theme: &Theme,
) -> Ticks {
    const SHORTEST: f64 = 55.0;
    if matches!(axis.scale, Scale::Categories(_)) {
        let each = if turned { theme.tick_size * 1.15 } else { 0.0 };
        return thinned(axis.ticks(0), width, each, &axis.scale);
    }
    let mut count = (width / SHORTEST).clamp(2.0, 12.0) as usize;
    loop {
        let ticks = axis.ticks(count);
        if count <= 2 || labels_are_apart(axis, &ticks, width, theme) {
            return ticks;
        }
        count -= 1;
    }
}

fn labels_are_apart(axis: &FittedAxis, ticks: &Ticks, width: f64, theme: &Theme) -> bool {
    ticks.major.windows(2).all(|pair| {
        let at = |tick: &Tick| axis.fraction(tick.value).unwrap_or(0.0) * width;
        let apart = (at(&pair[1]) - at(&pair[0])).abs();
        apart >= (name_width(&pair[0], theme) + name_width(&pair[1], theme)) / 2.0 + theme.gap
    })
}

/// Every k-th name where there are more of them than fit.
fn thinned(mut ticks: Ticks, length: f64, each: f64, scale: &Scale) -> Ticks {
    if matches!(scale, Scale::Categories(_)) && length > 0.0 {
        let every = (ticks.major.len() as f64 * each / length).ceil().max(1.0) as usize;
        ticks.major = ticks.major.into_iter().step_by(every).collect();
    }
    ticks
}

/// How far the last label of the x axis stands out beyond `limit`.
pub(crate) fn overhang(
    axis: &FittedAxis,
    ticks: &Ticks,
    plot: Rect,
    limit: f64,
    turned: bool,
    theme: &Theme,
) -> f64 {
    if turned {
        return 0.0;
    }
    let end = |tick: &Tick| {
        let fraction = axis.fraction(tick.value).unwrap_or(0.0);
        plot.left + fraction * plot.width() + name_width(tick, theme) / 2.0
    };
    (ticks.major.iter().map(end).fold(limit, f64::max) - limit).ceil()
}
