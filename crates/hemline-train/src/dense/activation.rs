//! The activation functions of the fast step, on slices.

use pulp::Arch;
use serde::{Deserialize, Serialize};

use super::math::{exp, sigmoid, tanh};
use super::vectorise::vectorise;

/// The activation functions of the fast step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenseActivation {
    /// z.
    #[default]
    Identity,
    /// max(0, z); its derivative at 0 is 0.
    Relu,
    /// z for z ≥ 0, a·z below.
    LeakyRelu {
        /// The finite slope a.
        slope: f32,
    },
    /// z for z ≥ 0, a·z below, with a slope a that is learnt. He et al., 2015.
    Prelu {
        /// The finite slope a as it is now.
        slope: f32,
    },
    /// z for z > 0, α(eᶻ − 1) otherwise.
    Elu {
        /// The finite scale α.
        alpha: f32,
    },
    /// λ·ELU with the α and λ of Klambauer et al., 2017.
    Selu,
    /// z·Φ(z), Φ the standard normal distribution function.
    Gelu,
    /// ½z(1 + tanh(√(2/π)(z + 0.044715z³))).
    GeluTanh,
    /// z·σ(z), also called swish.
    Silu,
    /// z·tanh(ln(1 + eᶻ)).
    Mish,
    /// ln(1 + eᶻ).
    Softplus,
    /// tanh z.
    Tanh,
    /// σ(z) = 1/(1 + e⁻ᶻ).
    Sigmoid,
}

/// The α of SELU. Klambauer et al., *Self-normalizing neural networks*, 2017.
const SELU_ALPHA: f32 = 1.673_263_2;
/// Its λ.
const SELU_SCALE: f32 = 1.050_701;
/// √(2/π) and the coefficient of GELU's approximation. Hendrycks & Gimpel, 2016.
const GELU_INNER: f32 = 0.797_884_6;
const GELU_CUBE: f32 = 0.044_715;
/// 1/√(2π).
const NORMAL_DENSITY: f32 = 0.398_942_3;

impl DenseActivation {
    /// The parameter of the function, if it has one.
    pub(super) fn parameter(self) -> Option<f32> {
        match self {
            Self::LeakyRelu { slope } | Self::Prelu { slope } => Some(slope),
            Self::Elu { alpha } => Some(alpha),
            _ => None,
        }
    }

    /// Writes f(z) to `h`.
    pub(super) fn apply(self, arch: Arch, z: &[f32], h: &mut [f32]) {
        match self {
            Self::Identity => h.copy_from_slice(z),
            // Not `max`, which would make 0 of a NaN and so hide that training diverged.
            Self::Relu => map(arch, z, h, |z| if z < 0.0 { 0.0 } else { z }),
            Self::LeakyRelu { slope } | Self::Prelu { slope } => {
                map(arch, z, h, |z| if z < 0.0 { slope * z } else { z });
            }
            Self::Elu { alpha } => map(arch, z, h, |z| elu(z, alpha)),
            Self::Selu => map(arch, z, h, |z| SELU_SCALE * elu(z, SELU_ALPHA)),
            Self::Gelu => map(arch, z, h, |z| z * normal(z)),
            Self::GeluTanh => map(arch, z, h, |z| 0.5 * z * (1.0 + gelu_tanh(z))),
            Self::Silu => map(arch, z, h, |z| z * sigmoid(z)),
            Self::Mish => map(arch, z, h, |z| z * tanh_softplus(z)),
            Self::Softplus => map(arch, z, h, |z| {
                (if z < 0.0 { 0.0 } else { z }) + exp(-z.abs()).ln_1p()
            }),
            Self::Tanh => map(arch, z, h, tanh),
            Self::Sigmoid => map(arch, z, h, sigmoid),
        }
    }

