//! Everything that can go wrong while building, running, saving and loading a model.

use std::path::PathBuf;

/// What went wrong, where, what was expected and what was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting of a config is outside its domain.
    #[error("{field} must be {expected}, found {found}")]
    InvalidConfig {
        /// The setting.
        field: &'static str,
        /// Its domain.
        expected: String,
        /// The value given.
        found: String,
    },

    /// The initial weights could not be drawn.
    #[error("cannot draw the initial weights of layer {layer}")]
    Initializer {
        /// The number of the layer in its stack.
        layer: usize,
        /// The cause.
        source: hemline_init::Error,
    },

    /// Data do not have the shape that a model or a metric needs.
    #[error("{what} must be {expected}, found {found}")]
    Shape {
        /// What has the wrong shape.
        what: &'static str,
        /// The shape needed.
        expected: String,
        /// The shape found.
        found: String,
    },

    /// The device could not read a result.
    #[error("the device failed while {action}: {message}")]
    Device {
        /// What was being done.
        action: &'static str,
        /// The device's own words.
        message: String,
    },

    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },

    /// A file is no safetensors file.
    #[error("{} is not a safetensors file", path.display())]
    Safetensors {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: safetensors::SafeTensorError,
    },

    /// A file does not say which model it holds.
    #[error("{} has no readable `{key}` in its metadata: {message}", path.display())]
    Metadata {
        /// The file.
        path: PathBuf,
        /// The entry of the metadata.
        key: &'static str,
        /// What is wrong with it.
        message: String,
    },

    /// A tensor of a state dict is missing, too many, or of another shape or type.
    #[error("tensor `{name}`: expected {expected}, found {found}")]
    Tensor {
        /// The tensor's name.
        name: String,
        /// What the model needs.
        expected: String,
        /// What the state dict has.
        found: String,
    },
}
