//! Fan-in, fan-out and their mean: the number that a weight's variance is divided by.

use serde::{Deserialize, Serialize};

use crate::Error;

/// Which of a layer's two sizes the variance is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum FanMode {
    /// Inputs of one neuron: keeps the forward variance.
    #[default]
    FanIn,
    /// Neurons that one input feeds: keeps the variance of the gradients.
    FanOut,
    /// (fan_in + fan_out)/2, Glorot's compromise.
    Average,
}

impl FanMode {
    /// The fan n of a layer of shape \[fan_out, fan_in\].
    ///
    /// # Errors
    /// [`Error::ZeroFan`] if either size is 0.
    ///
    /// ```
    /// use hemline_init::FanMode;
    ///
    /// assert_eq!(FanMode::FanIn.fan(784, 128)?, 784.0);
    /// assert_eq!(FanMode::Average.fan(784, 128)?, 456.0);
    /// assert!(FanMode::FanIn.fan(0, 128).is_err());
    /// # Ok::<(), hemline_init::Error>(())
    /// ```
    pub fn fan(self, fan_in: usize, fan_out: usize) -> Result<f64, Error> {
        for (name, size) in [("fan_in", fan_in), ("fan_out", fan_out)] {
            if size == 0 {
                return Err(Error::ZeroFan { name });
            }
        }
        Ok(match self {
            Self::FanIn => fan_in as f64,
            Self::FanOut => fan_out as f64,
            Self::Average => 0.5 * (fan_in as f64 + fan_out as f64),
        })
    }
}
