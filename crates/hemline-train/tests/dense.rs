//! The fast step: PyTorch's numbers, the same bits for any number of threads, and a state that comes back.

use hemline_train::{
    DenseActivation, DenseBatch, DenseLayer, DenseStep, Error, OptimizerConfig, Purpose, Snapshot,
    Step, StepContext, generator,
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

type Prepare = fn(DenseBatch, &mut ChaCha8Rng) -> Result<DenseBatch, Error>;

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/dense.json")).expect("the fixture is JSON")
}

fn layers(tensors: &[Tensors]) -> Vec<DenseLayer> {
    let activations = [DenseActivation::Relu, DenseActivation::Sigmoid];
    let pairs = tensors.iter().cloned().zip(activations);
    pairs
        .map(|(Tensors { weight, bias }, activation)| DenseLayer {
            weight,
            bias,
            activation,
        })
        .collect()
}

fn learner(layers: Vec<DenseLayer>) -> DenseStep<Prepare> {
    let prepare: Prepare = |batch, _| Ok(batch);
    DenseStep::new(layers, &OptimizerConfig::adam(), prepare).expect("the layers fit")
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
        inputs: fixture.x.clone(),
        targets: Some(fixture.y.clone()),
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

/// A network wide enough that its weights make several blocks, from numbers by a formula.
fn wide() -> Vec<DenseLayer> {
    let layer = |inputs: usize, outputs: usize, activation| DenseLayer {
        weight: (0..inputs * outputs)
            .map(|index| ((index * 37 % 101) as f32 - 50.0) * 2e-3)
            .collect(),
        bias: vec![0.01; outputs],
        activation,
    };
    vec![
        layer(600, 130, DenseActivation::Relu),
        layer(130, 20, DenseActivation::Identity),
        layer(20, 600, DenseActivation::Sigmoid),
    ]
}

/// 100 examples that are their own targets.
fn images() -> DenseBatch {
    DenseBatch {
        inputs: (0..600 * 100)
            .map(|i| (i * 29 % 97) as f32 / 97.0)
            .collect(),
        targets: None,
    }
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
    for threads in [2, 3, 8] {
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
}

#[test]
fn what_does_not_fit_is_named() {
    let mut learner = learner(wide());
    for length in [0, 599, 601] {
        let batch = DenseBatch {
            inputs: vec![0.0; length],
            targets: None,
        };
        let error = step(&mut learner, batch).unwrap_err();
        assert!(matches!(error, Error::Batch { .. }), "{error}");
    }
    let mut short = images();
    short.targets = Some(vec![0.0; 5]);
    assert!(step(&mut learner, short).is_err());

    let prepare: Prepare = |batch, _| Ok(batch);
    let new = |layers, optimizer| DenseStep::new(layers, &optimizer, prepare).err();
    let mut missing = wide();
    missing.remove(1);
    let mut ragged = wide();
    ragged[2].weight.pop();
    for layers in [vec![], missing, ragged] {
        let error = new(layers, OptimizerConfig::adam());
        assert!(
            matches!(
                error,
                Some(Error::InvalidConfig {
                    field: "layers",
                    ..
                })
            ),
            "{error:?}"
        );
    }
    let error = new(wide(), OptimizerConfig::sgd(0.9));
    let optimizer = "optimizer";
    assert!(matches!(error, Some(Error::InvalidConfig { field, .. }) if field == optimizer));
}