    /// Multiplies gradients by f′(z); at a kink, by the derivative that burn takes. Where h = f(z) is at hand, what
    /// would compute it once more takes it.
    pub(super) fn differentiate(
        self,
        arch: Arch,
        z: &[f32],
        h: Option<&[f32]>,
        gradients: &mut [f32],
    ) {
        match self {
            Self::Identity => {}
            Self::Relu => scale(arch, z, gradients, |z| if z > 0.0 { 1.0 } else { 0.0 }),
            Self::LeakyRelu { slope } | Self::Prelu { slope } => {
                scale(arch, z, gradients, |z| if z < 0.0 { slope } else { 1.0 });
            }
            Self::Elu { alpha } => scale(arch, z, gradients, |z| {
                let below = alpha * exp(z);
                if z > 0.0 { 1.0 } else { below }
            }),
            Self::Selu => scale(arch, z, gradients, |z| {
                let below = SELU_ALPHA * exp(z);
                SELU_SCALE * if z < 0.0 { below } else { 1.0 }
            }),
            Self::Gelu => scale(arch, z, gradients, |z| {
                normal(z) + z * NORMAL_DENSITY * exp(-0.5 * z * z)
            }),
            Self::GeluTanh => scale(arch, z, gradients, |z| {
                let t = gelu_tanh(z);
                let inner = GELU_INNER * (1.0 + 3.0 * GELU_CUBE * z * z);
                0.5 * (1.0 + t) + 0.5 * z * (1.0 - t * t) * inner
            }),
            Self::Silu => scale(arch, z, gradients, |z| {
                let s = sigmoid(z);
                s * (1.0 + z * (1.0 - s))
            }),
            Self::Mish => scale(arch, z, gradients, |z| {
                let t = tanh_softplus(z);
                t + z * sigmoid(z) * (1.0 - t * t)
            }),
            Self::Softplus => scale(arch, z, gradients, sigmoid),
            Self::Tanh => {
                let slope = |t: f32| 1.0 - t * t;
                match h {
                    Some(h) => scale(arch, h, gradients, slope),
                    None => scale(arch, z, gradients, |z| slope(tanh(z))),
                }
            }
            Self::Sigmoid => {
                let slope = |s: f32| s * (1.0 - s);
                match h {
                    Some(h) => scale(arch, h, gradients, slope),
                    None => scale(arch, z, gradients, |z| slope(sigmoid(z))),
                }
            }
        }
    }
}

#[inline(always)]
fn elu(z: f32, alpha: f32) -> f32 {
    let below = alpha * (exp(z) - 1.0);
    if z > 0.0 { z } else { below }
}

/// Φ(z).
#[inline(always)]
fn normal(z: f32) -> f32 {
    0.5 * (1.0 + libm::erff(z * std::f32::consts::FRAC_1_SQRT_2))
}

#[inline(always)]
fn gelu_tanh(z: f32) -> f32 {
    tanh(GELU_INNER * (z + GELU_CUBE * z * z * z))
}

/// tanh(ln(1 + eᶻ)) = (e²ᶻ + 2eᶻ)/(e²ᶻ + 2eᶻ + 2).
#[inline(always)]
fn tanh_softplus(z: f32) -> f32 {
    // From here on the quotient is 1 in f32; farther out its parts would overflow.
    const ONE: f32 = 20.0;
    let e = exp(if z > ONE { ONE } else { z });
    let part = e * (e + 2.0);
    part / (part + 2.0)
}

#[inline(always)]
fn map(arch: Arch, z: &[f32], h: &mut [f32], f: impl Fn(f32) -> f32) {
    vectorise(
        arch,
        #[inline(always)]
        || {
            for (h, &z) in h.iter_mut().zip(z) {
                *h = f(z);
            }
        },
    );
}

#[inline(always)]
fn scale(arch: Arch, z: &[f32], gradients: &mut [f32], slope: impl Fn(f32) -> f32) {
    vectorise(
        arch,
        #[inline(always)]
        || {
            for (gradient, &z) in gradients.iter_mut().zip(z) {
                *gradient *= slope(z);
            }
        },
    );
}
