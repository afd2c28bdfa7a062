//! The one place that draws axes: a frame with ticks, labels and grid, and the map from data to points.

use crate::axis::{FittedAxis, Scale};
use crate::error::PlotError;
use crate::font;
use crate::geometry::{Point, Rect};
use crate::scene::{Align, Scene, Text};
use crate::tick_layout::{
    MOST_FOR_LABELS, horizontal_ticks, label_room, name_depth, names_are_turned, overhang,
    vertical_ticks, widest,
};
use crate::ticks::Ticks;

/// Length of a labelled tick, in logical pixels.
const TICK: f64 = 4.0;

/// A plot with less than this for its data is refused.
const LEAST_WIDTH: f64 = 40.0;
const LEAST_HEIGHT: f64 = 30.0;

/// Axes that have been drawn: maps values to points of the scene.
#[derive(Clone, Debug)]
pub struct Frame {
    area: Rect,
    x: FittedAxis,
    y: FittedAxis,
}

impl Frame {
    /// The rectangle that the data may fill.
    pub fn area(&self) -> Rect {
        self.area
    }

    /// Where the value x lies, within the area or not; `None` for what the axis cannot show.
    pub fn x(&self, value: f64) -> Option<f64> {
        let fraction = self.x.fraction(value)?;
        Some(self.area.left + fraction * self.area.width())
    }

    /// Where the value y lies, within the area or not; `None` for what the axis cannot show.
    pub fn y(&self, value: f64) -> Option<f64> {
        let fraction = self.y.fraction(value)?;
        Some(self.area.bottom - fraction * self.area.height())
    }

    /// Where the pair lies; `None` for what one of the axes cannot show.
    pub fn point(&self, x: f64, y: f64) -> Option<Point> {
        Some((self.x(x)?, self.y(y)?))
    }

    /// Draws both axes into `area` and returns the frame that is left for the data of `chart`.
    pub(crate) fn draw(
        scene: &mut Scene,
        area: Rect,
        x: FittedAxis,
        y: FittedAxis,
        chart: &str,
    ) -> Result<Self, PlotError> {
        let theme = scene.theme().clone();
        let turned = names_are_turned(&x, &y, area, &theme);
        let below = TICK + theme.gap / 2.0 + name_depth(&x, area, turned, &theme);
        let mut plot = area;
        plot.top += theme.tick_size / 2.0;
        plot.bottom -= below + label_room(&x, &theme);
        let y_ticks = vertical_ticks(&y, plot.height(), &theme);
        let y_names = widest(&y_ticks, &theme).min(area.width() * MOST_FOR_LABELS);
        plot.left += y_names + TICK + theme.gap / 2.0 + label_room(&y, &theme);
        let mut x_ticks = horizontal_ticks(&x, plot.width(), turned, &theme);
        // The last label stands out on the right by up to half its width.
        for _ in 0..3 {
            plot.right -= overhang(&x, &x_ticks, plot, area.right, turned, &theme);
            x_ticks = horizontal_ticks(&x, plot.width(), turned, &theme);
        }
        if plot.width() < LEAST_WIDTH || plot.height() < LEAST_HEIGHT {
            let (width, height) = (plot.width().max(0.0), plot.height().max(0.0));
            return Err(PlotError::TooSmall {
                what: format!("the chart {chart:?}"),
                width,
                height,
            });
        }
        let frame = Self { area: plot, x, y };
        frame.draw_grid(scene, &x_ticks, &y_ticks);
        frame.draw_x(scene, &x_ticks, area, turned);
        draw_vertical_axis(scene, &frame.y, &y_ticks, plot, plot.left, y_names, false);
        draw_y_label(scene, &frame.y.label, area.left, plot);
        Ok(frame)
    }

