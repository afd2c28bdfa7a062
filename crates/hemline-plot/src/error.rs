//! The one error of the crate: what could not be drawn or written, and why.

use std::error::Error;
use std::path::PathBuf;

/// Why a chart could not be built, drawn or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PlotError {
    /// A chart or series was given nothing at all.
    #[error("{what} is empty: expected at least one item")]
    Empty {
        /// What was empty.
        what: String,
    },
    /// Two slices that belong together disagree in length.
    #[error("{what}: expected {expected} values, found {found}")]
    LengthMismatch {
        /// The slice that is too short or too long.
        what: String,
        /// The length that the other data asks for.
        expected: usize,
        /// The length that was given.
        found: usize,
    },
    /// Every value is NaN, infinite, or not positive on a logarithmic axis.
    #[error(
        "{what} has no value that {axis} can show: every value is NaN, infinite or out of its domain"
    )]
    NothingFinite {
        /// The chart.
        what: String,
        /// The axis, or the colour scale.
        axis: String,
    },
    /// A value lies outside its domain.
    #[error("{what}: expected {expected}, found {found}")]
    InvalidValue {
        /// The name of the value.
        what: String,
        /// Its domain.
        expected: String,
        /// The value, as text.
        found: String,
    },
    /// A figure's size or pixel ratio cannot be drawn.
    #[error(
        "a figure of {width} × {height} at pixel ratio {pixel_ratio} cannot be drawn: \
         expected finite positive numbers and at most {limit} pixels"
    )]
    InvalidSize {
        /// Width in logical pixels.
        width: f64,
        /// Height in logical pixels.
        height: f64,
        /// Device pixels per logical pixel.
        pixel_ratio: f64,
        /// The largest number of device pixels that is accepted.
        limit: u64,
    },
    /// The labels leave no room for the data.
    #[error(
        "{what} has {width:.0} × {height:.0} left for its data after titles, labels and legend: \
         make the figure larger"
    )]
    TooSmall {
        /// The chart.
        what: String,
        /// Width that is left, in logical pixels.
        width: f64,
        /// Height that is left, in logical pixels.
        height: f64,
    },
    /// The file's extension is none that a figure can be written as.
    #[error("cannot tell the format of {}: expected the extension .png or .svg, found {found:?}", path.display())]
    UnsupportedExtension {
        /// The file.
        path: PathBuf,
        /// Its extension, empty where there is none.
        found: String,
    },
    /// The file could not be written; nothing was left under its name.
    #[error("cannot write {}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// The PNG encoder failed.
    #[error("cannot encode a PNG image")]
    Encode(#[from] png::EncodingError),
    /// The drawing library failed.
    #[error("the drawing backend failed")]
    Backend(#[source] Box<dyn Error + Send + Sync>),
}

impl PlotError {
    pub(crate) fn empty(what: impl Into<String>) -> Self {
        Self::Empty { what: what.into() }
    }

    /// Checks that `found` values were given where `expected` are needed.
    pub(crate) fn check_length(
        what: impl Into<String>,
        expected: usize,
        found: usize,
    ) -> Result<(), Self> {
        if expected == found {
            return Ok(());
        }
        Err(Self::LengthMismatch {
            what: what.into(),
            expected,
            found,
        })
    }

    pub(crate) fn backend(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Backend(Box::new(error))
    }

    pub(crate) fn invalid(
        what: impl Into<String>,
        expected: impl Into<String>,
        found: impl ToString,
    ) -> Self {
        Self::InvalidValue {
            what: what.into(),
            expected: expected.into(),
            found: found.to_string(),
        }
    }
}
