//! The autoencoder: the same network in PyTorch, files, and input that does not fit.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use hemline_init::Activation as Function;
use hemline_models::{
    Activation, Autoencoder, AutoencoderConfig, Error, Layer, Mlp, MlpConfig, Reconstruction,
    mean_squared_error, squared_errors, with_gaussian_noise,
};
use rand::RngExt;
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde::Deserialize;

use super::common::{assert_close, fixture_tensors, matrix, values};

#[derive(Deserialize)]
struct Fixture {
    x: Vec<Vec<f32>>,
    codes: Vec<Vec<f32>>,
    reconstruction: Vec<Vec<f32>>,
    loss: f32,
    gradient_of_first_weight: Vec<Vec<f32>>,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/autoencoder.json")).expect("the fixture is JSON")
}

fn config() -> AutoencoderConfig {
    AutoencoderConfig::new()
        .with_inputs(6)
        .with_hidden(vec![5, 4])
        .with_bottleneck(3)
}

fn generator() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(5)
}

fn loaded(device: &Device) -> Autoencoder {
    let net = config()
        .init(&mut generator(), device)
        .expect("the config is valid");
    net.load_state_dict(fixture_tensors("autoencoder.safetensors"))
        .expect("PyTorch's tensors fit")
}

#[test]
fn codes_reconstructions_loss_and_gradient_are_pytorchs() {
    let fixture = fixture();
    let device = Device::flex().autodiff();
    let net = loaded(&device);
    let x = matrix(&fixture.x, &device);
    let codes = net.encode(x.clone());
    assert_close(&values(codes.clone()), &fixture.codes.concat(), 1e-6);
    let reconstruction = net.decode(codes);
    let expected = fixture.reconstruction.concat();
    assert_close(&values(reconstruction), &expected, 1e-6);
    assert_eq!(
        values(net.forward(x.clone())),
        values(net.decode(net.encode(x.clone())))
    );

    let loss = mean_squared_error(net.forward(x.clone()), x);
    assert_close(&values(loss.clone()), &[fixture.loss], 1e-7);
    let gradients = GradientsParams::from_grads(loss.backward(), &net);
    let first = net.encoder.linears().next().expect("a linear layer");
    let gradient = gradients
        .get::<2>(first.weight.id)
        .expect("it has a gradient");
    // burn keeps [inputs, outputs], PyTorch [outputs, inputs].
    let expected = fixture.gradient_of_first_weight.concat();
    assert!(expected.iter().any(|value| value.abs() > 1e-4));
    assert_close(&values(gradient.transpose()), &expected, 1e-7);
}

#[test]
fn the_loss_of_many_images_is_as_exact_as_that_of_few() {
    let (count, pixels) = (4096, 784);
    let mut generator = ChaCha8Rng::seed_from_u64(5);
    let images: Vec<f32> = (0..count * pixels).map(|_| generator.random()).collect();
    let images = TensorData::new(images, [count, pixels]);
    let images = Tensor::<2>::from_data(images, &Device::flex());
    // Once errors of all sizes, once small ones, as late in a training.
    for scale in [1.0, 0.05] {
        let other = images.clone() * (1.0 - scale);
        let found = values(mean_squared_error(other.clone(), images.clone()))[0];
        let errors = squared_errors(other, images.clone()).unwrap();
        let expected = errors.iter().sum::<f64>() / count as f64;
        let apart = (f64::from(found) - expected).abs() / expected;
        assert!(apart < 1e-5, "{found}, expected {expected}");
    }
}

