//! The network by itself: its config, its initial weights, its two kinds of pass, its evaluation.

use burn::module::Module;
use burn::tensor::{Device, Tensor, TensorData};
use hemline_init::{Activation as Function, Initializer, Pointwise, WeightDistribution};
use hemline_models::{Activation, Error, Layer, Mlp, MlpConfig, Pass};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};

use super::common::values;

fn generator(seed: u64) -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(seed)
}

fn images(count: usize, inputs: usize) -> Tensor<2> {
    let mut generator = generator(99);
    let pixels: Vec<f32> = (0..count * inputs).map(|_| generator.random()).collect();
    let data = TensorData::new(pixels, [count, inputs]);
    Tensor::from_data(data, &Device::flex())
}

fn every_activation() -> Vec<Activation> {
    vec![
        Function::Identity.into(),
        Function::Relu.into(),
        Function::LeakyRelu { slope: 0.01 }.into(),
        Function::Elu { alpha: 1.0 }.into(),
        Function::Selu.into(),
        Function::Gelu.into(),
        Function::GeluTanh.into(),
        Function::Silu.into(),
        Function::Mish.into(),
        Function::Softplus.into(),
        Function::Tanh.into(),
        Function::Sigmoid.into(),
        Activation::PRELU,
    ]
}

#[test]
fn every_activation_computes_the_function_that_its_gain_is_for() {
    for activation in every_activation() {
        // One hidden layer with the identity as weights shows the function itself.
        let config = MlpConfig::new(1, vec![1], 1)
            .with_activation(activation)
            .with_initializer(Initializer::Constant { value: 1.0 });
        let mlp = config.init(&mut generator(0), &Device::flex()).unwrap();
        for z in [-3.0, -0.5, 0.0, 0.25, 2.0] {
            let x = Tensor::<2>::from_data([[z]], &Device::flex());
            let found = values(mlp.forward(x, &mut Pass::Evaluate))[0];
            let expected = activation.initial().value(z);
            assert!(
                (f64::from(found) - expected).abs() < 1e-5,
                "{activation:?}({z}) = {found}"
            );
        }
    }
}

#[test]
fn a_seed_fixes_the_weights_and_he_is_the_default() {
    let config = MlpConfig::new(784, vec![50, 50, 50], 10);
    let dict = |seed| {
        config
            .init(&mut generator(seed), &Device::flex())
            .unwrap()
            .state_dict()
            .unwrap()
    };
    assert_eq!(dict(4), dict(4));
    assert_ne!(dict(4), dict(5));
    let dict = dict(4);
    let parameters: usize = dict.tensors.iter().map(|tensor| tensor.values.len()).sum();
    assert_eq!(parameters, config.parameters());
    assert_eq!(
        parameters,
        784 * 50 + 50 + 2 * (50 * 50 + 50) + 50 * 10 + 10
    );

    // 39,200 draws of variance 2/784: the sample variance has a relative deviation of √(2/39200),
    // under 1 %, so 4 % are more than five of them.
    let first = &dict.tensors[0].values;
    let variance = first.iter().map(|&w| f64::from(w).powi(2)).sum::<f64>() / first.len() as f64;
    assert!((variance * 784.0 / 2.0 - 1.0).abs() < 0.04, "{variance}");
    assert!(
        dict.tensors
            .iter()
            .filter(|t| t.name.ends_with("bias"))
            .all(|t| t.values.iter().all(|&b| b == 0.0))
    );
}

#[test]
fn layers_stand_where_pytorch_would_have_them() {
    let config = MlpConfig::new(8, vec![4, 4], 3)
        .with_batch_norm(true)
        .with_dropout(0.5);
    let mlp = config.init(&mut generator(0), &Device::flex()).unwrap();
    let kinds: Vec<&str> = mlp
        .stack
        .layers
        .iter()
        .map(|layer| match layer {
            Layer::Linear(_) => "linear",
            Layer::BatchNorm(_) => "norm",
            Layer::Elementwise(_) | Layer::Prelu(_) => "activation",
            Layer::Dropout(_) => "dropout",
        })
        .collect();
    let block = ["linear", "norm", "activation", "dropout"];
    assert_eq!(kinds, [&block[..], &block[..], &["linear"]].concat());
    assert_eq!(
        config.parameters(),
        8 * 4 + 4 + 8 + 4 * 4 + 4 + 8 + 4 * 3 + 3
    );
}

#[test]
fn dropout_keeps_the_mean_follows_the_generator_and_rests_in_evaluation() {
    let config = MlpConfig::new(1, vec![20_000], 1).with_dropout(0.3);
    let device = Device::flex().autodiff();
    let mlp = config.init(&mut generator(0), &device).unwrap();
    let Layer::Dropout(dropout) = &mlp.stack.layers[2] else {
        panic!("layer 2 is the dropout")
    };
    let ones = || Tensor::<2>::ones([1, 20_000], &device);
    let dropped = values(dropout.forward_train(ones(), &mut generator(1)));
    assert_eq!(
        dropped,
        values(dropout.forward_train(ones(), &mut generator(1)))
    );
    assert_ne!(
        dropped,
        values(dropout.forward_train(ones(), &mut generator(2)))
    );
    let kept = dropped.iter().filter(|&&value| value != 0.0).count();
    // Binomial with n = 20,000 and p = 0.7: five deviations are 324.
    assert!((kept as f64 - 14_000.0).abs() < 324.0, "{kept}");
    assert!(
        dropped
            .iter()
            .all(|&value| value == 0.0 || (value - 1.0 / 0.7).abs() < 1e-6)
    );

    let x = Tensor::<2>::from_data([[2.0]], &device);
    let evaluate = || values(mlp.forward(x.clone(), &mut Pass::Evaluate));
    assert_eq!(evaluate(), evaluate());
    assert_ne!(
        evaluate(),
        values(mlp.forward(x.clone(), &mut Pass::Train(&mut generator(1))))
    );
}

