//! Points of one kind.

use crate::color::Color;
use crate::error::PlotError;
use crate::extent::Extent;
use crate::frame::Frame;
use crate::layers::class_points::ClassPoints;
use crate::legend::LegendEntry;
use crate::plot::Layer;
use crate::scene::Scene;
use crate::theme::Theme;

/// Points of one kind; those with a NaN or infinite coordinate are left out.
#[derive(Clone, Debug)]
pub struct Points {
    inner: ClassPoints,
    color: Option<Color>,
}

impl Points {
    /// The points (x₀, y₀), (x₁, y₁) ….
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without points; [`PlotError::LengthMismatch`] where x and y disagree.
    pub fn new(name: impl Into<String>, x: &[f64], y: &[f64]) -> Result<Self, PlotError> {
        let name: String = name.into();
        let inner = ClassPoints::new(x, y, &vec![0; x.len()], &[name])?;
        Ok(Self { inner, color: None })
    }

    /// Sets the colour.
    #[must_use]
    pub fn color(mut self, color: Color) -> Self {
        self.color = Some(color);
        self
    }
}

impl Layer for Points {
    fn extend(&self, x: &mut Extent, y: &mut Extent) {
        self.inner.extend(x, y);
    }

    fn takes_color(&self) -> bool {
        self.color.is_none()
    }

    fn legend(&self, _: &Theme, color: Color) -> Vec<LegendEntry> {
        self.inner.entries(|_| self.color.unwrap_or(color))
    }

    fn draw(&self, scene: &mut Scene, frame: &Frame, color: Color) {
        let color = self.color.unwrap_or(color);
        self.inner.draw_in(scene, frame, |_| color);
    }
}