#[test]
fn the_error_on_each_image_is_the_mean_of_its_squares() {
    let fixture = fixture();
    let device = Device::flex();
    let net = loaded(&device);
    let x = matrix(&fixture.x, &device);
    let by_hand: Vec<f64> = fixture
        .x
        .iter()
        .zip(&fixture.reconstruction)
        .map(|(x, y)| {
            let squares = x.iter().zip(y).map(|(x, y)| f64::from(x - y).powi(2));
            squares.sum::<f64>() / 6.0
        })
        .collect();
    let whole = net.evaluate([(x.clone(), x.clone())]).unwrap();
    assert_eq!(whole.errors.len(), 7);
    for (found, expected) in whole.errors.iter().zip(&by_hand) {
        assert!((found - expected).abs() < 1e-7, "{found} for {expected}");
    }
    let mean = whole.mean_squared_error();
    assert!((mean - f64::from(fixture.loss)).abs() < 1e-7, "{mean}");

    // In pieces it is the same, and another target is another error.
    let piece = |range: std::ops::Range<usize>| {
        let part = x.clone().slice(range);
        (part.clone(), part)
    };
    assert_eq!(net.evaluate([piece(0..3), piece(3..7)]).unwrap(), whole);
    let zeros = net.evaluate([(x.clone(), x.zeros_like())]).unwrap();
    assert_ne!(zeros.errors, whole.errors);
}

#[test]
fn the_default_is_the_assignments_network() {
    let config = AutoencoderConfig::default();
    assert_eq!(config.widths(), [784, 128, 64, 128, 784]);
    let net = config.init(&mut generator(), &Device::flex()).unwrap();
    let activations = |layers: &[Layer]| -> Vec<Option<Function>> {
        let activation = |layer: &Layer| match layer {
            Layer::Elementwise(elementwise) => Some(elementwise.activation),
            _ => None,
        };
        layers.iter().map(activation).collect()
    };
    let relu = Some(Function::Relu);
    assert_eq!(activations(&net.encoder.layers), [None, relu, None, relu]);
    assert_eq!(
        activations(&net.decoder.layers),
        [None, relu, None, Some(Function::Sigmoid)]
    );
    let dict = net.state_dict().unwrap();
    let names: Vec<&str> = dict.tensors.iter().map(|t| t.name.as_str()).collect();
    let expected = [
        "encoder.0.weight",
        "encoder.0.bias",
        "encoder.2.weight",
        "encoder.2.bias",
        "decoder.0.weight",
        "decoder.0.bias",
        "decoder.2.weight",
        "decoder.2.bias",
    ];
    assert_eq!(names, expected);
    let parameters: usize = dict.tensors.iter().map(|t| t.values.len()).sum();
    assert_eq!((parameters, config.parameters()), (218_192, 218_192));
}

#[test]
fn another_config_is_another_network() {
    let config = AutoencoderConfig::new()
        .with_inputs(9)
        .with_hidden(vec![])
        .with_bottleneck(2)
        .with_activation(Activation::PRELU)
        .with_bottleneck_activation(Function::Identity.into())
        .with_output_activation(Activation::PRELU);
    let net = config.init(&mut generator(), &Device::flex()).unwrap();
    assert_eq!((net.inputs(), net.bottleneck()), (9, 2));
    let tensors = net.state_dict().unwrap().tensors;
    let parameters: usize = tensors.iter().map(|t| t.values.len()).sum();
    assert_eq!(parameters, 9 * 2 + 2 + 2 * 9 + 9 + 1);
    assert_eq!(config.parameters(), parameters);
    // A linear bottleneck has codes of both signs: without biases, those of −x are those of x negated.
    let ones = Tensor::<2>::ones([1, 9], &Device::flex());
    let codes = values(net.encode(ones.clone()));
    assert!(codes.iter().all(|&code| code != 0.0), "{codes:?}");
    let negated: Vec<f32> = codes.iter().map(|code| -code).collect();
    assert_eq!(values(net.encode(ones.neg())), negated);
    let text = serde_json::to_string(&config).unwrap();
    let again: AutoencoderConfig = serde_json::from_str(&text).unwrap();
    assert_eq!(again, config);
}

