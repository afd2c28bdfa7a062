//! A figure: one chart, or panels of charts, as PNG bytes, an SVG document or a file.

use std::path::Path;

use crate::color::Color;
use crate::error::PlotError;
use crate::geometry::Rect;
use crate::png_image;
use crate::raster;
use crate::scene::{Mark, Scene};
use crate::svg;
use crate::theme::Theme;
use crate::write;

/// Anything that can draw itself into a rectangle.
pub trait Chart: std::fmt::Debug {
    /// Draws the chart into `area` of `scene`; nothing of it may lie outside.
    ///
    /// # Errors
    ///
    /// Data that the chart cannot show, or an area without room for them.
    fn draw(&self, scene: &mut Scene, area: Rect) -> Result<(), PlotError>;

    /// What the chart shows, in a few words, for readers who cannot see it.
    fn title(&self) -> &str;
}

/// The device pixels of a figure are limited, so that a slip in the size is an error and not a machine
/// without memory: drawing this many takes some 2 GB.
const MOST_PIXELS: u64 = 1 << 26;

/// A chart with a size, ready to be written.
///
/// The same drawing becomes PNG and SVG; the same input gives the same bytes on every machine.
///
/// ```
/// use hemline_plot::{Axis, Figure, Line, Plot};
///
/// let iterations = [1.0, 2.0, 3.0, 4.0];
/// let loss = [2.3, 0.9, 0.6, 0.5];
/// let plot = Plot::new("Training loss")
///     .x(Axis::linear("iteration").whole_numbers())
///     .y(Axis::linear("cross-entropy (nats)"))
///     .layer(Line::new("training", &iterations, &loss)?);
/// let figure = Figure::new(plot).size(640.0, 400.0).pixel_ratio(2.0);
/// assert!(figure.to_svg()?.contains("cross-entropy (nats)"));
/// assert!(figure.to_png()?.starts_with(b"\x89PNG"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Debug)]
pub struct Figure {
    chart: Box<dyn Chart>,
    width: f64,
    height: f64,
    pixel_ratio: f64,
    theme: Theme,
}

impl Figure {
    /// A figure of 800 × 500 logical pixels with 2 device pixels per logical pixel.
    pub fn new(chart: impl Chart + 'static) -> Self {
        Self {
            chart: Box::new(chart),
            width: 800.0,
            height: 500.0,
            pixel_ratio: 2.0,
            theme: Theme::default(),
        }
    }

    /// Sets width and height in logical pixels.
    #[must_use]
    pub fn size(mut self, width: f64, height: f64) -> Self {
        self.width = width;
        self.height = height;
        self
    }

    /// Sets the device pixels per logical pixel of PNG images: 1 for plain screens, 2 for fine ones.
    #[must_use]
    pub fn pixel_ratio(mut self, pixel_ratio: f64) -> Self {
        self.pixel_ratio = pixel_ratio;
        self
    }

    /// Sets the look.
    #[must_use]
    pub fn theme(mut self, theme: Theme) -> Self {
        self.theme = theme;
        self
    }

    /// What the figure shows.
    pub fn title(&self) -> &str {
        self.chart.title()
    }

    /// Width and height in logical pixels.
    pub fn logical_size(&self) -> (f64, f64) {
        (self.width, self.height)
    }

    /// The figure as a PNG file's bytes.
    ///
    /// # Errors
    ///
    /// [`PlotError::InvalidSize`], and whatever the chart cannot draw.
    pub fn to_png(&self) -> Result<Vec<u8>, PlotError> {
        let scene = self.scene()?;
        let [columns, rows] = [self.width, self.height]
            .map(|length| ((length * self.pixel_ratio).round() as usize).max(1));
        let image = raster::render(&scene, columns, rows, self.pixel_ratio)?;
        png_image::encode(&image, columns, rows, Some(self.pixel_ratio))
    }

    /// The figure as an SVG document.
    ///
    /// # Errors
    ///
    /// As [`Self::to_png`].
    pub fn to_svg(&self) -> Result<String, PlotError> {
        svg::render(&self.scene()?, self.width, self.height, self.title())
    }

    /// Writes the figure as PNG or SVG, as the extension of `path` says, under a temporary name first.
    ///
    /// # Errors
    ///
    /// [`PlotError::UnsupportedExtension`], [`PlotError::Write`], and those of [`Self::to_png`].
    pub fn save(&self, path: impl AsRef<Path>) -> Result<(), PlotError> {
        let path = path.as_ref();
        let found = path
            .extension()
            .map(|text| text.to_string_lossy().into_owned())
            .unwrap_or_default();
        let bytes = match found.to_ascii_lowercase().as_str() {
            "png" => self.to_png()?,
            "svg" => self.to_svg()?.into_bytes(),
            _ => {
                return Err(PlotError::UnsupportedExtension {
                    path: path.to_owned(),
                    found,
                });
            }
        };
        write::write(path, &bytes)
    }

    /// Everything that is drawn, in logical pixels.
    pub(crate) fn scene(&self) -> Result<Scene, PlotError> {
        let Self {
            width,
            height,
            pixel_ratio,
            ..
        } = *self;
        let pixels = width * pixel_ratio * height * pixel_ratio;
        let positive = [width, height, pixel_ratio]
            .iter()
            .all(|&value| value.is_finite() && value > 0.0);
        if !positive || pixels > MOST_PIXELS as f64 || width.max(height) > Scene::FARTHEST {
            return Err(PlotError::InvalidSize {
                width,
                height,
                pixel_ratio,
                limit: MOST_PIXELS,
            });
        }
        let whole = Rect::new(0.0, 0.0, width, height);
        let mut scene = Scene::new(self.theme.clone());
        scene.rectangle(
            whole,
            Color {
                alpha: 1.0,
                ..self.theme.background
            },
        );
        self.chart
            .draw(&mut scene, whole.inset(self.theme.margin))?;
        Ok(scene)
    }

    /// The texts of the figure and where they are, for tests of their places.
    #[doc(hidden)]
    pub fn text_boxes(&self) -> Result<Vec<(String, Rect)>, PlotError> {
        let scene = self.scene()?;
        let boxes = scene.marks().iter().filter_map(|mark| match mark {
            Mark::Text(text) => Some((text.content.clone(), text.bounds())),
            _ => None,
        });
        Ok(boxes.collect())
    }
}
