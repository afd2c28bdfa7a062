//! A model and a data set small enough to train in milliseconds, for the tests of the loop.

#![allow(dead_code, reason = "every test binary uses a part of this")]

use std::ops::ControlFlow;

use burn::module::{Module, Param};
use burn::tensor::{Device, Tensor, TensorData};
use hemline_train::{BoxedError, BurnStep, IterationRecord, Metrics, Observer, OptimizerConfig};
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// y = xW + b.
#[derive(Module, Debug)]
pub(crate) struct Affine {
    pub(crate) weight: Param<Tensor<2>>,
    pub(crate) bias: Param<Tensor<1>>,
}

impl Affine {
    pub(crate) fn new(weight: &[Vec<f64>], bias: &[f64]) -> Self {
        let device = Device::flex().autodiff();
        Self {
            weight: Param::from_data(data(weight), &device),
            bias: Param::from_data(TensorData::from(bias).convert::<f32>(), &device),
        }
    }

    pub(crate) fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        x.matmul(self.weight.val()) + self.bias.val().unsqueeze()
    }

    /// The weight, row-major, and the bias.
    pub(crate) fn values(&self) -> (Vec<f64>, Vec<f64>) {
        let weight = self.weight.val().into_data().iter::<f64>().collect();
        (weight, self.bias.val().into_data().iter::<f64>().collect())
    }
}

fn data(rows: &[Vec<f64>]) -> TensorData {
    let columns = rows.first().map_or(0, Vec::len);
    TensorData::new(rows.concat(), [rows.len(), columns]).convert::<f32>()
}

/// The rows as a tensor without gradient on the device of [`Affine`].
pub(crate) fn tensor(rows: &[Vec<f64>]) -> Tensor<2> {
    Tensor::from_data(data(rows), &Device::flex().autodiff())
}

/// Ten points of y = 2x − 1 with a wiggle, one number each.
pub(crate) fn points() -> Vec<(f64, f64)> {
    (0..10)
        .map(|i| f64::from(i) / 5.0 - 1.0)
        .map(|x| (x, 2.0 * x - 1.0 + (9.0 * x).sin() / 5.0))
        .collect()
}

/// A batch of points, x and y, each of shape [batch, 1].
pub(crate) type Batch = (Tensor<2>, Tensor<2>);

/// Shuffled batches of `size` points, the last one smaller.
pub(crate) fn batches(size: usize) -> impl FnMut(&mut ChaCha8Rng) -> std::vec::IntoIter<Batch> {
    move |generator| {
        let mut points = points();
        points.shuffle(generator);
        let batch = |chunk: &[(f64, f64)]| {
            let x: Vec<Vec<f64>> = chunk.iter().map(|&(x, _)| vec![x]).collect();
            let y: Vec<Vec<f64>> = chunk.iter().map(|&(_, y)| vec![y]).collect();
            (tensor(&x), tensor(&y))
        };
        points
            .chunks(size)
            .map(batch)
            .collect::<Vec<_>>()
            .into_iter()
    }
}

/// A line to be fitted to the points; its loss is noisy, so that the generator of a step matters.
pub(crate) fn learner(
    optimizer: OptimizerConfig,
) -> BurnStep<Affine, impl Fn(&Affine, Batch, &mut ChaCha8Rng) -> Tensor<1> + Clone> {
    let model = Affine::new(&[vec![0.0]], &[0.0]);
    BurnStep::new(
        model,
        &optimizer,
        1e-3,
        |model: &Affine, (x, y), generator: &mut ChaCha8Rng| {
            let noise = rand::RngExt::random_range(generator, -0.1..0.1);
            let residual: Tensor<2> = model.forward(x) - y + noise;
            residual.powi_scalar(2).mean()
        },
    )
}

/// The mean squared error over all points.
pub(crate) fn validate<L>(step: &BurnStep<Affine, L>) -> Result<Option<Metrics>, BoxedError> {
    let model = step.valid();
    let (weight, bias) = model.values();
    let errors = points()
        .into_iter()
        .map(|(x, y)| (weight[0] * x + bias[0] - y).powi(2));
    Ok(Some(Metrics {
        loss: errors.sum::<f64>() / 10.0,
        accuracy: None,
    }))
}

/// Pulls the plug after a number of iterations.
pub(crate) struct StopAfter(pub(crate) usize);

impl<S> Observer<S> for StopAfter {
    fn on_iteration(&mut self, record: &IterationRecord, _learner: &S) -> ControlFlow<()> {
        match record.iteration + 1 == self.0 {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    }
}