#[test]
fn a_copy_for_evaluation_does_not_follow_the_training() {
    let config = MlpConfig::new(4, vec![3], 2).with_batch_norm(true);
    let device = Device::flex().autodiff();
    let mlp = config.init(&mut generator(0), &device).unwrap();
    let train = || {
        mlp.forward(
            images(8, 4).to_device(&device),
            &mut Pass::Train(&mut generator(0)),
        )
    };
    train();
    let copy = mlp.valid();
    let before = copy.state_dict().unwrap();
    train();
    assert_eq!(copy.state_dict().unwrap(), before);
    assert_ne!(mlp.state_dict().unwrap(), before);
}

fn trained_looking(classes: usize) -> Mlp {
    let config = MlpConfig::new(6, vec![5], classes)
        .with_initializer(Initializer::he(WeightDistribution::Normal));
    config
        .init(&mut generator(8), &Device::flex())
        .expect("the config is valid")
}

#[test]
fn evaluation_counts_and_averages() {
    let mlp = trained_looking(3);
    let x = images(7, 6);
    let labels = [0, 1, 2, 0, 1, 2, 0];
    let split = [
        (x.clone().slice(0..4), &labels[..4]),
        (x.clone().slice(4..7), &labels[4..]),
    ];
    let whole = mlp.evaluate([(x.clone(), &labels[..])]).unwrap();
    assert_eq!(mlp.evaluate(split).unwrap(), whole);

    // The same from the logits by hand.
    let logits = values(mlp.forward(x, &mut Pass::Evaluate));
    let mut right = 0;
    let mut sum = 0.0;
    for (row, &label) in logits.chunks(3).zip(&labels) {
        let total: f64 = row.iter().map(|&z| f64::from(z).exp()).sum();
        sum -= (f64::from(row[label as usize]).exp() / total).ln();
        let best = (0..3).max_by(|&a, &b| row[a].total_cmp(&row[b])).unwrap();
        right += usize::from(best == label as usize);
    }
    assert!((whole.cross_entropy - sum / 7.0).abs() < 1e-6);
    assert_eq!(whole.accuracy, right as f64 / 7.0);
    assert_eq!(whole.examples(), 7);
    let matrix = whole.confusion_matrix();
    assert_eq!(matrix.iter().sum::<u64>(), 7);
    assert_eq!(
        (0..3).map(|class| matrix[class * 4]).sum::<u64>(),
        right as u64
    );
    let wrong = whole.most_confidently_wrong();
    assert_eq!(wrong.len(), 7 - right);
    let (low, high) = whole.accuracy_interval();
    assert!(0.0 <= low && low < whole.accuracy && whole.accuracy < high && high <= 1.0);
}

#[test]
fn the_interval_is_wilsons() {
    // 8 of 10: the 95 % interval printed by R's binom::binom.confint(8, 10, methods = "wilson").
    let evaluation = hemline_models::Evaluation {
        classes: 2,
        cross_entropy: 0.0,
        accuracy: 0.8,
        labels: vec![0; 10],
        predictions: vec![0; 10],
        probabilities: vec![0.5; 20],
    };
    let (low, high) = evaluation.accuracy_interval();
    assert!(
        (low - 0.490_162_4).abs() < 1e-6 && (high - 0.943_317_8).abs() < 1e-6,
        "{low} {high}"
    );
}

#[test]
fn evaluation_names_what_does_not_fit() {
    let mlp = trained_looking(3);
    let message =
        |x: Tensor<2>, labels: &[u32]| mlp.evaluate([(x, labels)]).unwrap_err().to_string();
    assert!(message(images(2, 5), &[0, 1]).starts_with("the images must be 6 pixels each"));
    assert!(message(images(2, 6), &[0]).starts_with("the labels must be 2"));
    assert!(message(images(2, 6), &[0, 3]).starts_with("a label must be below 3"));
    let none = mlp.evaluate(std::iter::empty()).unwrap_err();
    assert!(matches!(
        none,
        Error::Shape {
            what: "the set to evaluate",
            ..
        }
    ));
}

#[test]
fn settings_outside_their_domain_are_named() {
    let good = || MlpConfig::new(4, vec![3], 2);
    let wrong = [
        ("inputs", MlpConfig::new(0, vec![3], 2)),
        ("hidden", MlpConfig::new(4, vec![3, 0], 2)),
        ("classes", MlpConfig::new(4, vec![3], 0)),
        ("dropout", good().with_dropout(1.0)),
        ("dropout", good().with_dropout(f64::NAN)),
        (
            "activation",
            good().with_activation(
                Function::Elu {
                    alpha: f64::INFINITY,
                }
                .into(),
            ),
        ),
        (
            "activation",
            good().with_activation(Activation::Prelu {
                initial_slope: f64::NAN,
            }),
        ),
    ];
    for (name, config) in wrong {
        let error = config.init(&mut generator(0), &Device::flex()).unwrap_err();
        assert!(
            matches!(&error, Error::InvalidConfig { field, .. } if *field == name),
            "{error}"
        );
    }
}

#[test]
fn configs_survive_json() {
    for activation in every_activation() {
        let config = MlpConfig::new(4, vec![3, 2], 2)
            .with_activation(activation)
            .with_dropout(0.1);
        let text = serde_json::to_string(&config).unwrap();
        assert_eq!(
            serde_json::from_str::<MlpConfig>(&text).unwrap(),
            config,
            "{text}"
        );
    }
}
