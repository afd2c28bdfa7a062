//! Trains an [`Autoencoder`] on images alone: no label reaches it.

use std::num::NonZeroUsize;

use burn::tensor::{Device, Tensor};
use hemline_data::{LabelledImages, TensorSet};
use hemline_models::{Autoencoder, AutoencoderConfig, Error, Reconstruction};
use hemline_train::{
    CheckpointConfig, FitConfig, History, OptimizerConfig, Purpose, Schedule, fit, generator,
};
use serde::Serialize;

use super::args::Args;
use crate::support::data::EVALUATION_BATCH;
use crate::support::examples::Examples;
use crate::support::learner::{Learner, StepName};
use crate::support::progress::FitProgress;
use crate::support::task::Task;

/// The number of images in a minibatch.
const BATCH: NonZeroUsize = NonZeroUsize::new(128).expect("it is not zero");

/// Everything that, with a seed and the data, determines a trained autoencoder.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct TrainingConfig {
    pub(crate) model: AutoencoderConfig,
    pub(crate) optimizer: OptimizerConfig,
    pub(crate) learning_rate: f64,
    pub(crate) schedule: Schedule,
    pub(crate) batch_size: NonZeroUsize,
    pub(crate) epochs: usize,
    pub(crate) step: StepName,
    /// The standard deviation of the noise on the inputs; the target is always the clean image.
    pub(crate) noise: f64,
}

/// A trained network, ready to be evaluated, and how it got there.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) model: Autoencoder,
    pub(crate) history: History,
}

impl TrainingConfig {
    /// The assignment's network, with as many inputs as the images have pixels.
    pub(crate) fn new(images: &LabelledImages, args: &Args) -> Self {
        let (schedule, learning_rate) = args.schedule();
        let model = AutoencoderConfig::new().with_inputs(images.images().pixels_per_image());
        let activations = [
            model.activation,
            model.bottleneck_activation,
            model.output_activation,
        ];
        Self {
            step: StepName::of(&args.common, &activations),
            model,
            optimizer: OptimizerConfig::adam(),
            learning_rate,
            schedule,
            batch_size: BATCH,
            epochs: args.epochs(),
            noise: args.noise,
        }
    }

    /// The number of minibatches in an epoch.
    pub(crate) fn batches(&self, images: &Examples) -> usize {
        let mut any = generator(0, Purpose::Shuffle, 0);
        images.minibatches(self.batch_size, &mut any).len()
    }

    /// Trains on `images`.
    ///
    /// Initial weights, shuffles and noise all follow from `seed`.
    pub(crate) fn train(
        &self,
        images: &Examples,
        seed: u64,
        checkpoint: CheckpointConfig,
    ) -> anyhow::Result<Trained> {
        let config = FitConfig::new(self.epochs, self.learning_rate)
            .with_schedule(self.schedule)
            .with_seed(seed)
            .with_identity(format!(
                "{} on data {}",
                serde_json::to_string(self)?,
                images.identity()
            ))
            .with_checkpoint(checkpoint);
        let fitted = fit(
            self.learner(images, seed)?,
            |generator| images.minibatches(self.batch_size, generator),
            |_| Ok(None),
            &config,
            &mut FitProgress::new(),
        )?;
        Ok(Trained {
            model: fitted.learner.valid()?,
            history: fitted.history,
        })
    }

    /// A new network with its optimizer.
    fn learner(&self, images: &Examples, seed: u64) -> anyhow::Result<Learner<Autoencoder>> {
        let task = Task::autoencoder(images, self.noise, self.optimizer);
        let init = |device: &Device| {
            let mut weights = generator(seed, Purpose::Weights, 0);
            self.model.init(&mut weights, device)
        };
        Learner::new(self.step, init, images.device(), task)
    }
}

/// All images, in pieces of a size that can be reconstructed at once.
pub(crate) fn pieces(images: &TensorSet) -> impl Iterator<Item = Tensor<2>> + '_ {
    images.chunks(EVALUATION_BATCH).map(|piece| piece.images)
}

/// Reconstructs all images and measures the error on each.
pub(crate) fn evaluate(model: &Autoencoder, images: &TensorSet) -> Result<Reconstruction, Error> {
    model.evaluate(pieces(images).map(|piece| (piece.clone(), piece)))
}
