//! The optimizers against the numbers that PyTorch printed (`fixtures/optimizers.py`).

mod support;

use hemline_train::{
    BurnStep, OptimizerConfig, Purpose, Step, StepContext, WeightDecayTargets, generator,
};
use serde::Deserialize;
use std::collections::BTreeMap;
use support::{Affine, tensor};

#[derive(Deserialize)]
struct Fixture {
    x: Vec<Vec<f64>>,
    target: Vec<Vec<f64>>,
    weight: Vec<Vec<f64>>,
    bias: Vec<f64>,
    learning_rate: f64,
    l2: f64,
    plain: BTreeMap<String, Vec<State>>,
    decayed: BTreeMap<String, Vec<State>>,
}

#[derive(Deserialize)]
struct State {
    loss: f64,
    weight: Vec<f64>,
    bias: Vec<f64>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("fixtures/optimizers.json")).expect("the fixture is JSON")
}

fn config(name: &str) -> OptimizerConfig {
    match name {
        "sgd" => OptimizerConfig::sgd(0.0),
        "momentum" => OptimizerConfig::sgd(0.9),
        "nesterov" => OptimizerConfig::Sgd {
            momentum: 0.9,
            nesterov: true,
        },
        "adam" => OptimizerConfig::adam(),
        "adamw" => OptimizerConfig::adamw(),
        other => panic!("the fixture has an optimizer {other} that this test does not know"),
    }
}

/// Runs the fixture's problem and returns the largest deviation from PyTorch's parameters, relative
/// to 1 + |parameter|.
fn deviation(fixture: &Fixture, name: &str, l2: f64, expected: &[State]) -> f64 {
    let model = Affine::new(&fixture.weight, &fixture.bias);
    let (x, target) = (tensor(&fixture.x), tensor(&fixture.target));
    let mut step = BurnStep::new(model, &config(name), l2, |model: &Affine, (), _| {
        (model.forward(x.clone()) - target.clone())
            .powi_scalar(2)
            .mean()
    });
    let mut worst: f64 = 0.0;
    for (iteration, expected) in expected.iter().enumerate() {
        let mut generator = generator(0, Purpose::Step, iteration as u64);
        let context = StepContext {
            learning_rate: fixture.learning_rate,
            generator: &mut generator,
        };
        let loss = step.step((), context).expect("the step is computed");
        let (weight, bias) = step.module().values();
        let found = std::iter::once(loss).chain(weight).chain(bias);
        let expected = std::iter::once(&expected.loss)
            .chain(&expected.weight)
            .chain(&expected.bias);
        for (found, expected) in found.zip(expected) {
            worst = worst.max((found - expected).abs() / (1.0 + expected.abs()));
        }
    }
    worst
}

#[test]
fn every_optimizer_takes_pytorchs_steps() {
    let fixture = fixture();
    for (name, expected) in &fixture.plain {
        let worst = deviation(&fixture, name, 0.0, expected);
        assert!(worst < 2e-6, "{name}: off by {worst:e}");
    }
    assert_eq!(fixture.plain.len(), 5);
}

#[test]
fn the_penalty_touches_weights_and_not_biases_as_pytorchs_groups_do() {
    let fixture = fixture();
    for (name, expected) in &fixture.decayed {
        let worst = deviation(&fixture, name, fixture.l2, expected);
        assert!(worst < 2e-6, "{name}: off by {worst:e}");
        // The fixture can tell: without the penalty the parameters end elsewhere.
        let without = deviation(&fixture, name, 0.0, expected);
        assert!(
            without > 1e-4,
            "{name}: the penalty makes no difference ({without:e})"
        );
    }
}

#[test]
fn only_matrices_are_penalised() {
    let model = Affine::new(&[vec![1.0, 2.0]], &[0.0, 0.0]);
    assert_eq!(WeightDecayTargets::of(&model).paths, ["weight"]);
}

#[test]
fn settings_outside_their_domain_are_named() {
    let wrong = [
        OptimizerConfig::sgd(1.0),
        OptimizerConfig::sgd(f64::NAN),
        OptimizerConfig::Sgd {
            momentum: 0.0,
            nesterov: true,
        },
        OptimizerConfig::Adam {
            beta1: -0.1,
            beta2: 0.999,
            epsilon: 1e-8,
        },
        OptimizerConfig::AdamW {
            beta1: 0.9,
            beta2: 1.0,
            epsilon: 1e-8,
        },
        OptimizerConfig::AdamW {
            beta1: 0.9,
            beta2: 0.999,
            epsilon: 0.0,
        },
    ];
    for optimizer in wrong {
        let error = optimizer.check().unwrap_err().to_string();
        assert!(error.starts_with("optimizer."), "{error}");
    }
}
