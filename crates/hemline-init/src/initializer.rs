//! The rules that fill a layer's weights: He, Glorot, LeCun, any scaled law, orthogonal, constant.

use rand::Rng;
use rand_distr::Distribution;
use serde::{Deserialize, Serialize};

use crate::error::parameter;
use crate::orthogonal::fill_orthogonal;
use crate::{Activation, Error, FanMode, WeightDistribution, gain, second_moment};

/// A rule for the first weights of a layer of shape \[fan_out, fan_in\].
///
/// The default is He's: normal, fan-in, Var\[w\] = gain²/n, which is 2/n for ReLU.
///
/// In a file: `{ "he": { "distribution": "normal", "fan": "fan_in" } }`.
///
/// ```
/// use hemline_init::{Activation, Initializer};
/// use rand::SeedableRng;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(7);
/// let he = Initializer::default();
/// assert_eq!(he.variance(784, 128, Activation::Relu)?, 2.0 / 784.0);
/// let weights: Vec<f32> = he.sample(784, 128, Activation::Relu, &mut rng)?;
/// assert_eq!(weights.len(), 128 * 784);
/// # Ok::<(), hemline_init::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Initializer {
    /// Var\[w\] = gain(activation)²/fan. He et al., "Delving Deep into Rectifiers", 2015.
    He {
        /// The shape of the law.
        #[serde(default)]
        distribution: WeightDistribution,
        /// Which size is the fan.
        #[serde(default)]
        fan: FanMode,
    },
    /// Var\[w\] = 2/(fan_in + fan_out), whatever the activation. Glorot & Bengio, 2010, equation 12.
    Glorot {
        /// The shape of the law.
        #[serde(default)]
        distribution: WeightDistribution,
    },
    /// Var\[w\] = 1/fan_in, whatever the activation. LeCun et al., "Efficient BackProp", 1998, equation 16.
    LeCun {
        /// The shape of the law.
        #[serde(default)]
        distribution: WeightDistribution,
    },
    /// Var\[w\] = gain²/fan for a gain of your own. A framework's `KaimingUniform` with gain 1/√3 is
    /// `VarianceScaling { gain: 1/√3, distribution: Uniform, fan: FanIn }`.
    VarianceScaling {
        /// The factor (finite, not negative).
        gain: f64,
        /// The shape of the law.
        #[serde(default)]
        distribution: WeightDistribution,
        /// Which size is the fan.
        #[serde(default)]
        fan: FanMode,
    },
    /// gain times a uniformly drawn matrix with orthonormal rows (or columns, if there are more rows).
    /// Saxe et al., "Exact solutions to the nonlinear dynamics of learning", 2014.
    Orthogonal {
        /// The factor (finite, not negative).
        gain: f64,
    },
    /// Every weight the same; what biases start from.
    Constant {
        /// The value (finite).
        value: f64,
    },
}

impl Default for Initializer {
    fn default() -> Self {
        Self::he(WeightDistribution::Normal)
    }
}

impl Initializer {
    /// He's rule by fan-in.
    #[must_use]
    pub const fn he(distribution: WeightDistribution) -> Self {
        Self::He {
            distribution,
            fan: FanMode::FanIn,
        }
    }

    /// All weights zero.
    #[must_use]
    pub const fn zeros() -> Self {
        Self::Constant { value: 0.0 }
    }