    fn draw_grid(&self, scene: &mut Scene, x_ticks: &Ticks, y_ticks: &Ticks) {
        let Rect {
            left,
            top,
            right,
            bottom,
        } = self.area;
        let (color, width) = (scene.theme().grid, scene.theme().hairline);
        if !matches!(self.x.scale, Scale::Categories(_)) {
            for x in x_ticks.major.iter().filter_map(|tick| self.x(tick.value)) {
                scene.line([(x, top), (x, bottom)], color, width);
            }
        }
        if !matches!(self.y.scale, Scale::Categories(_)) {
            for y in y_ticks.major.iter().filter_map(|tick| self.y(tick.value)) {
                scene.line([(left, y), (right, y)], color, width);
            }
        }
    }

    fn draw_x(&self, scene: &mut Scene, ticks: &Ticks, area: Rect, turned: bool) {
        let theme = scene.theme().clone();
        let Rect {
            left,
            right,
            bottom,
            ..
        } = self.area;
        scene.line(
            [(left, bottom), (right, bottom)],
            theme.frame,
            theme.hairline,
        );
        for x in ticks.minor.iter().filter_map(|&value| self.x(value)) {
            scene.line(
                [(x, bottom), (x, bottom + TICK / 2.0)],
                theme.frame,
                theme.hairline,
            );
        }
        let depth = name_depth(&self.x, area, turned, &theme);
        let names_top = bottom + TICK + theme.gap / 2.0;
        for tick in &ticks.major {
            let Some(x) = self.x(tick.value) else {
                continue;
            };
            scene.line(
                [(x, bottom), (x, bottom + TICK)],
                theme.frame,
                theme.hairline,
            );
            let down = if turned { 0.0 } else { theme.tick_size / 2.0 };
            let limit = if turned { depth } else { f64::INFINITY };
            scene.text(Text {
                content: font::fit(&tick.label, theme.tick_size, false, limit),
                anchor: (x, names_top + down),
                align: if turned { Align::End } else { Align::Middle },
                size: theme.tick_size,
                bold: false,
                color: theme.faint_ink,
                turned,
            });
        }
        scene.text(Text {
            content: font::fit(&self.x.label, theme.label_size, false, self.area.width()),
            anchor: (
                self.area.center().0,
                names_top + depth + 0.8 * theme.gap + theme.label_size / 2.0,
            ),
            align: Align::Middle,
            size: theme.label_size,
            bold: false,
            color: theme.ink,
            turned: false,
        });
    }
}

/// Draws a vertical axis at `x`, from the bottom to the top of `plot`, with its names to the left; where
/// they stand `on_lines`, each gets a ground of its own.
pub(crate) fn draw_vertical_axis(
    scene: &mut Scene,
    axis: &FittedAxis,
    ticks: &Ticks,
    plot: Rect,
    x: f64,
    names: f64,
    on_lines: bool,
) {
    let theme = scene.theme().clone();
    let at = |value: f64| Some(plot.bottom - axis.fraction(value)? * plot.height());
    scene.line(
        [(x, plot.top), (x, plot.bottom)],
        theme.frame,
        theme.hairline,
    );
    for y in ticks.minor.iter().filter_map(|&value| at(value)) {
        scene.line([(x - TICK / 2.0, y), (x, y)], theme.frame, theme.hairline);
    }
    for tick in &ticks.major {
        let Some(y) = at(tick.value) else { continue };
        scene.line([(x - TICK, y), (x, y)], theme.frame, theme.hairline);
        let name = Text {
            // Half a pixel for rounding, or the widest name would be cut.
            content: font::fit(&tick.label, theme.tick_size, false, names + 0.5),
            anchor: (x - TICK - theme.gap / 2.0, y),
            align: Align::End,
            size: theme.tick_size,
            bold: false,
            color: theme.faint_ink,
            turned: false,
        };
        if on_lines {
            scene.rectangle(name.bounds().inset(-2.0), theme.background.with_alpha(0.8));
        }
        scene.text(name);
    }
}

fn draw_y_label(scene: &mut Scene, label: &str, left: f64, plot: Rect) {
    let theme = scene.theme().clone();
    scene.text(Text {
        content: font::fit(label, theme.label_size, false, plot.height()),
        anchor: (left + theme.label_size / 2.0, plot.center().1),
        align: Align::Middle,
        size: theme.label_size,
        bold: false,
        color: theme.ink,
        turned: true,
    });
}
