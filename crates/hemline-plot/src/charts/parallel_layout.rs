//! Where the axes of parallel coordinates stand, and how a line runs from one to the next.

use crate::axis::FittedAxis;
use crate::charts::parallel_axes::Dimension;
use crate::error::PlotError;
use crate::font;
use crate::geometry::{Point, Rect};
use crate::scene::{Align, Scene, Text};
use crate::theme::Theme;
use crate::tick_layout::{vertical_ticks, widest};

/// Straight pieces per curve between two axes.
const PIECES: usize = 32;

/// Below the axes pass the items that have no value there.
const ROOM_BELOW: f64 = 12.0;

/// Names of ticks take at most this share of the distance between axes.
const NAMES_SHARE: f64 = 0.6;

/// Length of the ticks and of the space between them and their names.
const TICK_ROOM: f64 = 8.0;

/// Width of the strip of colours beside the axis of the score, the last one.
const STRIP: f64 = 12.0;

/// Titles of axes have this many lines at most.
const TITLE_LINES: usize = 2;

/// The places of the axes.
#[derive(Debug)]
pub(crate) struct ParallelLayout {
    /// From the first axis to the last, and from their tops to their bottoms.
    pub(crate) plot: Rect,
    /// The x of each axis.
    pub(crate) places: Vec<f64>,
    /// The width that names of ticks may have.
    pub(crate) names: f64,
    /// The distance between axes.
    step: f64,
    /// Where the titles of the axes end.
    titles: f64,
}

impl ParallelLayout {
    /// Lays out two or more axes in `area`.
    pub(crate) fn new(
        area: Rect,
        dimensions: &[&Dimension],
        axes: &[FittedAxis],
        theme: &Theme,
        chart: &str,
    ) -> Result<Self, PlotError> {
        let is_missing = |(dimension, axis): (&&Dimension, &FittedAxis)| {
            let mut values = dimension.values().iter();
            values.any(|&value| axis.fraction(value).is_none())
        };
        let below = if dimensions.iter().zip(axes).any(is_missing) {
            2.0 * ROOM_BELOW
        } else {
            theme.tick_size / 2.0
        };
        let titles = area.top + TITLE_LINES as f64 * theme.tick_size * font::LINE_HEIGHT;
        let mut plot = area;
        plot.top = titles + theme.gap;
        plot.bottom -= below;
        let ticks = vertical_ticks(&axes[0], plot.height(), theme);
        let first_names = (widest(&ticks, theme) + TICK_ROOM).min(plot.width() * 0.2);
        let each = plot.width() / axes.len() as f64;
        // A title that is wider than its axis' share is broken or cut.
        let half_title = |dimension: &Dimension| {
            0.5 * font::width(dimension.label(), theme.tick_size, true).min(each)
        };
        plot.left += first_names.max(half_title(dimensions[0]));
        plot.right -= STRIP.max(half_title(dimensions[dimensions.len() - 1]));
        let step = plot.width() / (axes.len() - 1) as f64;
        if step < 4.0 * theme.tick_size || plot.height() < 6.0 * theme.tick_size {
            return Err(PlotError::TooSmall {
                what: format!("the chart {chart:?}"),
                width: plot.width().max(0.0),
                height: plot.height().max(0.0),
            });
        }
        let places = (0..axes.len())
            .map(|index| plot.left + step * index as f64)
            .collect();
        let names = step * NAMES_SHARE - TICK_ROOM;
        Ok(Self {
            plot,
            places,
            names,
            step,
            titles,
        })
    }

    /// The strip of colours to the right of the last axis.
    pub(crate) fn strip(&self) -> Rect {
        let right = self.plot.right;
        Rect {
            left: right + 2.0,
            right: right + STRIP,
            ..self.plot
        }
    }

    /// The line that crosses each axis at its fraction, or passes below it where there is none.
    pub(crate) fn line(&self, fractions: &[Option<f64>]) -> Vec<Point> {
        let plot = self.plot;
        let crossing = |(&x, fraction): (&f64, &Option<f64>)| {
            let y = fraction.map_or(plot.bottom + ROOM_BELOW, |f| {
                plot.bottom - f * plot.height()
            });
            (x, y.clamp(plot.top, plot.bottom + ROOM_BELOW))
        };
        let crossings: Vec<Point> = self.places.iter().zip(fractions).map(crossing).collect();
        let mut points: Vec<Point> = crossings.first().copied().into_iter().collect();
        for pair in crossings.windows(2) {
            points.extend(curve(pair[0], pair[1]));
        }
        points
    }

    /// Draws the title of the axis at `x`.
    pub(crate) fn draw_title(&self, scene: &mut Scene, label: &str, x: f64) {
        let (size, color, gap) = (
            scene.theme().tick_size,
            scene.theme().ink,
            scene.theme().gap,
        );
        let lines = font::wrap(label, size, true, self.step - gap, TITLE_LINES);
        let height = size * font::LINE_HEIGHT;
        let mut y = self.titles - height * (lines.len() as f64 - 0.5);
        for content in lines {
            scene.text(Text {
                content,
                anchor: (x, y),
                align: Align::Middle,
                size,
                bold: true,
                color,
                turned: false,
            });
            y += height;
        }
    }
}

/// A curve that leaves and enters both axes at a right angle: a cubic with horizontal tangents.
fn curve(from: Point, to: Point) -> impl Iterator<Item = Point> {
    (1..=PIECES).map(move |piece| {
        let t = piece as f64 / PIECES as f64;
        let smooth = t * t * (3.0 - 2.0 * t);
        (
            from.0 + (to.0 - from.0) * t,
            from.1 + (to.1 - from.1) * smooth,
        )
    })
}
