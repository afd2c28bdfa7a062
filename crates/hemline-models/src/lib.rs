//! Small dense networks as burn modules, built from a serialisable config and the caller's seed.
//!
//! | type | what it is |
//! |---|---|
//! | [`Mlp`], [`MlpConfig`] | a classifier: hidden layers of any width and depth, then logits |
//! | [`Autoencoder`], [`AutoencoderConfig`] | an encoder to a narrow bottleneck, and a decoder back |
//! | [`Stack`], [`Layer`] | a sequence of layers, numbered as PyTorch's `nn.Sequential` numbers them |
//! | [`StateDict`] | named tensors in PyTorch's layout, read from and written to safetensors |
//! | [`cross_entropy`], [`Evaluation`] | the loss from logits, and what a classifier gets right |
//! | [`mean_squared_error`], [`Reconstruction`] | the loss of an autoencoder, and its error on each image |
//! | [`with_gaussian_noise`] | noisy inputs, from the caller's generator |
//!
//! Nothing here draws from a global generator. Initial weights come from the generator handed to
//! `init`, dropout masks from the one in [`Pass::Train`], so a seed fixes every bit of a model.
//!
//! # Example
//!
//! ```
//! use burn::tensor::{Device, Tensor};
//! use hemline_models::{MlpConfig, Pass};
//! use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
//!
//! let device = Device::flex();
//! let config = MlpConfig::new(784, vec![50, 50, 50], 10);
//! let mlp = config.init(&mut ChaCha8Rng::seed_from_u64(0), &device)?;
//! let images = Tensor::<2>::zeros([2, 784], &device);
//! assert_eq!(mlp.forward(images, &mut Pass::Evaluate).dims(), [2, 10]);
//! # Ok::<(), hemline_models::Error>(())
//! ```

mod activation;
mod autoencoder;
mod classification;
mod dropout;
mod error;
mod evaluation;
mod layer;
mod mlp;
mod noise;
mod reconstruction;
mod safetensors_file;
mod stack;
mod state_dict;

pub use activation::Activation;
pub use autoencoder::{Autoencoder, AutoencoderConfig};
pub use classification::{cross_entropy, smoothed_cross_entropy};
pub use dropout::Dropout;
pub use error::Error;
pub use evaluation::Evaluation;
pub use layer::{Layer, Pass};
pub use mlp::{Mlp, MlpConfig};
pub use noise::with_gaussian_noise;
pub use reconstruction::{Reconstruction, mean_squared_error, squared_errors};
pub use stack::Stack;
pub use state_dict::{NamedTensor, StateDict};
