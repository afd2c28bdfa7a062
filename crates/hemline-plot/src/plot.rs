//! A plot: two axes, and layers of lines, points, histograms and rules between them.

use crate::axis::Axis;
use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::figure::Chart;
use crate::frame::Frame;
use crate::geometry::Rect;
use crate::heading;
use crate::legend::{self, LegendEntry};
use crate::scene::Scene;
use crate::theme::Theme;

/// Something that is drawn between the axes of a [`Plot`].
pub trait Layer: std::fmt::Debug {
    /// Widens the extents to the values that must be seen.
    fn extend(&self, x: &mut Extent, y: &mut Extent);

    /// Whether the layer takes the next colour of the palette.
    fn takes_color(&self) -> bool {
        true
    }

    /// What the legend says of it.
    fn legend(&self, theme: &Theme, color: Color) -> Vec<LegendEntry>;

    /// Draws it, and nothing outside the frame's area.
    fn draw(&self, scene: &mut Scene, frame: &Frame, color: Color);
}

/// A chart with an x and a y axis.
///
/// Layers are drawn in the order in which they are added, each in the next colour of the palette. The
/// legend stands above or beside the data; one series alone has none where the y axis says what it is.
#[derive(Debug)]
pub struct Plot {
    title: String,
    x: Axis,
    y: Axis,
    layers: Vec<Box<dyn Layer>>,
    always_legend: bool,
}

impl Plot {
    /// An empty plot with linear axes without labels; an empty title takes no room.
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            x: Axis::linear(""),
            y: Axis::linear(""),
            layers: Vec::new(),
            always_legend: false,
        }
    }

    /// Sets the x axis.
    #[must_use]
    pub fn x(mut self, axis: Axis) -> Self {
        self.x = axis;
        self
    }

    /// Sets the y axis.
    #[must_use]
    pub fn y(mut self, axis: Axis) -> Self {
        self.y = axis;
        self
    }

    /// Adds a layer on top of the others.
    #[must_use]
    pub fn layer(mut self, layer: impl Layer + 'static) -> Self {
        self.layers.push(Box::new(layer));
        self
    }

    /// Shows the legend for one entry too.
    #[must_use]
    pub fn with_legend(mut self) -> Self {
        self.always_legend = true;
        self
    }
}

impl Chart for Plot {
    fn title(&self) -> &str {
        &self.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        if self.layers.is_empty() {
            return Err(PlotError::empty(format!(
                "the list of layers of the chart {:?}",
                self.title
            )));
        }
        let (mut x, mut y) = (Extent::default(), Extent::default());
        for layer in &self.layers {
            layer.extend(&mut x, &mut y);
        }
        let x = self.x.fit(&x, &self.title)?;
        let y = self.y.fit(&y, &self.title)?;
        let mut colors = Vec::with_capacity(self.layers.len());
        let mut next = 0;
        for layer in &self.layers {
            colors.push(scene.theme().color(next));
            next += usize::from(layer.takes_color());
        }
        let entries: Vec<LegendEntry> = self
            .layers
            .iter()
            .zip(&colors)
            .flat_map(|(layer, &color)| layer.legend(scene.theme(), color))
            .filter(|entry| !entry.label.is_empty())
            .collect();
        heading::draw(scene, &mut area, &self.title);
        if entries.len() > 1 || self.always_legend {
            legend::draw(scene, &mut area, &entries);
        }
        let frame = Frame::draw(scene, area, x, y, &self.title)?;
        for (layer, color) in self.layers.iter().zip(colors) {
            layer.draw(scene, &frame, color);
        }
        Ok(())
    }
}
