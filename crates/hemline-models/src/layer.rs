//! One layer of a network, and what kind of pass goes through it.

use burn::module::Module;
use burn::nn::{BatchNorm, Linear, PRelu};
use burn::tensor::{Tensor, module::batch_norm};
use hemline_init::Activation as Function;
use rand::Rng;

use crate::Dropout;
use crate::activation::apply;

/// Whether a pass through the network trains it or uses it.
pub enum Pass<'a> {
    /// Batch normalisation uses the statistics of the batch and updates its running ones; dropout
    /// draws its masks from the generator.
    Train(&'a mut dyn Rng),
    /// Batch normalisation uses its running statistics; nothing is dropped. This holds on an
    /// autodiff device as well, so that a loss surface or an attack can be computed at a fixed state.
    Evaluate,
}

impl std::fmt::Debug for Pass<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Train(_) => "Train",
            Self::Evaluate => "Evaluate",
        })
    }
}

/// A layer without parameters that applies a function to each element.
#[derive(Module, Debug)]
pub struct Elementwise {
    /// The function.
    #[module(skip)]
    pub activation: Function,
}

/// One layer, numbered in a [`Stack`](crate::Stack) as in PyTorch's `nn.Sequential`.
#[derive(Module, Debug)]
pub enum Layer {
    /// z = xW + b.
    Linear(Linear),
    /// (x − mean) / √(var + ε) · γ + β. Ioffe & Szegedy, 2015.
    ///
    /// As burn has it, the running variance is the mean of the biased batch variances; PyTorch's is
    /// the unbiased one, larger by n/(n − 1) for batches of n.
    BatchNorm(BatchNorm),
    /// An activation without parameters.
    Elementwise(Elementwise),
    /// An activation with a learnt slope.
    Prelu(PRelu),
    /// Random zeros while training.
    Dropout(Dropout),
}

impl Layer {
    /// Passes `x`, shape `[batch, features in]`, through; the result has `[batch, features out]`.
    pub fn forward(&self, x: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        match (self, pass) {
            (Self::Linear(linear), _) => linear.forward(x),
            (Self::BatchNorm(norm), Pass::Train(_)) => norm.forward(x),
            (Self::BatchNorm(norm), Pass::Evaluate) => batch_norm(
                x,
                norm.gamma.val(),
                norm.beta.val(),
                norm.running_mean.value_sync(),
                norm.running_var.value_sync(),
                norm.epsilon,
            ),
            (Self::Elementwise(elementwise), _) => apply(elementwise.activation, x),
            (Self::Prelu(prelu), _) => prelu.forward(x),
            (Self::Dropout(dropout), Pass::Train(generator)) => {
                dropout.forward_train(x, *generator)
            }
            (Self::Dropout(_), Pass::Evaluate) => x,
        }
    }
}
