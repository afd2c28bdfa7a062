//! The fast step: PyTorch's numbers, the same bits for any number of threads, and a state that comes back.

mod refusals;
mod zeros;

use std::sync::Arc;

use hemline_train::{
    DenseActivation, DenseBatch, DenseInputs, DenseLayer, DenseLoss, DenseNorm, DenseRows,
    DenseStep, DenseTargets, Error, OptimizerConfig, Purpose, Snapshot, Step, StepContext,
    generator,
};
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;

#[derive(Deserialize)]
struct Fixture {
    x: Vec<f32>,
    y: Vec<f32>,
    before: Vec<Tensors>,
    after: Vec<Tensors>,
    losses: Vec<f64>,
}

#[derive(Clone, Deserialize)]
struct Tensors {
    weight: Vec<f32>,
    bias: Vec<f32>,
}

type Prepare = fn(DenseBatch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error>;

/// The batch as it is.
const AS_IT_IS: Prepare = |from, _, batch| {
    *batch = from;
    Ok(())
};

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/dense.json")).expect("the fixture is JSON")
}

fn layers(tensors: &[Tensors]) -> Vec<DenseLayer> {
    let activations = [DenseActivation::Relu, DenseActivation::Sigmoid];
    let pairs = tensors.iter().cloned().zip(activations);
    pairs
        .map(|(Tensors { weight, bias }, activation)| DenseLayer::new(weight, bias, activation))
        .collect()
}

fn learner(layers: Vec<DenseLayer>) -> DenseStep<Prepare> {
    let (loss, optimizer) = (DenseLoss::MeanSquaredError, OptimizerConfig::adam());
    DenseStep::new(layers, loss, &optimizer, 0.0, AS_IT_IS).expect("the layers fit")
}

fn step(learner: &mut DenseStep<Prepare>, batch: DenseBatch) -> Result<f64, Error> {
    let context = StepContext {
        learning_rate: 0.01,
        generator: &mut generator(0, Purpose::Step, 0),
    };
    learner.step(batch, context)
}

fn batch(fixture: &Fixture) -> DenseBatch {
    DenseBatch {
        inputs: DenseInputs::Values(fixture.x.clone()),
        targets: DenseTargets::Values(fixture.y.clone()),
    }
}

#[test]
fn five_steps_are_pytorchs() {
    let fixture = fixture();
    let mut learner = learner(layers(&fixture.before));
    for expected in &fixture.losses {
        let loss = step(&mut learner, batch(&fixture)).unwrap();
        assert!((loss - expected).abs() < 1e-6, "{loss} for {expected}");
    }
    assert!(fixture.losses[4] < fixture.losses[0]);
    for (found, expected) in learner.layers().iter().zip(layers(&fixture.after)) {
        let found = found.weight.iter().chain(&found.bias);
        for (found, expected) in found.zip(expected.weight.iter().chain(&expected.bias)) {
            assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    }
}

/// A normalisation that has seen nothing yet.
fn norm(outputs: usize) -> DenseNorm {
    DenseNorm {
        scale: vec![1.0; outputs],
        shift: vec![0.0; outputs],
        running_mean: vec![0.0; outputs],
        running_variance: vec![1.0; outputs],
        momentum: 0.1,
        epsilon: 1e-5,
    }
}

/// A network wide enough that its weights make several blocks, from numbers by a formula.
fn wide() -> Vec<DenseLayer> {
    let layer = |inputs: usize, outputs: usize, activation| {
        let weight = (0..inputs * outputs).map(|index| ((index * 37 % 101) as f32 - 50.0) * 2e-3);
        DenseLayer::new(weight.collect(), vec![0.01; outputs], activation)
    };
    let mut layers = vec![
        layer(600, 130, DenseActivation::Relu),
        layer(130, 20, DenseActivation::Prelu { slope: 0.25 }),
        layer(20, 600, DenseActivation::Sigmoid),
    ];
    layers[0].norm = Some(norm(130));
    layers[1].norm = Some(norm(20));
    layers[0].dropout = 0.2;
    layers
}

/// 100 examples that are their own targets.
fn images() -> DenseBatch {
    let numbers = (0..600 * 100).map(|i| (i * 29 % 97) as f32 / 97.0);
    DenseBatch {
        inputs: DenseInputs::Values(numbers.collect()),
        targets: DenseTargets::Inputs,
    }
}

fn numbers(batch: DenseBatch) -> Vec<f32> {
    match batch.inputs {
        DenseInputs::Values(values) => values,
        other => panic!("{other:?} are no numbers"),
    }
}

#[test]
fn bytes_are_their_255ths_to_the_bit() {
    let bytes: Vec<u8> = (0..600 * 70).map(|i| (i % 256) as u8).collect();
    let numbers = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
    // The same rows, from a set that has them in another order.
    let set: Vec<u8> = bytes.chunks(600).rev().flatten().copied().collect();
    let rows = DenseRows {
        set: Arc::new(set),
        numbers: (0..70).rev().collect(),
    };
    let [numbers, bytes, rows] = [
        DenseInputs::Values(numbers),
        DenseInputs::Bytes(bytes),
        DenseInputs::Rows(rows),
    ]
    .map(|inputs| {
        let targets = DenseTargets::Inputs;
        let mut learner = learner(wide());
        let loss = step(&mut learner, DenseBatch { inputs, targets }).unwrap();
        (loss, learner.layers())
    });
    assert_eq!(bytes, numbers);
    assert_eq!(rows, numbers);
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build().unwrap().install(|| {
            let mut learner = learner(wide());
            let losses: Vec<f64> = (0..4)
                .map(|_| step(&mut learner, images()).unwrap())
                .collect();
            (losses, learner.layers())
        })
    };
    let one = run(1);
    assert_ne!(one.1, wide());
    for threads in [2, 5] {
        assert_eq!(run(threads), one);
    }
}

