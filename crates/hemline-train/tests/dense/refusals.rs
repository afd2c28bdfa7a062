//! What a step does not take, and that its errors name it.

use super::*;

#[test]
fn what_does_not_fit_is_named() {
    let mut learner = learner(wide());
    for length in [0, 599, 601] {
        let batch = DenseBatch {
            inputs: DenseInputs::Values(vec![0.0; length]),
            targets: DenseTargets::Inputs,
        };
        let error = step(&mut learner, batch).unwrap_err();
        assert!(matches!(error, Error::Batch { .. }), "{error}");
    }
    let set = Arc::new(vec![0_u8; 2 * 600 + 599]);
    for numbers in [vec![], vec![0, 2], vec![usize::MAX]] {
        let set = Arc::clone(&set);
        let batch = DenseBatch {
            inputs: DenseInputs::Rows(DenseRows { set, numbers }),
            targets: DenseTargets::Inputs,
        };
        let error = step(&mut learner, batch).unwrap_err();
        assert!(matches!(error, Error::Batch { .. }), "{error}");
    }
    for targets in [
        DenseTargets::Values(vec![0.0; 5]),
        DenseTargets::Labels(vec![0; 100]),
    ] {
        let batch = DenseBatch {
            targets,
            ..images()
        };
        let error = step(&mut learner, batch).unwrap_err();
        assert!(matches!(error, Error::Batch { .. }), "{error}");
    }
    let layer = DenseLayer::new(vec![0.0; 6], vec![0.0; 3], DenseActivation::Identity);
    let mut classifier = classifier(vec![layer.clone()], 0.0).unwrap();
    for targets in [
        DenseTargets::Inputs,
        DenseTargets::Labels(vec![0]),
        DenseTargets::Labels(vec![0, 3]),
    ] {
        let inputs = DenseInputs::Values(vec![1.0; 4]);
        let error = step(&mut classifier, DenseBatch { inputs, targets }).unwrap_err();
        assert!(matches!(error, Error::Batch { .. }), "{error}");
    }
    let good = DenseBatch {
        inputs: DenseInputs::Values(vec![1.0; 4]),
        targets: DenseTargets::Labels(vec![0, 2]),
    };
    let loss = step(&mut classifier, good).unwrap();
    assert!((loss - 3.0_f64.ln()).abs() < 1e-6, "{loss}");
}

#[test]
fn settings_outside_their_domain_are_named() {
    let change = |change: fn(&mut Vec<DenseLayer>)| {
        let mut layers = wide();
        change(&mut layers);
        layers
    };
    for layers in [
        vec![],
        change(|layers| layers.swap(0, 1)),
        change(|layers| layers[2].weight.truncate(20)),
        change(|layers| layers[0].dropout = 1.0),
        change(|layers| layers[0].dropout = f64::NAN),
        change(|layers| layers[0].activation = DenseActivation::Elu { alpha: f32::NAN }),
        change(|layers| layers[1].norm = Some(norm(21))),
        change(|layers| layers[1].norm.as_mut().unwrap().epsilon = 0.0),
        change(|layers| layers[1].norm.as_mut().unwrap().momentum = 1.5),
    ] {
        assert_eq!(refused(layers, &OptimizerConfig::adam(), 0.0), "layers");
    }
    assert_eq!(
        refused(wide(), &OptimizerConfig::sgd(1.0), 0.0),
        "optimizer.momentum"
    );
    for l2 in [-1.0, f64::NAN, f64::INFINITY] {
        assert_eq!(refused(wide(), &OptimizerConfig::adam(), l2), "l2");
    }
    let error = classifier(wide(), 1.5).unwrap_err();
    assert!(error.to_string().contains("loss.smoothing"), "{error}");
}

/// The setting that is refused.
fn refused(layers: Vec<DenseLayer>, optimizer: &OptimizerConfig, l2: f64) -> &'static str {
    let loss = DenseLoss::MeanSquaredError;
    match DenseStep::new(layers, loss, optimizer, l2, AS_IT_IS) {
        Err(Error::InvalidConfig { field, .. }) => field,
        other => panic!("{other:?} should have been refused"),
    }
}

#[test]
fn the_state_of_another_learner_is_refused() {
    let mut learner = learner(wide());
    let mut state = learner.snapshot().unwrap();
    state[..8].copy_from_slice(&17_u64.to_le_bytes());
    let error = learner.restore(&state).unwrap_err().to_string();
    assert!(error.contains("another learner"), "{error}");
}
