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
        let splat = |value| simd.splat_f32s(value);
        match *self {
            Self::Descent { rate } => {
                let (rate, l2) = (splat(-rate), splat(l2));
                for (parameter, &gradient) in parameters.iter_mut().zip(gradients) {
                    let gradient = simd.mul_add_f32s(l2, *parameter, gradient);
                    *parameter = simd.mul_add_f32s(rate, gradient, *parameter);
                }
            }
            Self::Momentum {
                rate,
                momentum,
                nesterov,
            } => {
                let (rate, momentum, l2) = (splat(-rate), splat(momentum), splat(l2));
                let parameters = parameters.iter_mut().zip(first);
                for ((parameter, velocity), &gradient) in parameters.zip(gradients) {
                    let gradient = simd.mul_add_f32s(l2, *parameter, gradient);
                    *velocity = simd.mul_add_f32s(momentum, *velocity, gradient);
                    let direction = if nesterov {
                        simd.mul_add_f32s(momentum, *velocity, gradient)
                    } else {
                        *velocity
                    };
                    *parameter = simd.mul_add_f32s(rate, direction, *parameter);
                }
            }
            Self::Adam {
                rate,
                beta: [beta1, beta2],
                rest: [rest1, rest2],
                unbias,
                epsilon,
                decoupled,
            } => {
                let (coupled, shrink) = match decoupled {
                    None => (splat(l2), splat(1.0)),
                    Some(rate) => (splat(0.0), splat(1.0 - rate * l2)),
                };
                let (rate, unbias, epsilon) = (splat(-rate), splat(unbias), splat(epsilon));
                let (beta1, beta2) = (splat(beta1), splat(beta2));
                let (rest1, rest2) = (splat(rest1), splat(rest2));
                let moments = first.iter_mut().zip(second);
                let parameters = parameters.iter_mut().zip(moments);
                for ((parameter, (m, v)), &gradient) in parameters.zip(gradients) {
                    let gradient = simd.mul_add_f32s(coupled, *parameter, gradient);
                    *m = simd.mul_add_f32s(beta1, *m, simd.mul_f32s(rest1, gradient));
                    let square = simd.mul_f32s(gradient, gradient);
                    *v = simd.mul_add_f32s(beta2, *v, simd.mul_f32s(rest2, square));
                    let deviation = simd.mul_add_f32s(simd.sqrt_f32s(*v), unbias, epsilon);
                    let direction = simd.div_f32s(*m, deviation);
                    let shrunk = simd.mul_f32s(shrink, *parameter);
                    *parameter = simd.mul_add_f32s(rate, direction, shrunk);
                }
            }
        }
    }
}