#[test]
fn a_state_comes_back_to_the_bit() {
    let mut learner = learner(wide());
    step(&mut learner, images()).unwrap();
    let state = learner.snapshot().unwrap();
    let ahead: Vec<f64> = (0..3)
        .map(|_| step(&mut learner, images()).unwrap())
        .collect();
    let mut other = self::learner(wide());
    other.restore(&state).unwrap();
    let again: Vec<f64> = (0..3)
        .map(|_| step(&mut other, images()).unwrap())
        .collect();
    assert_eq!(again, ahead);
    assert_eq!(other.layers(), learner.layers());

    for length in [0, 7, 8, state.len() - 4] {
        let error = other.restore(&state[..length]).unwrap_err();
        assert!(matches!(error, Error::Restore { .. }), "{error}");
    }
}

#[test]
fn what_is_not_finite_is_not_hidden() {
    let mut broken = wide();
    broken[0].weight[3] = f32::NAN;
    let mut learner = learner(broken);
    assert!(step(&mut learner, images()).unwrap().is_nan());
    let error = learner.snapshot().unwrap_err().to_string();
    assert!(error.contains("0.weight"), "{error}");

    for bad in [f32::NAN, f32::INFINITY] {
        let mut numbers = numbers(images());
        numbers[600] = bad;
        let inputs = DenseInputs::Values(numbers);
        let batch = DenseBatch { inputs, ..images() };
        assert!(!step(&mut self::learner(wide()), batch).unwrap().is_finite());
        let mut targets = self::numbers(images());
        targets[7] = bad;
        let targets = DenseTargets::Values(targets);
        let batch = DenseBatch {
            targets,
            ..images()
        };
        assert!(!step(&mut self::learner(wide()), batch).unwrap().is_finite());

        let layer = DenseLayer::new(vec![bad, 1.0], vec![0.0; 2], DenseActivation::Identity);
        let mut classifier = classifier(vec![layer], 0.1).unwrap();
        let batch = DenseBatch {
            inputs: DenseInputs::Values(vec![1.0]),
            targets: DenseTargets::Labels(vec![1]),
        };
        assert!(!step(&mut classifier, batch).unwrap().is_finite());
    }
}

fn classifier(layers: Vec<DenseLayer>, smoothing: f64) -> Result<DenseStep<Prepare>, Error> {
    let loss = DenseLoss::CrossEntropy { smoothing };
    DenseStep::new(layers, loss, &OptimizerConfig::sgd(0.0), 0.0, AS_IT_IS)
}
