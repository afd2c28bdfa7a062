//! The fast step: dense layers, the mean squared error and Adam, computed on the cores of the host.
//!
//! [`BurnStep`](crate::BurnStep) computes the same by reverse-mode differentiation for any module on
//! any device; each of its elementwise operations passes over the memory by itself. Here a step is two
//! passes: one over pieces of the batch, forward and back, one over blocks of the weights, gradient and
//! update. Pieces and blocks have fixed sizes, and every number is computed within one of them, so any
//! number of threads gives the same bits.

mod adam;
mod layer;
mod pass;
mod sigmoid;

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub use layer::{DenseActivation, DenseLayer};

use crate::{Error, OptimizerConfig, Snapshot, Step, StepContext};
use adam::Adam;
use layer::State;
use pass::{Buffers, PIECE};

/// The examples of a minibatch on the host, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseBatch {
    /// Shape [n, inputs of the first layer].
    pub inputs: Vec<f32>,
    /// Shape [n, outputs of the last layer]; `None` where the inputs are the targets.
    pub targets: Option<Vec<f32>>,
}

/// One step of Adam on the mean squared error of a sequence of dense layers.
///
/// With h⁽⁰⁾ = x and h⁽ˡ⁾ = f(h⁽ˡ⁻¹⁾Wᵀ + b) for each layer, the loss is 1/(n·m) Σᵢⱼ (hᵢⱼ − yᵢⱼ)² over n
/// examples with m outputs each. `prepare` makes a [`DenseBatch`] of what the loop hands over; its
/// generator is for noise.
///
/// ```
/// use hemline_train::{
///     DenseActivation, DenseBatch, DenseLayer, DenseStep, FitConfig, OptimizerConfig, fit,
/// };
///
/// let layer = DenseLayer {
///     weight: vec![0.0],
///     bias: vec![0.0],
///     activation: DenseActivation::Identity,
/// };
/// let prepare = |x: f32, _: &mut _| {
///     Ok(DenseBatch { inputs: vec![x], targets: Some(vec![2.0 * x + 1.0]) })
/// };
/// let step = DenseStep::new(vec![layer], &OptimizerConfig::adam(), prepare)?;
/// let batches = |_: &mut _| vec![0.0, 1.0, 2.0].into_iter();
/// let fitted = fit(step, batches, |_| Ok(None), &FitConfig::new(600, 0.01), &mut ())?;
/// let [line] = &fitted.learner.layers()[..] else { unreachable!() };
/// assert!((line.weight[0] - 2.0).abs() < 0.05 && (line.bias[0] - 1.0).abs() < 0.05);
/// # Ok::<(), hemline_train::Error>(())
/// ```
#[derive(Clone)]
pub struct DenseStep<P> {
    layers: Vec<State>,
    adam: Adam,
    prepare: P,
    buffers: Buffers,
}

impl<P> DenseStep<P> {
    /// A step for `layers`, first to last.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for no layer, for layers whose sizes do not fit together, and for
    /// an optimizer other than [`OptimizerConfig::Adam`].
    pub fn new<Batch>(
        layers: Vec<DenseLayer>,
        optimizer: &OptimizerConfig,
        prepare: P,
    ) -> Result<Self, Error>
    where
        P: Fn(Batch, &mut ChaCha8Rng) -> Result<DenseBatch, Error>,
    {
        layer::check(&layers)?;
        let adam = Adam::new(optimizer)?;
        let layers = layers.into_iter().map(State::new).collect();
        Ok(Self {
            layers,
            adam,
            prepare,
            buffers: Buffers::default(),
        })
    }

    /// The layers as they are now.
    pub fn layers(&self) -> Vec<DenseLayer> {
        self.layers
            .iter()
            .map(|state| state.layer.clone())
            .collect()
    }

    /// The number of examples in a batch, after checking that it is a batch of this network.
    fn count(&self, batch: &DenseBatch) -> Result<usize, Error> {
        let (inputs, outputs) = layer::ends(&self.layers);
        let count = batch.inputs.len() / inputs;
        let targets = batch.targets.as_ref().unwrap_or(&batch.inputs).len();
        if count > 0 && batch.inputs.len() == count * inputs && targets == count * outputs {
            return Ok(count);
        }
        Err(Error::Batch {
            expected: format!("n times {inputs} inputs and {outputs} targets, n at least 1"),
            found: format!("{} and {targets}", batch.inputs.len()),
        })
    }
}

impl<Batch, P> Step<Batch> for DenseStep<P>
where
    P: Fn(Batch, &mut ChaCha8Rng) -> Result<DenseBatch, Error>,
{
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error> {
        let batch = (self.prepare)(batch, context.generator)?;
        let count = self.count(&batch)?;
        let targets = batch.targets.as_deref().unwrap_or(&batch.inputs);
        let (_, outputs) = layer::ends(&self.layers);
        self.buffers.resize(&self.layers, count);

        let layers = &self.layers;
        let scale = (count * outputs) as f64;
        let mut pieces = self.buffers.pieces(layers, &batch.inputs, targets);
        pieces
            .par_iter_mut()
            .for_each(|piece| piece.run(layers, scale));
        // In the order of the pieces, whoever computed them.
        let loss = pieces.iter().map(|piece| piece.squares).sum::<f64>() / scale;

        self.adam.advance();
        let (adam, rate) = (&self.adam, context.learning_rate);
        self.buffers
            .blocks(&mut self.layers, &batch.inputs)
            .into_par_iter()
            .for_each(|block| block.update(adam, rate));
        Ok(loss)
    }
}

impl<P> Snapshot for DenseStep<P> {
    fn snapshot(&self) -> Result<Vec<u8>, Error> {
        let mut bytes = self.adam.steps().to_le_bytes().to_vec();
        for (index, state) in self.layers.iter().enumerate() {
            for (name, values) in state.vectors() {
                if values.iter().any(|value| !value.is_finite()) {
                    let name = format!("{index}.{name}");
                    return Err(Error::NonFiniteParameter { name });
                }
                bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
            }
        }
        Ok(bytes)
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        let numbers = |layer: &State| -> usize { layer.vectors().map(|(_, v)| v.len()).sum() };
        let expected = 8 + 4 * self.layers.iter().map(numbers).sum::<usize>();
        let wrong = || Error::Restore {
            part: "model",
            message: format!("it takes {expected} bytes, found {}", state.len()),
        };
        let (steps, rest) = state.split_first_chunk::<8>().ok_or_else(wrong)?;
        if state.len() != expected {
            return Err(wrong());
        }
        self.adam.set_steps(u64::from_le_bytes(*steps));
        let mut values = rest.as_chunks::<4>().0.iter();
        for layer in &mut self.layers {
            for vector in layer.vectors_mut() {
                for (value, bytes) in vector.iter_mut().zip(&mut values) {
                    *value = f32::from_le_bytes(*bytes);
                }
            }
        }
        Ok(())
    }
}

impl<P> std::fmt::Debug for DenseStep<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DenseStep")
            .field("layers", &self.layers.len())
            .field("steps", &self.adam.steps())
            .field("piece", &PIECE)
            .finish_non_exhaustive()
    }
}
