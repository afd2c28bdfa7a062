//! What several test files need: PyTorch's files, matrices out of rows, numbers out of tensors, and whether they are
//! close.

use burn::tensor::{Device, Tensor, TensorData};
use hemline_models::StateDict;

/// The tensors of a safetensors file among the fixtures.
pub(crate) fn fixture_tensors(name: &str) -> StateDict {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures");
    StateDict::load(format!("{folder}/{name}")).expect("the fixture is a safetensors file")
}

pub(crate) fn matrix(rows: &[Vec<f32>], device: &Device) -> Tensor<2> {
    let data = TensorData::new(rows.concat(), [rows.len(), rows[0].len()]);
    Tensor::from_data(data, device)
}

pub(crate) fn values<const D: usize>(tensor: Tensor<D>) -> Vec<f32> {
    tensor.into_data().iter::<f32>().collect()
}

#[track_caller]
pub(crate) fn assert_close(found: &[f32], expected: &[f32], tolerance: f32) {
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert!(
            (found - expected).abs() < tolerance,
            "{found} for {expected}"
        );
    }
}
