//! A module of nothing but parameters, a small network, and losses on them.

use burn::module::{Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::{Device, Tensor, TensorData, activation::log_softmax};
use hemline_landscape::{BoxedError, Layout, RunningStatistics, SamplingConfig, Trajectory};

/// A point of R^p.
#[derive(Module, Debug)]
pub(crate) struct Point {
    pub(crate) at: Param<Tensor<1>>,
}

impl Point {
    pub(crate) fn new(values: &[f32]) -> Self {
        let data = TensorData::new(values.to_vec(), [values.len()]);
        Self {
            at: Param::from_data(data, &Device::flex()),
        }
    }
}

pub(crate) fn layout<M: Module>(module: &M) -> Layout {
    Layout::of(module, RunningStatistics::Fixed)
}

/// The one element of a tensor.
pub(crate) fn scalar(tensor: Tensor<1>) -> Result<f64, BoxedError> {
    Ok(f64::from(tensor.try_into_scalar::<f32>()?))
}

/// A trajectory through the given points.
pub(crate) fn trajectory(name: &str, points: &[Vec<f32>]) -> Trajectory {
    let layout = layout(&Point::new(&points[0]));
    let mut trajectory = Trajectory::new(name, layout, &SamplingConfig::every(1)).unwrap();
    for (iteration, point) in points.iter().enumerate() {
        trajectory.push(iteration, point).unwrap();
    }
    trajectory
}

/// Two linear layers with a normalisation and a ReLU between them, [inputs, 4, 3].
#[derive(Module, Debug)]
pub(crate) struct Network {
    pub(crate) first: Param<Tensor<2>>,
    pub(crate) first_bias: Param<Tensor<1>>,
    pub(crate) norm: BatchNorm,
    pub(crate) second: Param<Tensor<2>>,
}

pub(crate) const HIDDEN: usize = 4;
pub(crate) const CLASSES: usize = 3;

impl Network {
    pub(crate) fn new(inputs: usize) -> Self {
        let device = Device::flex();
        let weights = |rows: usize, columns: usize, shift: f32| {
            let values = (0..rows * columns).map(|i| (i as f32 * 0.7 + shift).sin());
            let data = TensorData::new(values.collect::<Vec<_>>(), [rows, columns]);
            Param::from_data(data, &device)
        };
        Self {
            first: weights(inputs, HIDDEN, 0.3),
            first_bias: Param::from_data([0.1, -0.2, 0.3, 0.0], &device),
            norm: BatchNormConfig::new(HIDDEN).init(&device),
            second: weights(HIDDEN, CLASSES, 1.1),
        }
    }

    /// The logits of `x`, with the running statistics.
    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        let z: Tensor<2> = x.matmul(self.first.val()) + self.first_bias.val().unsqueeze();
        let norm = &self.norm;
        let mean: Tensor<2> = norm.running_mean.value_sync().unsqueeze();
        let variance: Tensor<2> = norm.running_var.value_sync().unsqueeze();
        let z = (z - mean) / variance.add_scalar(norm.epsilon).sqrt();
        let z = z * norm.gamma.val().unsqueeze() + norm.beta.val().unsqueeze();
        burn::tensor::activation::relu(z).matmul(self.second.val())
    }
}

/// Inputs, row-major, and labels.
pub(crate) fn examples(count: usize, inputs: usize) -> (Vec<f32>, Vec<u32>) {
    let values = (0..count * inputs).map(|i| (i as f32 * 0.37).sin());
    let labels = (0..count).map(|i| (i * i % CLASSES) as u32);
    (values.collect(), labels.collect())
}

/// The mean cross-entropy of a network on examples.
pub(crate) fn cross_entropy(network: &Network, x: &[f32], labels: &[u32]) -> Tensor<1> {
    // On an autodiff device while a gradient is taken.
    let device = network.first.val().device();
    let data = TensorData::new(x.to_vec(), [labels.len(), x.len() / labels.len()]);
    let x = Tensor::<2>::from_data(data, &device);
    let labels: Vec<i32> = labels.iter().map(|&label| label as i32).collect();
    let labels = Tensor::<1, burn::tensor::Int>::from_data(labels.as_slice(), &device);
    let log_probabilities = log_softmax(network.forward(x), 1);
    log_probabilities
        .gather(1, labels.unsqueeze_dim(1))
        .mean()
        .neg()
}