#[test]
fn a_saved_network_is_loaded_to_the_bit_and_nothing_else_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("autoencoder.safetensors");
    let device = Device::flex();
    let net = loaded(&device);
    net.save(&config(), &path).unwrap();
    let (again, found) = Autoencoder::load(&path, &device).unwrap();
    assert_eq!(found, config());
    assert_eq!(again.state_dict().unwrap(), net.state_dict().unwrap());

    // Another kind of model, either way.
    let error = Mlp::load(&path, &device).unwrap_err();
    assert!(matches!(&error, Error::Metadata { .. }), "{error}");
    let mlp = MlpConfig::new(6, vec![5], 3);
    let classifier = mlp.init(&mut generator(), &device).unwrap();
    classifier.save(&mlp, &path).unwrap();
    let error = Autoencoder::load(&path, &device).unwrap_err();
    assert!(matches!(&error, Error::Metadata { .. }), "{error}");

    // A config that is not that of the tensors, and tensors of another shape.
    net.save(&config().with_bottleneck(4), &path).unwrap();
    let error = Autoencoder::load(&path, &device).unwrap_err();
    assert!(
        matches!(error, Error::Shape { .. } | Error::Tensor { .. }),
        "{error}"
    );
    let other = config().with_bottleneck(2);
    let other = other.init(&mut generator(), &device).unwrap();
    let error = other
        .load_state_dict(fixture_tensors("autoencoder.safetensors"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "tensor `encoder.4.weight`: expected f32 of shape [2, 4], found shape [3, 4]"
    );
}

#[test]
fn what_does_not_fit_is_named() {
    let device = Device::flex();
    let net = loaded(&device);
    let images = |count, pixels| Tensor::<2>::zeros([count, pixels], &device);
    let error = net.evaluate([(images(2, 5), images(2, 5))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the images must be 6 pixels each, found 2 images of 5 pixels"
    );
    let error = net.evaluate([(images(2, 6), images(3, 6))]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the reconstructions must be 3 images of 6 pixels, found 2 of 6"
    );
    assert!(squared_errors(images(1, 6), images(1, 7)).is_err());
    let nothing = net.evaluate(std::iter::empty()).unwrap_err();
    let expected = "the set to evaluate must be at least one example, found none";
    assert_eq!(nothing.to_string(), expected);
    assert!(Reconstruction::collect(std::iter::empty()).is_err());

    let elu = Activation::Fixed(Function::Elu { alpha: f64::NAN });
    let wrong = [
        ("inputs", config().with_inputs(0)),
        ("hidden", config().with_hidden(vec![4, 0])),
        ("bottleneck", config().with_bottleneck(0)),
        ("activation", config().with_activation(elu)),
        (
            "bottleneck_activation",
            config().with_bottleneck_activation(elu),
        ),
        ("output_activation", config().with_output_activation(elu)),
    ];
    for (name, config) in wrong {
        let error = config.init(&mut generator(), &device).unwrap_err();
        assert!(
            matches!(&error, Error::InvalidConfig { field, .. } if *field == name),
            "{error}"
        );
    }
}

#[test]
fn noise_follows_the_generator_and_stays_in_range() {
    let device = Device::flex();
    let grey = || Tensor::<2>::zeros([50, 784], &device) + 0.5;
    let noisy = |deviation, seed| {
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        values(with_gaussian_noise(grey(), deviation, &mut generator))
    };
    assert_eq!(noisy(0.1, 1), noisy(0.1, 1));
    assert_ne!(noisy(0.1, 1), noisy(0.1, 2));
    assert_eq!(noisy(0.0, 1), values(grey()));
    assert!(
        noisy(1.0, 1)
            .iter()
            .all(|value| (0.0..=1.0).contains(value))
    );
    // 39,200 draws: the standard error of the mean is 0.0005, of the variance 0.7 %; five of each.
    let values = noisy(0.1, 3);
    let n = values.len() as f64;
    let mean = values.iter().map(|&v| f64::from(v)).sum::<f64>() / n;
    let squares = values.iter().map(|&v| (f64::from(v) - mean).powi(2));
    let variance = squares.sum::<f64>() / n;
    assert!((mean - 0.5).abs() < 0.0026, "{mean}");
    assert!((variance / 0.01 - 1.0).abs() < 0.036, "{variance}");
}
