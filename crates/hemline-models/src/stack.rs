//! A sequence of layers, and the one builder of such sequences.

use burn::module::{Module, Param};
use burn::nn::{BatchNormConfig, Linear, PReluConfig};
use burn::tensor::{Device, Tensor, TensorData};
use hemline_init::Initializer;
use rand::Rng;

use crate::layer::Elementwise;
use crate::{Activation, Dropout, Error, Layer, Pass};

/// Layers applied one after the other, numbered from 0 as PyTorch's `nn.Sequential` numbers them.
#[derive(Module, Debug)]
pub struct Stack {
    /// The layers, first to last.
    pub layers: Vec<Layer>,
}

impl Stack {
    /// Passes `x`, shape `[batch, features in]`, through all layers.
    ///
    /// # Panics
    ///
    /// As burn does, where the second dimension of `x` is not the first layer's number of inputs.
    pub fn forward(&self, x: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        self.layers
            .iter()
            .fold(x, |x, layer| layer.forward(x, pass))
    }

    /// The linear layers in order, each a W of shape `[inputs, outputs]` and its bias.
    pub fn linears(&self) -> impl Iterator<Item = &Linear> {
        self.layers.iter().filter_map(|layer| match layer {
            Layer::Linear(linear) => Some(linear),
            _ => None,
        })
    }
}

/// Builds a [`Stack`] layer by layer, keeping track of the width, from one generator.
///
/// The weights of every layer follow the law for the activation that its inputs come from; for the
/// first layer, which reads the data, the caller names one, as He et al. name the one of the stack.
pub(crate) struct StackBuilder<'a, R: ?Sized> {
    layers: Vec<Layer>,
    width: usize,
    initializer: &'a Initializer,
    /// What the inputs of the next linear layer come from.
    activation: Activation,
    generator: &'a mut R,
    device: &'a Device,
}

impl<'a, R: Rng + ?Sized> StackBuilder<'a, R> {
    pub(crate) fn new(
        inputs: usize,
        initializer: &'a Initializer,
        activation: Activation,
        generator: &'a mut R,
        device: &'a Device,
    ) -> Self {
        Self {
            layers: Vec::new(),
            width: inputs,
            initializer,
            activation,
            generator,
            device,
        }
    }

    /// A linear layer with weights from the initializer and biases of zero.
    pub(crate) fn linear(&mut self, outputs: usize) -> Result<(), Error> {
        let inputs = self.width;
        let layer = self.layers.len();
        let drawn = self
            .initializer
            .sample(inputs, outputs, self.activation.initial(), self.generator)
            .map_err(|source| Error::Initializer { layer, source })?;
        let weight = transpose(&drawn, outputs, inputs);
        let weight = Param::from_data(TensorData::new(weight, [inputs, outputs]), self.device);
        let bias = Param::from_data(
            TensorData::new(vec![0.0_f32; outputs], [outputs]),
            self.device,
        );
        self.layers.push(Layer::Linear(Linear {
            weight,
            bias: Some(bias),
        }));
        self.width = outputs;
        Ok(())
    }

    /// Batch normalisation with burn's and PyTorch's defaults, ε = 1e-5 and momentum 0.1.
    pub(crate) fn batch_norm(&mut self) {
        let norm = BatchNormConfig::new(self.width).init(self.device);
        self.layers.push(Layer::BatchNorm(norm));
    }

    /// An activation.
    pub(crate) fn activate(&mut self, activation: Activation) {
        self.activation = activation;
        self.layers.push(match activation {
            Activation::Prelu { initial_slope } => Layer::Prelu(
                PReluConfig::new()
                    .with_alpha(initial_slope)
                    .init(self.device),
            ),
            Activation::Fixed(activation) => Layer::Elementwise(Elementwise { activation }),
        });
    }

    pub(crate) fn dropout(&mut self, probability: f64) {
        self.layers.push(Layer::Dropout(Dropout { probability }));
    }

    pub(crate) fn build(self) -> Stack {
        Stack {
            layers: self.layers,
        }
    }
}

/// Checks that a layer has units.
pub(crate) fn check_width(field: &'static str, width: usize) -> Result<(), Error> {
    if width > 0 {
        return Ok(());
    }
    Err(Error::InvalidConfig {
        field,
        expected: "at least 1".to_owned(),
        found: "0".to_owned(),
    })
}

/// The number of parameters of a linear layer, n·m + m. Saturates rather than overflows.
pub(crate) fn linear_parameters(inputs: usize, outputs: usize) -> usize {
    inputs.saturating_mul(outputs).saturating_add(outputs)
}

/// The transpose of a row-major `rows × columns` matrix. burn keeps a weight as [inputs, outputs],
/// the initializers and PyTorch as [outputs, inputs].
pub(crate) fn transpose(matrix: &[f32], rows: usize, columns: usize) -> Vec<f32> {
    (0..columns)
        .flat_map(|column| (0..rows).map(move |row| matrix[row * columns + column]))
        .collect()
}
