//! The same network in PyTorch: its file is read, its numbers are met, its names are written.

use burn::optim::GradientsParams;
use burn::tensor::{Device, Int, Tensor};
use hemline_models::{
    Activation, Error, Layer, Mlp, MlpConfig, NamedTensor, Pass, StateDict, cross_entropy,
    smoothed_cross_entropy,
};
use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
use serde::Deserialize;

use super::common::{assert_close, fixture_tensors, matrix, values};

#[derive(Deserialize)]
struct Fixture {
    x: Vec<Vec<f32>>,
    labels: Vec<i64>,
    evaluated: Vec<Vec<f32>>,
    trained: Vec<Vec<f32>>,
    losses: std::collections::BTreeMap<String, f32>,
    gradient_of_first_weight: Vec<Vec<f32>>,
    running_mean_after: Vec<f32>,
    running_var_after: Vec<f32>,
    batch: f32,
}

fn fixture() -> Fixture {
    serde_json::from_str(include_str!("../fixtures/sequential.json")).expect("the fixture is JSON")
}

fn config() -> MlpConfig {
    MlpConfig::new(5, vec![4, 3], 2)
        .with_activation(Activation::PRELU)
        .with_batch_norm(true)
}

fn generator() -> ChaCha8Rng {
    ChaCha8Rng::seed_from_u64(3)
}

fn loaded(device: &Device) -> Mlp {
    let mlp = config()
        .init(&mut generator(), device)
        .expect("the config is valid");
    mlp.load_state_dict(fixture_tensors("sequential.safetensors"))
        .expect("PyTorch's tensors fit")
}

#[test]
fn evaluation_gives_pytorchs_outputs_on_a_device_with_or_without_autodiff() {
    let Fixture { x, evaluated, .. } = fixture();
    for device in [Device::flex(), Device::flex().autodiff()] {
        let logits = loaded(&device).forward(matrix(&x, &device), &mut Pass::Evaluate);
        assert_close(&values(logits), &evaluated.concat(), 1e-5);
    }
}

#[test]
fn training_gives_pytorchs_outputs_losses_gradients_and_running_statistics() {
    let fixture = fixture();
    let device = Device::flex().autodiff();
    let mlp = loaded(&device);
    let labels = || Tensor::<1, Int>::from_data(fixture.labels.as_slice(), &device);
    let logits = mlp.forward(
        matrix(&fixture.x, &device),
        &mut Pass::Train(&mut generator()),
    );
    assert_close(&values(logits.clone()), &fixture.trained.concat(), 1e-5);
    for (smoothing, expected) in &fixture.losses {
        let smoothing: f64 = smoothing.parse().expect("a number");
        let loss = smoothed_cross_entropy(logits.clone(), labels(), smoothing);
        assert_close(&values(loss), &[*expected], 1e-6);
    }

    let gradients = cross_entropy(logits, labels()).backward();
    let gradients = GradientsParams::from_grads(gradients, &mlp);
    let first = mlp.stack.linears().next().expect("there is a linear layer");
    let gradient = gradients
        .get::<2>(first.weight.id)
        .expect("it has a gradient");
    // burn keeps [inputs, outputs], PyTorch [outputs, inputs].
    let expected = fixture.gradient_of_first_weight.concat();
    assert_close(&values(gradient.transpose()), &expected, 1e-5);

    let Layer::BatchNorm(norm) = &mlp.stack.layers[1] else {
        panic!("layer 1 is a BatchNorm")
    };
    assert_close(
        &values(norm.running_mean.value_sync()),
        &fixture.running_mean_after,
        1e-6,
    );
    // PyTorch averages the unbiased variance, burn the biased one: n/(n - 1) apart in the new tenth.
    let before = fixture_tensors("sequential.safetensors");
    let before = &before
        .tensors
        .iter()
        .find(|t| t.name == "1.running_var")
        .expect("named")
        .values;
    let biased: Vec<f32> = before
        .iter()
        .zip(&fixture.running_var_after)
        .map(|(before, after)| {
            let old = 0.9 * before;
            old + (after - old) * (fixture.batch - 1.0) / fixture.batch
        })
        .collect();
    assert_close(&values(norm.running_var.value_sync()), &biased, 1e-6);
}

#[test]
fn the_names_and_shapes_written_are_pytorchs() {
    let sorted = |dict: StateDict| {
        let mut names: Vec<_> = dict
            .tensors
            .into_iter()
            .map(|tensor| (tensor.name, tensor.shape))
            .collect();
        names.sort();
        names
    };
    let written = loaded(&Device::flex()).state_dict().unwrap();
    assert_eq!(
        sorted(written),
        sorted(fixture_tensors("sequential.safetensors"))
    );
}

#[test]
fn a_saved_network_is_loaded_to_the_bit() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let device = Device::flex();
    let mlp = loaded(&device);
    mlp.save(&config(), &path).unwrap();
    let (again, found) = Mlp::load(&path, &device).unwrap();
    assert_eq!(found, config());
    assert_eq!(again.state_dict().unwrap(), mlp.state_dict().unwrap());
}

#[test]
fn what_does_not_fit_is_named() {
    let device = Device::flex();
    let load = |dict| {
        config()
            .init(&mut generator(), &device)
            .unwrap()
            .load_state_dict(dict)
    };

    let mut missing = fixture_tensors("sequential.safetensors");
    missing
        .tensors
        .retain(|tensor| tensor.name != "4.running_mean");
    let error = load(missing).unwrap_err().to_string();
    assert_eq!(
        error,
        "tensor `4.running_mean`: expected f32 of shape [3], found no such tensor"
    );

    let mut shape = fixture_tensors("sequential.safetensors");
    let weight = shape
        .tensors
        .iter_mut()
        .find(|tensor| tensor.name == "0.weight")
        .unwrap();
    weight.shape = vec![5, 4];
    let error = load(shape).unwrap_err().to_string();
    assert_eq!(
        error,
        "tensor `0.weight`: expected f32 of shape [4, 5], found shape [5, 4]"
    );

    let mut more = fixture_tensors("sequential.safetensors");
    more.tensors.push(NamedTensor {
        name: "7.bias".into(),
        shape: vec![1],
        values: vec![0.0],
    });
    assert!(matches!(load(more), Err(Error::Tensor { name, .. }) if name == "7.bias"));
}

#[test]
fn a_damaged_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    loaded(&Device::flex()).save(&config(), &path).unwrap();
    let good = std::fs::read(&path).unwrap();
    let load = |bytes: &[u8]| {
        std::fs::write(&path, bytes).unwrap();
        Mlp::load(&path, &Device::flex()).map(|_| ())
    };
    for length in (0..good.len()).step_by(11) {
        assert!(
            matches!(load(&good[..length]), Err(Error::Safetensors { .. })),
            "{length} bytes"
        );
    }
    // A config that asks for far more memory than the file has.
    let text = String::from_utf8_lossy(&good).into_owned();
    let at = text
        .find("[4,3]")
        .expect("the hidden widths stand in the metadata");
    let mut huge = good.clone();
    huge[at..at + 5].copy_from_slice(b"[9e9]");
    assert!(matches!(load(&huge), Err(Error::Metadata { .. })));
    huge[at..at + 5].copy_from_slice(b"[999]");
    assert!(matches!(load(&huge), Err(Error::Shape { .. })));

    let error = Mlp::load(folder.path().join("none"), &Device::flex()).unwrap_err();
    assert!(matches!(error, Error::Io { action: "read", .. }));
}
