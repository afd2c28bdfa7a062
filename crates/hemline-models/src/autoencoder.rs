//! The autoencoder: down to a narrow code and back up to the image.

use std::f64::consts::SQRT_2;

use burn::config::Config;
use burn::module::Module;
use burn::tensor::{Device, Tensor};
use hemline_init::Initializer;
use rand::Rng;
use rand_chacha::ChaCha8Rng;

use crate::evaluation::check_images;
use crate::safetensors_file::Saved;
use crate::stack::{StackBuilder, check_width, linear_parameters};
use crate::{Activation, Error, Pass, Reconstruction, Stack};

/// The shape of an [`Autoencoder`].
///
/// The default is 784-128-64-128-784 with ReLU in all layers but the last, which has a sigmoid:
///
/// ```
/// use hemline_models::AutoencoderConfig;
///
/// let config = AutoencoderConfig::new();
/// assert_eq!(config.widths(), [784, 128, 64, 128, 784]);
/// assert_eq!(config.parameters(), 218_192);
/// let narrow = AutoencoderConfig::new().with_hidden(vec![256, 64]).with_bottleneck(2);
/// assert_eq!(narrow.widths(), [784, 256, 64, 2, 64, 256, 784]);
/// ```
#[derive(Config, Debug, PartialEq)]
pub struct AutoencoderConfig {
    /// The number of inputs and outputs d, 784 for images of 28 × 28.
    #[config(default = "784")]
    pub inputs: usize,
    /// The width of each hidden layer of the encoder, first to last; the decoder has them in
    /// reverse. Empty leaves the bottleneck alone.
    #[config(default = "vec![128]")]
    pub hidden: Vec<usize>,
    /// The width k of the bottleneck, the layer whose activations are the code.
    #[config(default = "64")]
    pub bottleneck: usize,
    /// The activation of the hidden layers.
    #[config(default = "Activation::RELU")]
    pub activation: Activation,
    /// The activation of the bottleneck.
    #[config(default = "Activation::RELU")]
    pub bottleneck_activation: Activation,
    /// The activation of the last layer. The sigmoid's values lie in (0, 1), as pixels do.
    #[config(default = "Activation::SIGMOID")]
    pub output_activation: Activation,
    /// The law of the initial weights, each layer's for the activation that its inputs come from;
    /// biases start at 0. The default is orthogonal with He's gain √2: independent weights point many
    /// units of a narrow bottleneck the same way, and those that start out at 0 for all images stay
    /// there.
    #[config(default = "Initializer::Orthogonal { gain: SQRT_2 }")]
    pub initializer: Initializer,
}

impl Default for AutoencoderConfig {
    fn default() -> Self {
        Self::new()
    }
}

impl AutoencoderConfig {
    /// Draws a new network from `generator` on `device`.
    ///
    /// The same config and the same state of the generator give the same bits on every device.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for a zero width or a setting outside its domain,
    /// [`Error::Initializer`] where the initializer cannot serve these widths.
    pub fn init(
        &self,
        generator: &mut (impl Rng + ?Sized),
        device: &Device,
    ) -> Result<Autoencoder, Error> {
        self.check()?;
        let mut encoder = StackBuilder::new(
            self.inputs,
            &self.initializer,
            self.activation,
            generator,
            device,
        );
        for &width in &self.hidden {
            encoder.linear(width)?;
            encoder.activate(self.activation);
        }
        encoder.linear(self.bottleneck)?;
        encoder.activate(self.bottleneck_activation);
        let encoder = encoder.build();

        let mut decoder = StackBuilder::new(
            self.bottleneck,
            &self.initializer,
            self.bottleneck_activation,
            generator,
            device,
        );
        for &width in self.hidden.iter().rev() {
            decoder.linear(width)?;
            decoder.activate(self.activation);
        }
        decoder.linear(self.inputs)?;
        decoder.activate(self.output_activation);
        Ok(Autoencoder {
            encoder,
            decoder: decoder.build(),
            inputs: self.inputs,
            bottleneck: self.bottleneck,
        })
    }

    /// The width of every layer, from the inputs through the bottleneck to the outputs.
    pub fn widths(&self) -> Vec<usize> {
        let encoder = std::iter::once(self.inputs).chain(self.hidden.iter().copied());
        let decoder = self.hidden.iter().rev().copied();
        encoder
            .chain([self.bottleneck])
            .chain(decoder)
            .chain([self.inputs])
            .collect()
    }

    /// The number of trainable parameters: n·m + m for each linear layer from n to m, 1 for each
    /// PReLU. Saturates rather than overflows.
    pub fn parameters(&self) -> usize {
        let widths = self.widths();
        let linears = widths
            .windows(2)
            .map(|pair| linear_parameters(pair[0], pair[1]));
        let activations = [
            (self.activation, 2 * self.hidden.len()),
            (self.bottleneck_activation, 1),
            (self.output_activation, 1),
        ];
        let slopes = activations
            .iter()
            .map(|(activation, layers)| activation.parameters() * layers);
        linears.chain(slopes).fold(0, usize::saturating_add)
    }

