//! Everything that can go wrong between a module and the picture of its loss.

use std::path::PathBuf;

/// An error of the caller's own, from a loss closure.
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong, where, what was expected and what was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is outside its domain.
    #[error("{field} must be {expected}, found {found}")]
    InvalidConfig {
        /// The setting.
        field: &'static str,
        /// Its domain.
        expected: String,
        /// The value given.
        found: String,
    },

    /// A module does not have the parameters that a layout lists.
    #[error("the module does not fit the layout: expected {expected}, found {found}")]
    Layout {
        /// What the layout lists.
        expected: String,
        /// What the module has.
        found: String,
    },

    /// A vector does not have one number for each parameter.
    #[error("{what} must hold {expected} numbers, found {found}")]
    Length {
        /// Which vector.
        what: &'static str,
        /// The number of parameters.
        expected: usize,
        /// The length found.
        found: usize,
    },

    /// A number that must be finite is not.
    #[error("{what} holds a value that is not finite, at index {index}")]
    NonFinite {
        /// Which numbers.
        what: String,
        /// Where the first one stands.
        index: usize,
    },

    /// There are too few snapshots to say in which directions the parameters moved.
    #[error("principal components need at least {expected} snapshots, found {found}")]
    TooFewSnapshots {
        /// The least number.
        expected: usize,
        /// The number found.
        found: usize,
    },

    /// The snapshots span fewer directions than were asked for.
    #[error("the snapshots span {found} directions, expected at least {expected}")]
    TooFewDirections {
        /// The number of directions asked for.
        expected: usize,
        /// The number that the snapshots span.
        found: usize,
    },

    /// Directions that should span a plane are parallel, or one has no length.
    #[error("{what} do not span a plane")]
    DegeneratePlane {
        /// Which directions.
        what: &'static str,
    },

    /// An eigendecomposition did not converge, or its result does not add up.
    #[error("the eigenvalues of a {size} × {size} matrix {problem}")]
    Eigen {
        /// The number of rows.
        size: usize,
        /// What is wrong.
        problem: String,
    },

    /// A dense network does not fit the layout or its inputs.
    #[error("{part} of the dense network: expected {expected}, found {found}")]
    DenseNetwork {
        /// The part that does not fit.
        part: String,
        /// What would.
        expected: String,
        /// What was given.
        found: String,
    },

    /// The device could not run or read an operation.
    #[error("the device failed while {action}: {message}")]
    Device {
        /// What was being done.
        action: &'static str,
        /// The device's own words.
        message: String,
    },

    /// The caller's loss closure failed.
    #[error("the loss could not be computed {place}")]
    Loss {
        /// Where.
        place: String,
        /// The closure's error.
        source: BoxedError,
    },

    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },

    /// Another process is computing into the same cache.
    #[error("the cache {} is in use by another process", path.display())]
    CacheLocked {
        /// The file.
        path: PathBuf,
    },

    /// A file that was given as a cache is something else, and is left as it is.
    #[error("{} is not a cache of a surface; it is left as it is", path.display())]
    NotACache {
        /// The file.
        path: PathBuf,
    },

    /// What [`Surface::compute_by`](crate::Surface::compute_by) was given to compute the rows by failed.
    #[error("the rows of the surface could not be computed")]
    Rows {
        /// Its error.
        source: BoxedError,
    },

    /// A worker thread could not be started.
    #[error("cannot start a worker thread: {message}")]
    Worker {
        /// The cause.
        message: String,
    },
}

impl Error {
    pub(crate) fn config(
        field: &'static str,
        expected: impl Into<String>,
        found: impl ToString,
    ) -> Self {
        Self::InvalidConfig {
            field,
            expected: expected.into(),
            found: found.to_string(),
        }
    }

    pub(crate) fn device<E: std::fmt::Display>(action: &'static str) -> impl Fn(E) -> Self {
        move |error| Self::Device {
            action,
            message: error.to_string(),
        }
    }

    /// An [`Error::Io`] for `path`, to be given to `map_err`.
    pub(crate) fn io(
        action: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }

    pub(crate) fn check_length(
        what: &'static str,
        expected: usize,
        found: usize,
    ) -> Result<(), Self> {
        if expected == found {
            return Ok(());
        }
        Err(Self::Length {
            what,
            expected,
            found,
        })
    }

    /// Fails for the first number that is not finite.
    pub(crate) fn check_finite<'a>(
        what: &str,
        values: impl IntoIterator<Item = &'a f64>,
    ) -> Result<(), Self> {
        match values.into_iter().position(|value| !value.is_finite()) {
            None => Ok(()),
            Some(index) => Err(Self::NonFinite {
                what: what.to_owned(),
                index,
            }),
        }
    }
}
