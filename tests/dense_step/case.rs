//! Random networks, optimizers and batches.

use hemline_init::Activation as Function;
use hemline_models::{Activation, MlpConfig};
use hemline_train::OptimizerConfig;
use proptest::prelude::*;

use super::activations::every_activation;

/// The examples beyond any number that a batch has where it is normalised.
const FEWEST_TO_NORMALISE: usize = 30;
/// The widths beyond any that a layer has where the next is normalised.
const NARROWEST_TO_NORMALISE: usize = 8;

/// A network, its optimizer and its batches.
#[derive(Clone, Debug)]
pub(crate) struct Case {
    pub(crate) model: MlpConfig,
    pub(crate) smoothing: f64,
    pub(crate) optimizer: OptimizerConfig,
    pub(crate) l2: f64,
    pub(crate) learning_rate: f64,
    /// The examples in a batch; every third batch has fewer.
    pub(crate) batch: usize,
    pub(crate) seed: u64,
    /// Whether inputs and weights are rounded to few binary places.
    pub(crate) dyadic: bool,
}

impl Case {
    /// Whether the derivative of the activation jumps somewhere.
    pub(crate) fn has_kink(&self) -> bool {
        match self.model.activation {
            Activation::Fixed(function) => matches!(
                function,
                Function::Relu | Function::LeakyRelu { .. } | Function::Elu { .. } | Function::Selu
            ),
            // PReLU.
            _ => true,
        }
    }
}

fn optimizers() -> impl Strategy<Value = (OptimizerConfig, f64)> {
    let nesterov = OptimizerConfig::Sgd {
        momentum: 0.9,
        nesterov: true,
    };
    // ε is large enough that the noise of a gradient that should be 0 does not make a whole step.
    let epsilon = 1e-3;
    let [adam, adamw] = [
        OptimizerConfig::Adam {
            beta1: 0.9,
            beta2: 0.99,
            epsilon,
        },
        OptimizerConfig::AdamW {
            beta1: 0.8,
            beta2: 0.999,
            epsilon,
        },
    ];
    proptest::sample::select(vec![
        (OptimizerConfig::sgd(0.0), 0.02),
        (OptimizerConfig::sgd(0.9), 0.004),
        (nesterov, 0.004),
        (adam, 1e-3),
        (adamw, 1e-3),
    ])
}

pub(crate) fn cases() -> impl Strategy<Value = Case> {
    let shape = (
        1_usize..90,
        prop::collection::vec(1_usize..70, 0..4),
        2_usize..20,
    );
    let kind = (
        proptest::sample::select(every_activation().to_vec()),
        any::<bool>(),
        prop_oneof![Just(0.0), 0.05..0.6],
    );
    let training = (
        optimizers(),
        prop_oneof![Just(0.0), 1e-4..0.1],
        prop_oneof![Just(0.0), Just(0.1)],
    );
    (shape, kind, training, 1_usize..150, any::<u64>()).prop_map(
        |((inputs, hidden, classes), (activation, batch_norm, dropout), training, batch, seed)| {
            let ((optimizer, learning_rate), l2, smoothing) = training;
            // Two examples are normalised to 1 and −1, and which is which may hang on a rounding; so it
            // may with a sum of one or two terms, whose weights may be near 0.
            let (examples, units) = if batch_norm {
                (FEWEST_TO_NORMALISE, NARROWEST_TO_NORMALISE)
            } else {
                (0, 0)
            };
            let batch = batch + examples;
            let hidden = hidden.into_iter().map(|width| width + units).collect();
            let model = MlpConfig::new(inputs + units, hidden, classes)
                .with_activation(activation)
                .with_batch_norm(batch_norm)
                .with_dropout(dropout);
            Case {
                model,
                smoothing,
                optimizer,
                l2,
                learning_rate,
                batch,
                seed,
                dyadic: false,
            }
        },
    )
}
