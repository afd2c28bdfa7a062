//! Several charts in one figure, in rows and columns.

use crate::error::PlotError;
use crate::figure::Chart;
use crate::geometry::Rect;
use crate::heading;
use crate::scene::Scene;

/// Charts below or beside each other, each with a share of the room. Panels may hold panels.
///
/// ```
/// use hemline_plot::{BarChart, Figure, Line, Panels, Plot};
///
/// let history = Plot::new("History").layer(Line::new("best", &[1.0, 2.0, 3.0], &[0.8, 0.87, 0.88])?);
/// let importance = BarChart::new("Importance", "share", &["learning rate", "units"], &[0.8, 0.2])?;
/// let figure = Figure::new(Panels::columns().panel(1.0, history).panel(1.0, importance));
/// assert!(figure.to_svg()?.contains("learning rate"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Debug)]
pub struct Panels {
    title: String,
    down: bool,
    panels: Vec<(f64, Box<dyn Chart>)>,
}

impl Panels {
    /// Panels from top to bottom.
    pub fn rows() -> Self {
        Self {
            title: String::new(),
            down: true,
            panels: Vec::new(),
        }
    }

    /// Panels from left to right.
    pub fn columns() -> Self {
        Self {
            title: String::new(),
            down: false,
            panels: Vec::new(),
        }
    }

    /// Sets the title above all of them.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Adds a panel; `weight` is its share of the room in relation to the others', positive and finite.
    #[must_use]
    pub fn panel(mut self, weight: f64, chart: impl Chart + 'static) -> Self {
        self.panels.push((weight, Box::new(chart)));
        self
    }
}

impl Chart for Panels {
    fn title(&self) -> &str {
        match self.panels.first() {
            Some((_, chart)) if self.title.is_empty() => chart.title(),
            _ => &self.title,
        }
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        if self.panels.is_empty() {
            return Err(PlotError::empty("the list of panels"));
        }
        if let Some((weight, chart)) = self
            .panels
            .iter()
            .find(|(weight, _)| !(weight.is_finite() && *weight > 0.0))
        {
            let what = format!("the weight of the panel {:?}", chart.title());
            return Err(PlotError::invalid(what, "a finite positive number", weight));
        }
        heading::draw(scene, &mut area, &self.title);
        let gap = 2.5 * scene.theme().gap;
        let length = if self.down {
            area.height()
        } else {
            area.width()
        };
        let room = length - gap * (self.panels.len() - 1) as f64;
        let largest = self
            .panels
            .iter()
            .map(|(weight, _)| *weight)
            .fold(0.0, f64::max);
        // Divided by the largest, so that the sum of large weights stays finite.
        let total: f64 = self.panels.iter().map(|(weight, _)| weight / largest).sum();
        let mut start = if self.down { area.top } else { area.left };
        for (weight, chart) in &self.panels {
            let end = start + room * (weight / largest) / total;
            let part = if self.down {
                Rect {
                    top: start,
                    bottom: end,
                    ..area
                }
            } else {
                Rect {
                    left: start,
                    right: end,
                    ..area
                }
            };
            chart.draw(scene, part)?;
            start = end + gap;
        }
        Ok(())
    }
}
