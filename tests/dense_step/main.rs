//! The fast step against the generic one: the same losses, gradients and parameters, but for rounding.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

#[allow(
    dead_code,
    reason = "an example asks first whether a network can be expressed"
)]
#[path = "../../examples/support/dense.rs"]
mod dense;

#[path = "../support/activations.rs"]
mod activations;
mod autoencoder;
mod case;
mod dyadic;

use burn::tensor::{Device, Int, Tensor, TensorData};
use case::{Case, cases};
use hemline_models::{Mlp, MlpConfig, Pass, StateDict, smoothed_cross_entropy};
use hemline_train::{
    BurnStep, DenseBatch, DenseInputs, DenseLoss, DenseStep, DenseTargets, Purpose, Step,
    StepContext, generator,
};
use proptest::prelude::*;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// What the fast step may be away from the generic one, as a share of the largest number of the same tensor.
#[derive(Clone, Copy)]
struct Bounds {
    one_step: f64,
    hundred_steps: f64,
}

/// Some tens of units of the last place of f32, for sums of some hundred terms; in a hundred steps,
/// differences grow with the network's own sensitivity.
const SMOOTH: Bounds = Bounds {
    one_step: 2e-5,
    hundred_steps: 5e-3,
};

/// Where the derivative jumps, an example within rounding of the jump may take the other slope, and in a
/// hundred steps of some ten thousand numbers each one often does: a whole term of a gradient, to which
/// the steps after it add.
const KINKED: Bounds = Bounds {
    one_step: 1e-3,
    hundred_steps: 0.1,
};

/// Images and labels, shape [n, inputs] and [n].
type Batch = (Vec<f32>, Vec<u32>);

fn batch(case: &Case, index: u64) -> Batch {
    let mut draws = generator(case.seed, Purpose::Shuffle, index);
    let count = if index % 3 == 2 {
        case.batch.div_ceil(2)
    } else {
        case.batch
    };
    let images = (0..count * case.model.inputs)
        .map(|_| {
            if case.dyadic {
                dyadic::input(&mut draws)
            } else {
                draws.random_range(0.0..1.0)
            }
        })
        .collect();
    let labels = (0..count)
        .map(|_| draws.random_range(0..case.model.classes as u32))
        .collect();
    (images, labels)
}

fn tensors((images, labels): Batch, inputs: usize) -> (Tensor<2>, Tensor<1, Int>) {
    let device = Device::flex();
    let count = labels.len();
    let labels: Vec<i64> = labels.into_iter().map(i64::from).collect();
    (
        Tensor::from_data(TensorData::new(images, [count, inputs]), &device),
        Tensor::from_data(TensorData::new(labels, [count]), &device),
    )
}

fn network(case: &Case, device: &Device) -> Mlp {
    let weights = &mut generator(case.seed, Purpose::Weights, 0);
    let network = case.model.init(weights, device).unwrap();
    if case.dyadic {
        dyadic::rounded(network)
    } else {
        network
    }
}

/// One step; the generator follows from the iteration.
fn step<S: Step<Batch>>(learner: &mut S, case: &Case, index: u64) -> f64 {
    let context = StepContext {
        learning_rate: case.learning_rate,
        generator: &mut generator(case.seed, Purpose::Step, index),
    };
    learner.step(batch(case, index), context).unwrap()
}

fn generic(
    case: &Case,
) -> BurnStep<Mlp, impl Fn(&Mlp, Batch, &mut ChaCha8Rng) -> Tensor<1> + use<>> {
    let (inputs, smoothing) = (case.model.inputs, case.smoothing);
    let network = network(case, &Device::flex().autodiff());
    BurnStep::new(
        network,
        &case.optimizer,
        case.l2,
        move |mlp: &Mlp, batch, generator: &mut ChaCha8Rng| {
            let (images, labels) = tensors(batch, inputs);
            let logits = mlp.forward(images.autodiff(), &mut Pass::Train(generator));
            smoothed_cross_entropy(logits, labels.autodiff(), smoothing)
        },
    )
}

type Prepare = fn(Batch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), hemline_train::Error>;

fn fast(case: &Case) -> DenseStep<Prepare> {
    let layers = dense::layers(&network(case, &Device::flex()))
        .unwrap()
        .expect("it can be expressed");
    let loss = DenseLoss::CrossEntropy {
        smoothing: case.smoothing,
    };
    let prepare: Prepare = |(images, labels), _, batch| {
        batch.inputs = DenseInputs::Values(images);
        batch.targets = DenseTargets::Labels(labels);
        Ok(())
    };
    DenseStep::new(layers, loss, &case.optimizer, case.l2, prepare).unwrap()
}

/// The largest distance of two networks' tensors, as a share of the largest number of the tensor, and the
/// name of the tensor.
fn distance(found: StateDict, expected: StateDict) -> (f64, String) {
    let mut worst = (0.0, String::new());
    for (found, expected) in found.tensors.into_iter().zip(expected.tensors) {
        let name = &expected.name;
        let size = expected
            .values
            .iter()
            .fold(0.1, |max: f64, v| max.max(f64::from(v.abs())));
        for (found, expected) in found.values.iter().zip(&expected.values) {
            let share = f64::from((found - expected).abs()) / size;
            if share > worst.0 || share.is_nan() {
                worst = (share, format!("{name}: {found}, expected {expected}"));
            }
        }
    }
    worst
}

fn agree(case: &Case, steps: u64) -> Result<(), TestCaseError> {
    let bounds = if case.has_kink() && !case.dyadic {
        KINKED
    } else {
        SMOOTH
    };
    let (mut fast, mut generic) = (fast(case), generic(case));
    for index in 0..steps {
        let [found, expected] = [
            step(&mut fast, case, index),
            step(&mut generic, case, index),
        ];
        let bound = if index == 0 {
            bounds.one_step
        } else {
            bounds.hundred_steps
        };
        prop_assert!(
            (found - expected).abs() <= bound * expected.abs().max(0.1),
            "loss {found}, expected {expected}, step {index}"
        );
        if index == 0 || index + 1 == steps {
            let network =
                dense::with_layers(network(case, &Device::flex()), fast.layers()).unwrap();
            let [found, expected] = [network, generic.valid()].map(|mlp| mlp.state_dict().unwrap());
            let (worst, what) = distance(found, expected);
            prop_assert!(worst <= bound, "{worst:e} apart after step {index}: {what}");
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn losses_gradients_and_parameters_are_those_of_the_generic_step(case in cases()) {
        agree(&case, 100)?;
    }

    #[test]
    fn any_number_of_threads_gives_the_same_bits(case in cases(), wide in 128_usize..400) {
        // Large enough that threads are used at all.
        let model = MlpConfig { inputs: 784, hidden: vec![wide, 64], ..case.model.clone() };
        let case = Case { model, batch: case.batch + 64, ..case };
        let run = |threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| {
                let mut learner = fast(&case);
                let losses: Vec<f64> = (0..4).map(|index| step(&mut learner, &case, index)).collect();
                (losses, learner.layers())
            })
        };
        let one = run(1);
        prop_assert!(one.0.iter().all(|loss| loss.is_finite()));
        for threads in [2, 5] {
            prop_assert!(run(threads) == one, "{threads} threads differ");
        }
    }
}
