//! One small image with its caption.

use crate::color::{Color, ColorMap};
use crate::error::PlotError;

/// The colour of a pixel that is NaN or infinite: one that no shade of grey can be taken for.
const MISSING: Color = Color::hex(0xff_00_aa);

/// One image of a grid with the lines of its caption.
#[derive(Clone, Debug)]
pub struct Tile {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[u8; 3]>,
    pub(crate) caption: Vec<String>,
}

impl Tile {
    /// A grey image of bytes, 0 black to 255 white, row by row from the top.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] for an image without pixels; [`PlotError::LengthMismatch`] where `pixels` does
    /// not fill it.
    pub fn gray(width: usize, height: usize, pixels: &[u8]) -> Result<Self, PlotError> {
        Self::build(width, height, pixels, |&value| [value; 3])
    }

    /// A grey image of numbers, 0 black to 1 white; others are cut to that range, NaN stands out.
    ///
    /// # Errors
    ///
    /// As [`Self::gray`].
    pub fn gray_unit(width: usize, height: usize, pixels: &[f32]) -> Result<Self, PlotError> {
        Self::build(width, height, pixels, |&value| {
            if value.is_finite() {
                [(value.clamp(0.0, 1.0) * 255.0).round() as u8; 3]
            } else {
                MISSING.rgb()
            }
        })
    }

    /// Numbers as colours, `low` to `high` over the map: an error, say; NaN stands out.
    ///
    /// # Errors
    ///
    /// As [`Self::gray`]; [`PlotError::InvalidValue`] for a range that is not finite or not in order.
    pub fn mapped(
        width: usize,
        height: usize,
        pixels: &[f32],
        (low, high): (f32, f32),
        map: ColorMap,
    ) -> Result<Self, PlotError> {
        if !(low.is_finite() && high.is_finite() && low < high) {
            let expected = "two finite ends, the first below the second";
            return Err(PlotError::invalid(
                "the range of an image",
                expected,
                format!("{low} to {high}"),
            ));
        }
        let (low, high) = (f64::from(low), f64::from(high));
        Self::build(width, height, pixels, |&value| {
            let share = (f64::from(value) - low) / (high - low);
            if value.is_finite() {
                map.at(share).rgb()
            } else {
                MISSING.rgb()
            }
        })
    }

    fn build<T>(
        width: usize,
        height: usize,
        pixels: &[T],
        color: impl Fn(&T) -> [u8; 3],
    ) -> Result<Self, PlotError> {
        if width == 0 || height == 0 {
            return Err(PlotError::empty(format!(
                "the image of {width} × {height} pixels"
            )));
        }
        let what = format!("the pixels of an image of {width} × {height}");
        PlotError::check_length(what, width.saturating_mul(height), pixels.len())?;
        Ok(Self {
            width,
            height,
            pixels: pixels.iter().map(color).collect(),
            caption: Vec::new(),
        })
    }

    /// Shows dark for bright, as ink on paper.
    #[must_use]
    pub fn inverted(mut self) -> Self {
        for channel in self.pixels.as_flattened_mut() {
            *channel = 255 - *channel;
        }
        self
    }

    /// Sets the caption; every line of it is a line below the image.
    #[must_use]
    pub fn caption(mut self, caption: &str) -> Self {
        self.caption = caption.lines().map(str::to_owned).collect();
        self
    }
}
