//! Horizontal bars with their values: importances, counts, scores.

use crate::axis::Axis;
use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::figure::Chart;
use crate::font;
use crate::frame::Frame;
use crate::geometry::Rect;
use crate::heading;
use crate::number;
use crate::scene::{Align, Scene, Text};

/// The share of a bar's row that the bar fills.
const BAR_SHARE: f64 = 0.68;

/// Room for the values beyond the longest bar, as a share of the axis.
const ROOM_FOR_VALUES: f64 = 0.16;

/// Horizontal bars from zero, the first at the top, with the value beside each.
///
/// A value that is NaN or infinite has no bar; it is written where the bar would start.
#[derive(Clone, Debug)]
pub struct BarChart {
    title: String,
    axis_label: String,
    names: Vec<String>,
    values: Vec<f64>,
    color: Option<Color>,
}

impl BarChart {
    /// A bar for each name.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without names; [`PlotError::LengthMismatch`] where names and values disagree.
    pub fn new<S: AsRef<str>>(
        title: impl Into<String>,
        axis_label: impl Into<String>,
        names: &[S],
        values: &[f64],
    ) -> Result<Self, PlotError> {
        let title = title.into();
        if names.is_empty() {
            return Err(PlotError::empty(format!("the list of bars of {title:?}")));
        }
        PlotError::check_length(
            format!("the values of {title:?}"),
            names.len(),
            values.len(),
        )?;
        Ok(Self {
            title,
            axis_label: axis_label.into(),
            names: names.iter().map(|name| name.as_ref().to_owned()).collect(),
            values: values.to_vec(),
            color: None,
        })
    }

    /// Sets the colour of the bars.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }

    /// The extent of the bars with room for the values beyond their ends.
    fn extent(&self) -> Extent {
        let mut extent = Extent::of(self.values.iter().copied());
        extent.include([0.0]);
        let widened = 1.0 + ROOM_FOR_VALUES;
        extent.include(self.values.iter().map(|value| value * widened));
        extent
    }
}

impl Chart for BarChart {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        if self.values.iter().all(|value| !value.is_finite()) {
            return Err(PlotError::NothingFinite {
                what: format!("the chart {:?}", self.title),
                axis: format!("the axis {:?}", self.axis_label),
            });
        }
        let x = Axis::linear(self.axis_label.as_str())
            .tight()
            .fit(&self.extent(), &self.title)?;
        let y = Axis::categories("", self.names.iter().cloned())
            .reversed()
            .fit(&Extent::default(), &self.title)?;
        heading::draw(scene, &mut area, &self.title);
        let frame = Frame::draw(scene, area, x, y, &self.title)?;
        let theme = scene.theme().clone();
        let plot = frame.area();
        let color = self.color.unwrap_or_else(|| theme.color(0));
        let zero = frame.x(0.0).unwrap_or(plot.left);
        let row = plot.height() / self.names.len() as f64;
        let labelled = row >= theme.tick_size * 0.9;
        for (index, &value) in self.values.iter().enumerate() {
            let Some(y) = frame.y(index as f64) else {
                continue;
            };
            // A value beyond what an axis can show ends at its edge.
            let end = frame.x(value).unwrap_or(zero).clamp(plot.left, plot.right);
            let half = row * BAR_SHARE / 2.0;
            scene.rectangle(
                Rect::new(zero.min(end), y - half, zero.max(end), y + half),
                color,
            );
            if labelled {
                let backwards = value < 0.0;
                let shift = if backwards { -theme.gap } else { theme.gap };
                let limit = if backwards {
                    end - plot.left
                } else {
                    plot.right - end
                } - theme.gap;
                scene.text(Text {
                    content: font::fit(&number::short(value), theme.tick_size, false, limit),
                    anchor: (end + shift, y),
                    align: if backwards { Align::End } else { Align::Start },
                    size: theme.tick_size,
                    bold: false,
                    color: theme.ink,
                    turned: false,
                });
            }
        }
        if self.values.iter().any(|&value| value < 0.0) {
            scene.line(
                [(zero, plot.top), (zero, plot.bottom)],
                theme.frame,
                theme.hairline,
            );
        }
        Ok(())
    }
}
