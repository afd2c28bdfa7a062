//! The optimizers, and which parameters the L2 penalty touches.

use burn::module::{Module, ModuleVisitor, Param, ParamGroup};
use burn::optim::decay::WeightDecayConfig;
use burn::optim::momentum::MomentumConfig;
use burn::optim::{AdamConfig, AdamWConfig, ModuleOptimizer, SgdConfig};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::schedule::check;

/// A first-order optimizer, with PyTorch's conventions and defaults.
///
/// g is the gradient of the loss, plus λθ for the parameters the L2 penalty applies to (all but
/// [`AdamW`](OptimizerConfig::AdamW), which subtracts ηλθ from the parameter instead).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "name", rename_all = "lowercase")]
#[non_exhaustive]
pub enum OptimizerConfig {
    /// v ← μv + g; θ ← θ − ηv, or θ ← θ − η(g + μv) with Nesterov's momentum. The first velocity is
    /// the first gradient, and nothing is dampened.
    Sgd {
        /// The momentum μ ∈ [0, 1); 0 is plain gradient descent.
        momentum: f64,
        /// Whether to look ahead along the velocity. Sutskever et al., 2013.
        nesterov: bool,
    },
    /// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), with the bias of m and v
    /// corrected. Kingma & Ba, 2015.
    Adam {
        /// The decay β₁ of the first moment, in [0, 1).
        beta1: f64,
        /// The decay β₂ of the second moment, in [0, 1).
        beta2: f64,
        /// The ε > 0 that keeps the division finite.
        epsilon: f64,
    },
    /// [`Adam`](OptimizerConfig::Adam) with the decay decoupled from the gradient: the parameter
    /// also shrinks by ηλθ. Loshchilov & Hutter, 2019.
    AdamW {
        /// The decay β₁ of the first moment, in [0, 1).
        beta1: f64,
        /// The decay β₂ of the second moment, in [0, 1).
        beta2: f64,
        /// The ε > 0 that keeps the division finite.
        epsilon: f64,
    },
}

impl OptimizerConfig {
    /// Gradient descent with momentum μ, 0 for none.
    pub fn sgd(momentum: f64) -> Self {
        Self::Sgd {
            momentum,
            nesterov: false,
        }
    }

    /// Adam with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
    pub fn adam() -> Self {
        Self::Adam {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
        }
    }

    /// AdamW with β₁ = 0.9, β₂ = 0.999, ε = 1e-8.
    pub fn adamw() -> Self {
        Self::AdamW {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 1e-8,
        }
    }

    /// Checks every setting against its domain.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] naming the first setting outside its domain.
    pub fn check(&self) -> Result<(), Error> {
        match *self {
            Self::Sgd { momentum, nesterov } => {
                let in_domain = (0.0..1.0).contains(&momentum);
                check("optimizer.momentum", "in [0, 1)", momentum, in_domain)?;
                let possible = !nesterov || momentum > 0.0;
                check(
                    "optimizer.nesterov",
                    "false where momentum is 0",
                    nesterov,
                    possible,
                )
            }
            Self::Adam {
                beta1,
                beta2,
                epsilon,
            }
            | Self::AdamW {
                beta1,
                beta2,
                epsilon,
            } => {
                check(
                    "optimizer.beta1",
                    "in [0, 1)",
                    beta1,
                    (0.0..1.0).contains(&beta1),
                )?;
                check(
                    "optimizer.beta2",
                    "in [0, 1)",
                    beta2,
                    (0.0..1.0).contains(&beta2),
                )?;
                let positive = epsilon > 0.0 && epsilon.is_finite();
                check("optimizer.epsilon", "positive", epsilon, positive)
            }
        }
    }

    /// burn's optimizer for `module`, with an L2 penalty of strength `l2` on its weight matrices
    /// and on nothing else.
    pub(crate) fn init<M: Module>(&self, module: &M, l2: f64) -> ModuleOptimizer {
        let weights = WeightDecayTargets::of(module);
        // Groups are added before any state exists or is loaded: adding one later would drop the
        // state of the parameters that it matches.
        let decayed = || ParamGroup::from_paths(weights.paths.clone());
        let no_decay = l2 == 0.0 || weights.paths.is_empty();
        match *self {
            Self::Sgd { momentum, nesterov } => {
                let plain = SgdConfig::new().with_momentum((momentum > 0.0).then(|| {
                    // burn dampens by 0.1 unless told otherwise; PyTorch and the literature do not.
                    MomentumConfig::new()
                        .with_momentum(momentum)
                        .with_dampening(0.0)
                        .with_nesterov(nesterov)
                }));
                let optimizer = plain.init();
                if no_decay {
                    return optimizer;
                }
                let decay = WeightDecayConfig::new(l2 as f32);
                optimizer.with_group(
                    decayed(),
                    plain.with_weight_decay(Some(decay)).build(),
                    None,
                )
            }
            Self::Adam {
                beta1,
                beta2,
                epsilon,
            } => {
                let plain = AdamConfig::new()
                    .with_beta_1(beta1 as f32)
                    .with_beta_2(beta2 as f32)
                    .with_epsilon(epsilon as f32);
                let optimizer = plain.init();
                if no_decay {
                    return optimizer;
                }
                let decay = WeightDecayConfig::new(l2 as f32);
                optimizer.with_group(
                    decayed(),
                    plain.with_weight_decay(Some(decay)).build(),
                    None,
                )
            }
            Self::AdamW {
                beta1,
                beta2,
                epsilon,
            } => {
                let plain = AdamWConfig::new()
                    .with_beta_1(beta1 as f32)
                    .with_beta_2(beta2 as f32)
                    .with_epsilon(epsilon as f32)
                    .with_weight_decay(0.0);
                let optimizer = plain.init();
                if no_decay {
                    return optimizer;
                }
                optimizer.with_group(decayed(), plain.with_weight_decay(l2 as f32).build(), None)
            }
        }
    }
}

/// The parameters that an L2 penalty applies to: weight matrices, that is, parameters of rank 2 or
/// more. Biases, the scale and shift of a normalisation and the slopes of a PReLU have rank 1 and are
/// left alone, since shrinking them limits what the network can express without making it smoother.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WeightDecayTargets {
    /// The paths of the decayed parameters, in the module's own order.
    pub paths: Vec<String>,
    stack: Vec<String>,
}

impl WeightDecayTargets {
    /// The weight matrices of `module`.
    pub fn of<M: Module>(module: &M) -> Self {
        let mut targets = Self::default();
        module.visit(&mut targets);
        targets
    }
}

impl ModuleVisitor for WeightDecayTargets {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.stack.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.stack.pop();
    }

    fn visit_float<const D: usize>(&mut self, _param: &Param<Tensor<D>>) {
        if D >= 2 {
            self.paths.push(self.stack.join("."));
        }
    }
}
