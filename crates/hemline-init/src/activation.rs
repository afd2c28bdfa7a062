//! The activation functions whose gains are known by name: value, derivative and kinks.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_SQRT_PI, PI};

use serde::{Deserialize, Serialize};

use crate::{Error, Pointwise};

/// SELU's α, the constant that makes (0, 1) a fixed point of (mean, variance).
/// Klambauer et al., "Self-Normalizing Neural Networks", 2017, equation 14.
pub const SELU_ALPHA: f64 = 1.673_263_242_354_377_2;

/// SELU's λ, from the same equation as [`SELU_ALPHA`].
pub const SELU_SCALE: f64 = 1.050_700_987_355_480_5;

/// The cubic coefficient in the tanh form of GELU. Hendrycks & Gimpel, 2016.
const GELU_CUBIC: f64 = 0.044_715;

/// An activation function f, applied to one pre-activation z at a time.
///
/// In a file it is `"relu"`, or `{ "leaky_relu": { "slope": 0.01 } }` where it has a parameter.
///
/// ```
/// use hemline_init::{Activation, Pointwise};
///
/// let leaky = Activation::LeakyRelu { slope: 0.1 };
/// assert_eq!(leaky.value(-2.0), -0.2);
/// assert_eq!(leaky.derivative(-2.0), 0.1);
/// assert_eq!(leaky.kinks(), [0.0]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Activation {
    /// f(z) = z.
    Identity,
    /// f(z) = max(0, z).
    #[default]
    Relu,
    /// f(z) = z for z > 0, a·z otherwise.
    LeakyRelu {
        /// The slope a on the negative side (finite).
        slope: f64,
    },
    /// f(z) = z for z > 0, α(eᶻ − 1) otherwise.
    Elu {
        /// The scale α of the negative side (finite).
        alpha: f64,
    },
    /// λ·ELU with α = [`SELU_ALPHA`] and λ = [`SELU_SCALE`].
    Selu,
    /// f(z) = z·Φ(z), Φ the standard normal distribution function.
    Gelu,
    /// f(z) = ½z(1 + tanh(√(2/π)(z + 0.044715z³))), the approximation of GELU.
    GeluTanh,
    /// f(z) = z·σ(z), also called swish.
    Silu,
    /// f(z) = z·tanh(ln(1 + eᶻ)).
    Mish,
    /// f(z) = ln(1 + eᶻ).
    Softplus,
    /// f(z) = tanh z.
    Tanh,
    /// f(z) = σ(z) = 1/(1 + e⁻ᶻ).
    Sigmoid,
}

impl Activation {
    /// `Ok` if the parameter, where there is one, is finite.
    ///
    /// # Errors
    /// [`Error::Parameter`] for a slope or α that is NaN or infinite.
    pub fn validate(&self) -> Result<(), Error> {
        let (name, value) = match *self {
            Self::LeakyRelu { slope } => ("slope", slope),
            Self::Elu { alpha } => ("alpha", alpha),
            _ => return Ok(()),
        };
        crate::error::parameter(name, value, "a finite number", |_| true).map(|_| ())
    }

    /// The name used in files and tables.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::LeakyRelu { .. } => "leaky_relu",
            Self::Elu { .. } => "elu",
            Self::Selu => "selu",
            Self::Gelu => "gelu",
            Self::GeluTanh => "gelu_tanh",
            Self::Silu => "silu",
            Self::Mish => "mish",
            Self::Softplus => "softplus",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
        }
    }
}

impl Pointwise for Activation {
    fn value(&self, z: f64) -> f64 {
        match *self {
            Self::Identity => z,
            Self::Relu => leaky(z, 0.0),
            Self::LeakyRelu { slope } => leaky(z, slope),
            Self::Elu { alpha } => elu(z, alpha),
            Self::Selu => SELU_SCALE * elu(z, SELU_ALPHA),
            Self::Gelu => z * normal_cumulative(z),
            Self::GeluTanh => 0.5 * z * (1.0 + gelu_argument(z).tanh()),
            Self::Silu => z * sigmoid(z),
            Self::Mish => z * softplus(z).tanh(),
            Self::Softplus => softplus(z),
            Self::Tanh => z.tanh(),
            Self::Sigmoid => sigmoid(z),
        }
    }

    /// f′(z); at a kink, the derivative from the left, which is what frameworks return.
    fn derivative(&self, z: f64) -> f64 {
        match *self {
            Self::Identity => 1.0,
            Self::Relu => leaky_slope(z, 0.0),
            Self::LeakyRelu { slope } => leaky_slope(z, slope),
            Self::Elu { alpha } => elu_slope(z, alpha),
            Self::Selu => SELU_SCALE * elu_slope(z, SELU_ALPHA),
            Self::Gelu => normal_cumulative(z) + z * normal_density(z),
            Self::GeluTanh => {
                // Beyond ±100 the slope is 0 or 1 to the last bit, and the cube would overflow against 1 − tanh² = 0.
                let z = z.clamp(-100.0, 100.0);
                let tanh = gelu_argument(z).tanh();
                let inner = (2.0 / PI).sqrt() * (1.0 + 3.0 * GELU_CUBIC * z * z);
                0.5 * (1.0 + tanh) + 0.5 * z * (1.0 - tanh * tanh) * inner
            }
            Self::Silu => sigmoid(z) * (1.0 + z * sigmoid(-z)),
            Self::Mish => {
                let tanh = softplus(z).tanh();
                tanh + z * (1.0 - tanh * tanh) * sigmoid(z)
            }
            Self::Softplus => sigmoid(z),
            Self::Tanh => 1.0 - z.tanh().powi(2),
            Self::Sigmoid => sigmoid(z) * sigmoid(-z),
        }
    }

    fn kinks(&self) -> &[f64] {
        match self {
            Self::Relu | Self::LeakyRelu { .. } | Self::Elu { .. } | Self::Selu => &[0.0],
            _ => &[],
        }
    }
}

/// φ(z) = e^(−z²/2)/√(2π).
pub(crate) fn normal_density(z: f64) -> f64 {
    0.5 * FRAC_2_SQRT_PI * FRAC_1_SQRT_2 * (-0.5 * z * z).exp()
}

/// Φ(z) = ½ erfc(−z/√2), accurate in both tails.
pub(crate) fn normal_cumulative(z: f64) -> f64 {
    0.5 * libm::erfc(-z * FRAC_1_SQRT_2)
}

fn leaky(z: f64, slope: f64) -> f64 {
    if z > 0.0 || z.is_nan() { z } else { slope * z }
}

fn leaky_slope(z: f64, slope: f64) -> f64 {
    if z > 0.0 { 1.0 } else { slope }
}

fn elu(z: f64, alpha: f64) -> f64 {
    if z > 0.0 { z } else { alpha * z.exp_m1() }
}

fn elu_slope(z: f64, alpha: f64) -> f64 {
    if z > 0.0 { 1.0 } else { alpha * z.exp() }
}

fn sigmoid(z: f64) -> f64 {
    // The exponent is never positive, so that nothing overflows and small values keep their digits.
    let small = (-z.abs()).exp();
    if z >= 0.0 {
        1.0 / (1.0 + small)
    } else {
        small / (1.0 + small)
    }
}

fn softplus(z: f64) -> f64 {
    z.max(0.0) + (-z.abs()).exp().ln_1p()
}

fn gelu_argument(z: f64) -> f64 {
    (2.0 / PI).sqrt() * (z + GELU_CUBIC * z * z * z)
}
