//! The classifier: hidden layers of any width and depth, then logits.

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use hemline_init::Initializer;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::evaluation::{Logits, check_images};
use crate::safetensors_file::Saved;
use crate::stack::{StackBuilder, check_width, linear_parameters};
use crate::{Activation, Error, Evaluation, Pass, Stack};

/// The shape of an [`Mlp`]: f: R^inputs → R^classes.
#[derive(Config, Debug, PartialEq)]
pub struct MlpConfig {
    /// The number of inputs, 784 for images of 28 × 28.
    pub inputs: usize,
    /// The width of each hidden layer, first to last. Empty makes a linear softmax classifier.
    pub hidden: Vec<usize>,
    /// The number of classes.
    pub classes: usize,
    /// The activation of the hidden layers.
    #[config(default = "Activation::RELU")]
    pub activation: Activation,
    /// Whether each hidden layer is normalised over the batch before its activation.
    #[config(default = "false")]
    pub batch_norm: bool,
    /// The probability that an activation of a hidden layer is dropped while training, in [0, 1).
    #[config(default = "0.0")]
    pub dropout: f64,
    /// The law of the initial weights; biases start at 0.
    #[config(default = "Initializer::default()")]
    pub initializer: Initializer,
}

impl MlpConfig {
    /// Draws a new network from `generator` on `device`.
    ///
    /// The same config and the same state of the generator give the same bits on every device.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for a zero width or a setting outside its domain,
    /// [`Error::Initializer`] where the initializer cannot serve these widths.
    pub fn init(&self, generator: &mut (impl Rng + ?Sized), device: &Device) -> Result<Mlp, Error> {
        self.check()?;
        let mut builder = StackBuilder::new(
            self.inputs,
            &self.initializer,
            self.activation,
            generator,
            device,
        );
        for &width in &self.hidden {
            builder.linear(width)?;
            if self.batch_norm {
                builder.batch_norm();
            }
            builder.activate(self.activation);
            if self.dropout > 0.0 {
                builder.dropout(self.dropout);
            }
        }
        builder.linear(self.classes)?;
        Ok(Mlp {
            stack: builder.build(),
            inputs: self.inputs,
            classes: self.classes,
        })
    }

    /// The number of trainable parameters of one layer after the other, added up: n·m + m for a
    /// linear layer from n to m, 2m for a normalisation, 1 for a PReLU. Saturates rather than overflows.
    pub fn parameters(&self) -> usize {
        let per_unit = if self.batch_norm { 2 } else { 0_usize };
        let mut inputs = self.inputs;
        let mut sum = 0_usize;
        for &width in &self.hidden {
            sum = sum
                .saturating_add(linear_parameters(inputs, width))
                .saturating_add(width.saturating_mul(per_unit))
                .saturating_add(self.activation.parameters());
            inputs = width;
        }
        sum.saturating_add(linear_parameters(inputs, self.classes))
    }

    /// Checks every setting against its domain.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] naming the first setting outside its domain.
    pub fn check(&self) -> Result<(), Error> {
        let widths = [("inputs", self.inputs), ("classes", self.classes)]
            .into_iter()
            .chain(self.hidden.iter().map(|&width| ("hidden", width)));
        for (field, width) in widths {
            check_width(field, width)?;
        }
        if !(0.0..1.0).contains(&self.dropout) {
            let (expected, found) = ("in [0, 1)".to_owned(), self.dropout.to_string());
            return Err(Error::InvalidConfig {
                field: "dropout",
                expected,
                found,
            });
        }
        self.activation.check("activation")
    }
}

/// A multilayer perceptron.
///
/// With h⁽⁰⁾ = x and, for each hidden layer l, z⁽ˡ⁾ = h⁽ˡ⁻¹⁾W⁽ˡ⁾ + b⁽ˡ⁾ and h⁽ˡ⁾ = f(z⁽ˡ⁾), the network
/// computes the logits z = h⁽ᴸ⁾W + b, and ŷ = softmax(z) are the probabilities of the classes.
/// Batch normalisation stands between z⁽ˡ⁾ and f, dropout behind f.
#[derive(Module, Debug)]
pub struct Mlp {
    /// The layers, numbered as in the equivalent `nn.Sequential`.
    pub stack: Stack,
    #[module(skip)]
    inputs: usize,
    #[module(skip)]
    classes: usize,
}

impl Saved for Mlp {
    type Config = MlpConfig;

    fn parameters(config: &MlpConfig) -> usize {
        config.parameters()
    }

    fn draw(
        config: &MlpConfig,
        generator: &mut ChaCha8Rng,
        device: &Device,
    ) -> Result<Self, Error> {
        config.init(generator, device)
    }

    fn stacks(&self) -> Vec<(&'static str, &Stack)> {
        vec![("", &self.stack)]
    }

    fn stacks_mut(&mut self) -> Vec<(&'static str, &mut Stack)> {
        vec![("", &mut self.stack)]
    }
}

impl Mlp {
    /// The logits, shape `[batch, classes]`, of `x`, shape `[batch, inputs]`.
    ///
    /// # Panics
    ///
    /// As burn does, where the second dimension of `x` is not the number of inputs.
    pub fn forward(&self, x: Tensor<2>, pass: &mut Pass<'_>) -> Tensor<2> {
        self.stack.forward(x, pass)
    }

    /// Classifies every example and compares with its label.
    ///
    /// `batches` yields images, shape `[batch, inputs]`, with their labels on the host. The network
    /// should be without autodiff (`module.valid()`), lest the graphs pile up.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] for images of another size, labels of another number or beyond the classes,
    /// and for no example at all; [`Error::Device`] where the result cannot be read.
    pub fn evaluate<'a>(
        &self,
        batches: impl IntoIterator<Item = (Tensor<2>, &'a [u32])>,
    ) -> Result<Evaluation, Error> {
        let mut logits = Logits::new(self.classes);
        for (images, labels) in batches {
            check_images(&images, self.inputs)?;
            logits.push(self.forward(images, &mut Pass::Evaluate), labels)?;
        }
        logits.evaluate()
    }
}