    /// The law's Var\[w\] of one weight, before anything is drawn.
    ///
    /// An orthogonal matrix has gain²/max(fan_in, fan_out): its min(fan_in, fan_out) unit vectors share the
    /// square sum min·gain² over fan_in·fan_out entries. A constant has variance 0.
    ///
    /// `activation` is the one whose outputs the layer reads; only He's rule looks at it.
    ///
    /// # Errors
    /// [`Error::ZeroFan`] for a size of 0; [`Error::Parameter`] for a gain, value, slope or α out of its domain.
    pub fn variance(
        &self,
        fan_in: usize,
        fan_out: usize,
        activation: Activation,
    ) -> Result<f64, Error> {
        // Also where the fan is not used: a layer without inputs or outputs has no weights.
        let average = FanMode::Average.fan(fan_in, fan_out)?;
        let factor = |gain| {
            parameter("gain", gain, "a finite gain, not negative", |gain| {
                gain >= 0.0
            })
        };
        match *self {
            Self::He { fan, .. } => {
                let fan = fan.fan(fan_in, fan_out)?;
                // Not gain²: dividing by E[f²] keeps 2/n exact for ReLU.
                gain(activation)?;
                Ok(1.0 / (second_moment(activation)? * fan))
            }
            Self::Glorot { .. } => Ok(1.0 / average),
            Self::LeCun { .. } => Ok(1.0 / fan_in as f64),
            Self::VarianceScaling { gain, fan, .. } => {
                Ok(factor(gain)?.powi(2) / fan.fan(fan_in, fan_out)?)
            }
            Self::Orthogonal { gain } => Ok(factor(gain)?.powi(2) / fan_in.max(fan_out) as f64),
            Self::Constant { value } => {
                parameter("value", value, "a finite number", |_| true).map(|_| 0.0)
            }
        }
    }

    /// fan_out · fan_in weights, row-major \[fan_out, fan_in\]: the weights into neuron i are the i-th run of
    /// fan_in numbers. That is PyTorch's layout of `Linear.weight`; transpose it for \[fan_in, fan_out\].
    ///
    /// The numbers are drawn in double precision, in the order of the layout, and rounded to f32 last.
    /// The same generator state gives the same bits.
    ///
    /// # Errors
    /// As [`Self::variance`]; [`Error::TooLarge`] if the weights cannot be held; [`Error::DrawNotFinite`] if a
    /// weight overflows f32.
    pub fn sample<R: Rng + ?Sized>(
        &self,
        fan_in: usize,
        fan_out: usize,
        activation: Activation,
        rng: &mut R,
    ) -> Result<Vec<f32>, Error> {
        let mut weights = Vec::new();
        self.sample_into(fan_in, fan_out, activation, rng, &mut weights)?;
        let mut rounded = Vec::new();
        reserve(&mut rounded, weights.len())?;
        for weight in weights {
            let value = weight as f32;
            if !value.is_finite() {
                return Err(Error::DrawNotFinite {
                    name: "a weight rounded to f32",
                    value: weight,
                });
            }
            rounded.push(value);
        }
        Ok(rounded)
    }

    /// [`Self::sample`] before the rounding, into a buffer that can be used again.
    ///
    /// # Errors
    /// As [`Self::sample`], but for the rounding.
    pub fn sample_into<R: Rng + ?Sized>(
        &self,
        fan_in: usize,
        fan_out: usize,
        activation: Activation,
        rng: &mut R,
        weights: &mut Vec<f64>,
    ) -> Result<(), Error> {
        let deviation = self.variance(fan_in, fan_out, activation)?.sqrt();
        let count = fan_in.checked_mul(fan_out).ok_or_else(|| Error::TooLarge {
            name: "the weights",
            found: format!("{fan_out} × {fan_in}"),
        })?;
        weights.clear();
        reserve(weights, count)?;
        match *self {
            Self::He { distribution, .. }
            | Self::Glorot { distribution }
            | Self::LeCun { distribution }
            | Self::VarianceScaling { distribution, .. } => {
                weights.extend((0..count).map(|_| deviation * distribution.sample(rng)));
            }
            Self::Orthogonal { gain } => {
                weights.resize(count, 0.0);
                fill_orthogonal(weights, fan_out, fan_in, rng);
                weights.iter_mut().for_each(|weight| *weight *= gain);
            }
            Self::Constant { value } => weights.resize(count, value),
        }
        Ok(())
    }
}

fn reserve<T>(numbers: &mut Vec<T>, count: usize) -> Result<(), Error> {
    numbers
        .try_reserve_exact(count)
        .map_err(|_| Error::TooLarge {
            name: "the weights",
            found: count.to_string(),
        })
}
