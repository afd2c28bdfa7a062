//! The networks, optimizers and batches that are trained on every device.

use burn::tensor::{Device, Int, Tensor, TensorData};
use hemline_models::{Activation, AutoencoderConfig, MlpConfig};
use hemline_train::{OptimizerConfig, Purpose, generator};
use rand::RngExt;

use super::activations::every_activation;

const INPUTS: usize = 20;
const CLASSES: usize = 5;

/// The seed of the weights, the images and the masks.
pub(super) const SEED: u64 = 20;

/// What is trained.
#[derive(Clone, Debug)]
pub(super) enum Model {
    Mlp(MlpConfig),
    Autoencoder(AutoencoderConfig),
}

/// A network, its optimizer and the size of its batches.
#[derive(Clone, Debug)]
pub(super) struct Case {
    pub(super) model: Model,
    pub(super) optimizer: OptimizerConfig,
    pub(super) learning_rate: f64,
    pub(super) batch: usize,
}

/// With batch normalisation and dropout.
pub(super) fn mlp(activation: Activation, hidden: Vec<usize>) -> MlpConfig {
    MlpConfig::new(INPUTS, hidden, CLASSES)
        .with_activation(activation)
        .with_batch_norm(true)
        .with_dropout(0.1)
}

pub(super) fn autoencoder(hidden: Vec<usize>) -> AutoencoderConfig {
    AutoencoderConfig::new()
        .with_inputs(INPUTS)
        .with_hidden(hidden)
        .with_bottleneck(4)
}

/// Each activation at a batch of 64, and larger batches, with both optimizers.
///
/// A graphics processor in software takes a quarter of a second for a step of two hidden layers on 4,096
/// images, so the networks are as deep as the time allows.
pub(super) fn cases() -> Vec<Case> {
    let small = every_activation().map(|activation| (mlp(activation, vec![16]), 64));
    let large = [(vec![16, 16], 512), (vec![16], 4096)];
    let large = large.map(|(hidden, batch)| (mlp(Activation::RELU, hidden), batch));
    let mlps = small.into_iter().chain(large);
    let mlps = mlps.map(|(config, batch)| (Model::Mlp(config), batch));
    let autoencoders = [(vec![16], 64), (vec![16], 512), (vec![], 4096)];
    let autoencoders =
        autoencoders.map(|(hidden, batch)| (Model::Autoencoder(autoencoder(hidden)), batch));
    let both = |(model, batch): (Model, usize)| {
        let optimizers = [
            (OptimizerConfig::sgd(0.9), 0.02),
            (OptimizerConfig::adam(), 2e-3),
        ];
        optimizers.map(|(optimizer, learning_rate)| Case {
            model: model.clone(),
            optimizer,
            learning_rate,
            batch,
        })
    };
    mlps.chain(autoencoders).flat_map(both).collect()
}

/// Images, shape [batch, inputs], each noise with four brighter pixels that tell its class, and labels,
/// shape [batch].
pub(super) fn batch(index: u64, size: usize, device: &Device) -> (Tensor<2>, Tensor<1, Int>) {
    let mut draws = generator(SEED, Purpose::Shuffle, index);
    let labels: Vec<i64> = (0..size)
        .map(|_| draws.random_range(0..CLASSES as i64))
        .collect();
    let images: Vec<f32> = labels
        .iter()
        .flat_map(|&label| (0..INPUTS).map(move |pixel| pixel % CLASSES == label as usize))
        .map(|bright| draws.random_range(0.0..0.7) + if bright { 0.3 } else { 0.0 })
        .collect();
    (
        Tensor::from_data(TensorData::new(images, [size, INPUTS]), device),
        Tensor::from_data(TensorData::new(labels, [size]), device),
    )
}