    /// Checks every setting against its domain.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] naming the first setting outside its domain.
    pub fn check(&self) -> Result<(), Error> {
        check_width("inputs", self.inputs)?;
        for &width in &self.hidden {
            check_width("hidden", width)?;
        }
        check_width("bottleneck", self.bottleneck)?;
        self.activation.check("activation")?;
        self.bottleneck_activation.check("bottleneck_activation")?;
        self.output_activation.check("output_activation")
    }
}

/// An autoencoder: x̂ = decode(encode(x)), trained so that x̂ is near x although the code between
/// them has fewer numbers. Hinton & Salakhutdinov, *Reducing the dimensionality of data with neural
/// networks*, 2006.
///
/// encode is h⁽ˡ⁾ = f(h⁽ˡ⁻¹⁾W⁽ˡ⁾ + b⁽ˡ⁾) from h⁽⁰⁾ = x ∈ [0, 1]ᵈ to the code h ∈ Rᵏ of the bottleneck,
/// decode the same from h to x̂, whose last activation is a sigmoid by default, so that x̂ ∈ (0, 1)ᵈ.
/// No layer works differently while training, so no pass needs to be told apart; for evaluation take
/// a copy without autodiff (`module.valid()`).
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use hemline_models::AutoencoderConfig;
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
///
/// let device = Device::flex();
/// let net = AutoencoderConfig::new().init(&mut ChaCha8Rng::seed_from_u64(0), &device)?;
/// let images = Tensor::<2>::zeros([3, 784], &device);
/// let codes = net.encode(images.clone());
/// assert_eq!(codes.dims(), [3, 64]);
/// assert_eq!(net.decode(codes).dims(), [3, 784]);
/// // The error on each image, and their mean.
/// let reconstruction = net.evaluate([(images.clone(), images)])?;
/// assert_eq!(reconstruction.errors.len(), 3);
/// # Ok::<(), hemline_models::Error>(())
/// ```
#[derive(Module, Debug)]
pub struct Autoencoder {
    /// From an image to its code; the bottleneck is its last linear layer.
    pub encoder: Stack,
    /// From a code to an image.
    pub decoder: Stack,
    #[module(skip)]
    inputs: usize,
    #[module(skip)]
    bottleneck: usize,
}

impl Saved for Autoencoder {
    type Config = AutoencoderConfig;

    fn parameters(config: &AutoencoderConfig) -> usize {
        config.parameters()
    }

    fn draw(
        config: &AutoencoderConfig,
        generator: &mut ChaCha8Rng,
        device: &Device,
    ) -> Result<Self, Error> {
        config.init(generator, device)
    }

    fn stacks(&self) -> Vec<(&'static str, &Stack)> {
        vec![("encoder.", &self.encoder), ("decoder.", &self.decoder)]
    }

    fn stacks_mut(&mut self) -> Vec<(&'static str, &mut Stack)> {
        vec![
            ("encoder.", &mut self.encoder),
            ("decoder.", &mut self.decoder),
        ]
    }
}

impl Autoencoder {
    /// The number of pixels d of an image.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The width k of the bottleneck: how many numbers a code has.
    pub fn bottleneck(&self) -> usize {
        self.bottleneck
    }

    /// The codes, shape `[batch, k]`, of images `x`, shape `[batch, d]`.
    ///
    /// # Panics
    ///
    /// As burn does, where the second dimension of `x` is not d. [`evaluate`](Self::evaluate) returns
    /// an error instead.
    pub fn encode(&self, x: Tensor<2>) -> Tensor<2> {
        self.encoder.forward(x, &mut Pass::Evaluate)
    }

    /// The images, shape `[batch, d]`, that codes, shape `[batch, k]`, stand for.
    ///
    /// # Panics
    ///
    /// As burn does, where the second dimension of `codes` is not k.
    pub fn decode(&self, codes: Tensor<2>) -> Tensor<2> {
        self.decoder.forward(codes, &mut Pass::Evaluate)
    }

    /// The reconstructions x̂ = decode(encode(x)), shape `[batch, d]` as `x`.
    ///
    /// # Panics
    ///
    /// As [`encode`](Self::encode).
    pub fn forward(&self, x: Tensor<2>) -> Tensor<2> {
        self.decode(self.encode(x))
    }

    /// Reconstructs every image and measures how far each lies from its target.
    ///
    /// `batches` yields inputs with targets, both of shape `[batch, d]`: twice the same images, or
    /// noisy images and the clean ones. The network should be without autodiff (`module.valid()`),
    /// lest the graphs pile up.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] for images of another size, for targets that do not match their inputs, and
    /// for no image at all; [`Error::Device`] where the result cannot be read.
    pub fn evaluate(
        &self,
        batches: impl IntoIterator<Item = (Tensor<2>, Tensor<2>)>,
    ) -> Result<Reconstruction, Error> {
        Reconstruction::collect(batches.into_iter().map(|(images, target)| {
            check_images(&images, self.inputs)?;
            Ok((self.forward(images), target))
        }))
    }
}
