//! A hundred steps: the loss of each, and the weights after the last.

#![allow(clippy::print_stderr, reason = "what was measured is worth reading")]

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use hemline_models::{Autoencoder, Mlp, NamedTensor, Pass, cross_entropy, mean_squared_error};
use hemline_train::{BurnStep, OptimizerConfig, Purpose, Step, StepContext, generator};
use rand_chacha::ChaCha8Rng;

use super::case::{Case, Model, SEED, batch, cases};
use super::{BOUND, Likeness, apart};

const STEPS: u64 = 100;

/// What a weight may be apart after the last step, as a share of the largest of its tensor. Adam divides
/// a gradient by its own size, and with it what the rounding did to a small one.
const WEIGHT_BOUND: f64 = 5e-3;

/// The largest weight that a tensor is taken to have at least, since one of biases may be all but 0.
const WEIGHT_FLOOR: f32 = 0.1;

/// A training from its first step to its last.
#[derive(PartialEq)]
struct Run {
    losses: Vec<f64>,
    weights: Vec<NamedTensor>,
}

/// Trains every case on `device` and on flex, and compares.
pub(super) fn agrees(device: &Device, likeness: Likeness) {
    let (mut loss, mut weight) = (0.0_f64, 0.0_f64);
    for case in cases() {
        let (expected, found) = (run(&case, &Device::flex()), run(&case, device));
        let [first, .., last] = expected.losses[..] else {
            unreachable!("there are {STEPS} steps");
        };
        assert!(last < 0.98 * first, "it learns nothing: {case:?}");
        match likeness {
            Likeness::Exact => assert!(found == expected, "other bits: {case:?}"),
            Likeness::Rounded => {
                loss = loss.max(losses_apart(&case, &found, &expected));
                weight = weight.max(weights_apart(&case, &found, &expected));
            }
        }
    }
    eprintln!("losses at most {loss:.1e} of flex's away, weights {weight:.1e}");
}

fn losses_apart(case: &Case, found: &Run, expected: &Run) -> f64 {
    let pairs = found.losses.iter().zip(&expected.losses);
    let shares = pairs.map(|(found, expected)| (found - expected).abs() / expected);
    let mut worst = 0.0_f64;
    for (step, share) in shares.enumerate() {
        assert!(share <= BOUND, "{share:e} apart at step {step}: {case:?}");
        worst = worst.max(share);
    }
    worst
}

fn weights_apart(case: &Case, found: &Run, expected: &Run) -> f64 {
    let mut worst = 0.0_f64;
    for (found, expected_tensor) in found.weights.iter().zip(&expected.weights) {
        let name = &expected_tensor.name;
        if is_noise(case, name, &expected.weights) {
            continue;
        }
        let share = apart(&found.values, &expected_tensor.values, WEIGHT_FLOOR);
        assert!(share <= WEIGHT_BOUND, "{name} is {share:e} apart: {case:?}");
        worst = worst.max(share);
    }
    worst
}

/// Whether a tensor is nothing but added-up roundings.
///
/// A normalisation takes the bias before it out again. Its gradient is what rounding leaves of 0, and Adam
/// makes whole steps of that; the running mean, which has the bias in it, follows.
fn is_noise(case: &Case, name: &str, all: &[NamedTensor]) -> bool {
    let normalised = |layer: usize| {
        let mean = format!("{layer}.running_mean");
        all.iter().any(|tensor| tensor.name == mean)
    };
    let adam = matches!(case.optimizer, OptimizerConfig::Adam { .. });
    let layer = |kind| name.strip_suffix(kind)?.parse().ok();
    adam && (layer(".running_mean").is_some_and(normalised)
        || layer(".bias").is_some_and(|layer: usize| normalised(layer + 1)))
}

fn run(case: &Case, device: &Device) -> Run {
    let (size, device) = (case.batch, device.clone());
    let mut weights = generator(SEED, Purpose::Weights, 0);
    let autodiff = device.clone().autodiff();
    match &case.model {
        Model::Mlp(config) => {
            let network = config.init(&mut weights, &autodiff).unwrap();
            let (losses, trained) = follow(case, network, move |mlp: &Mlp, index, generator| {
                let (images, labels) = batch(index, size, &device);
                let logits = mlp.forward(images.autodiff(), &mut Pass::Train(generator));
                cross_entropy(logits, labels.autodiff())
            });
            let weights = trained.state_dict().unwrap().tensors;
            Run { losses, weights }
        }
        Model::Autoencoder(config) => {
            let network = config.init(&mut weights, &autodiff).unwrap();
            let (losses, trained) =
                follow(case, network, move |network: &Autoencoder, index, _| {
                    let (images, _) = batch(index, size, &device);
                    let outputs = network.forward(images.clone().autodiff());
                    mean_squared_error(outputs, images.autodiff())
                });
            let weights = trained.state_dict().unwrap().tensors;
            Run { losses, weights }
        }
    }
}

/// Takes the steps. The batch and the masks of each follow from its index.
fn follow<M: Module>(
    case: &Case,
    network: M,
    loss: impl Fn(&M, u64, &mut ChaCha8Rng) -> Tensor<1>,
) -> (Vec<f64>, M) {
    let mut learner = BurnStep::new(network, &case.optimizer, 0.0, loss);
    let losses = (0..STEPS).map(|index| {
        let context = StepContext {
            learning_rate: case.learning_rate,
            generator: &mut generator(SEED, Purpose::Step, index),
        };
        learner.step(index, context).unwrap()
    });
    let losses = losses.collect();
    (losses, learner.valid())
}
