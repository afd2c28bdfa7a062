//! The update rules, on vectors in registers.

use pulp::Simd;

use crate::OptimizerConfig;

/// An optimizer at one iteration: its settings and all that follows from the number of steps and the
/// learning rate alone.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rule {
    /// θ ← θ − ηg.
    Descent { rate: f32 },
    /// v ← μv + g; θ ← θ − ηv, or θ − η(g + μv).
    Momentum {
        rate: f32,
        momentum: f32,
        nesterov: bool,
    },
    /// Adam, or AdamW where the decay is decoupled from the gradient.
    Adam {
        /// η/(1 − β₁ᵗ).
        rate: f32,
        beta: [f32; 2],
        /// 1 − β.
        rest: [f32; 2],
        /// 1/√(1 − β₂ᵗ), so that √v̂ = √v·this.
        unbias: f32,
        epsilon: f32,
        /// η for AdamW, `None` for Adam.
        decoupled: Option<f32>,
    },
}

impl Rule {
    /// The rule of `optimizer` at step `step` ≥ 1 with the learning rate η = `rate`.
    pub(super) fn new(optimizer: &OptimizerConfig, step: u64, rate: f64) -> Self {
        let adam = |[beta1, beta2]: [f64; 2], epsilon: f64, decoupled| {
            let t = i32::try_from(step).unwrap_or(i32::MAX);
            Self::Adam {
                rate: (rate / (1.0 - beta1.powi(t))) as f32,
                beta: [beta1 as f32, beta2 as f32],
                rest: [(1.0 - beta1) as f32, (1.0 - beta2) as f32],
                unbias: (1.0 / (1.0 - beta2.powi(t)).sqrt()) as f32,
                epsilon: epsilon as f32,
                decoupled,
            }
        };
        match *optimizer {
            OptimizerConfig::Sgd { momentum: 0.0, .. } => Self::Descent { rate: rate as f32 },
            OptimizerConfig::Sgd { momentum, nesterov } => Self::Momentum {
                rate: rate as f32,
                momentum: momentum as f32,
                nesterov,
            },
            OptimizerConfig::Adam {
                beta1,
                beta2,
                epsilon,
            } => adam([beta1, beta2], epsilon, None),
            OptimizerConfig::AdamW {
                beta1,
                beta2,
                epsilon,
            } => adam([beta1, beta2], epsilon, Some(rate as f32)),
        }
    }

    /// The number of moments that `optimizer` keeps of each parameter.
    pub(super) fn moments(optimizer: &OptimizerConfig) -> usize {
        match optimizer {
            OptimizerConfig::Sgd { momentum: 0.0, .. } => 0,
            OptimizerConfig::Sgd { .. } => 1,
            OptimizerConfig::Adam { .. } | OptimizerConfig::AdamW { .. } => 2,
        }
    }

    /// One step of `parameters` along `gradients`, with an L2 penalty of strength `l2`. Moments that the
    /// rule does not have may be empty.
    #[inline(always)]
    pub(super) fn update<S: Simd>(
        &self,
        simd: S,
        parameters: &mut [S::f32s],
        [first, second]: [&mut [S::f32s]; 2],
        gradients: &[S::f32s],
        l2: f32,
    ) {
        // Plain loops throughout: what is not inlined here is called for every vector.
        let count = parameters.len();
        let gradients = &gradients[..count.min(gradients.len())];
        let parameters = &mut parameters[..gradients.len()];
        match *self {
            Self::Descent { rate } => {
                let (rate, l2) = (simd.splat_f32s(-rate), simd.splat_f32s(l2));
                let mut i = 0;
                while i < gradients.len() {
                    let gradient = simd.mul_add_f32s(l2, parameters[i], gradients[i]);
                    parameters[i] = simd.mul_add_f32s(rate, gradient, parameters[i]);
                    i += 1;
                }
            }
            Self::Momentum {
                rate,
                momentum,
                nesterov,
            } => {
                let (rate, l2) = (simd.splat_f32s(-rate), simd.splat_f32s(l2));
                let momentum = simd.splat_f32s(momentum);
                let velocities = &mut first[..gradients.len()];
                let mut i = 0;
                while i < gradients.len() {
                    let gradient = simd.mul_add_f32s(l2, parameters[i], gradients[i]);
                    let velocity = simd.mul_add_f32s(momentum, velocities[i], gradient);
                    velocities[i] = velocity;
                    let direction = if nesterov {
                        simd.mul_add_f32s(momentum, velocity, gradient)
                    } else {
                        velocity
                    };
                    parameters[i] = simd.mul_add_f32s(rate, direction, parameters[i]);
                    i += 1;
                }
            }
            Self::Adam {
                rate,
                beta,
                rest,
                unbias,
                epsilon,
                decoupled,
            } => {
                let (coupled, shrink) = match decoupled {
                    None => (simd.splat_f32s(l2), simd.splat_f32s(1.0)),
                    Some(rate) => (simd.splat_f32s(0.0), simd.splat_f32s(1.0 - rate * l2)),
                };
                let (rate, epsilon) = (simd.splat_f32s(-rate), simd.splat_f32s(epsilon));
                let unbias = simd.splat_f32s(unbias);
                let (beta1, beta2) = (simd.splat_f32s(beta[0]), simd.splat_f32s(beta[1]));
                let (rest1, rest2) = (simd.splat_f32s(rest[0]), simd.splat_f32s(rest[1]));
                let first = &mut first[..gradients.len()];
                let second = &mut second[..gradients.len()];
                let mut i = 0;
                while i < gradients.len() {
                    let gradient = simd.mul_add_f32s(coupled, parameters[i], gradients[i]);
                    let m = simd.mul_add_f32s(beta1, first[i], simd.mul_f32s(rest1, gradient));
                    let square = simd.mul_f32s(gradient, gradient);
                    let v = simd.mul_add_f32s(beta2, second[i], simd.mul_f32s(rest2, square));
                    (first[i], second[i]) = (m, v);
                    let deviation = simd.mul_add_f32s(simd.sqrt_f32s(v), unbias, epsilon);
                    let direction = simd.div_f32s(m, deviation);
                    let shrunk = simd.mul_f32s(shrink, parameters[i]);
                    parameters[i] = simd.mul_add_f32s(rate, direction, shrunk);
                    i += 1;
                }
            }
        }
    }
}
