//! Trains an [`Autoencoder`] on images alone: no label reaches it.

use std::num::NonZeroUsize;

use burn::tensor::Tensor;
use hemline_data::{LabelledImages, Minibatch, TensorSet};
use hemline_models::{
    Autoencoder, AutoencoderConfig, Error, Reconstruction, mean_squared_error, with_gaussian_noise,
};
use hemline_train::{
    BurnStep, CheckpointConfig, DenseBatch, DenseStep, FitConfig, Fitted, History, OptimizerConfig,
    Purpose, Schedule, Snapshot, Step, fit, generator,
};
use rand_chacha::ChaCha8Rng;
use serde::Serialize;

use super::args::{Args, StepName};
use super::dense;
use crate::support::data::EVALUATION_BATCH;
use crate::support::progress::FitProgress;

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
        Self {
            model: AutoencoderConfig::new().with_inputs(images.images().pixels_per_image()),
            optimizer: OptimizerConfig::adam(),
            learning_rate,
            schedule,
            batch_size: BATCH,
            epochs: args.epochs(),
            step: args.step,
            noise: args.noise,
        }
    }

    /// The number of minibatches in an epoch.
    pub(crate) fn batches(&self, images: &TensorSet) -> usize {
        let mut any = generator(0, Purpose::Shuffle, 0);
        images.minibatches(self.batch_size, &mut any).len()
    }

    /// Trains on `images`, whose data have the checksum `data_sum`.
    ///
    /// Initial weights, shuffles and noise all follow from `seed`.
    pub(crate) fn train(
        &self,
        images: &TensorSet,
        data_sum: &str,
        seed: u64,
        checkpoint: CheckpointConfig,
    ) -> anyhow::Result<Trained> {
        let config = FitConfig::new(self.epochs, self.learning_rate)
            .with_schedule(self.schedule)
            .with_seed(seed)
            .with_identity(format!(
                "{} on data {data_sum}",
                serde_json::to_string(self)?
            ))
            .with_checkpoint(checkpoint);
        let device = images.images().device();
        let mut weights = generator(seed, Purpose::Weights, 0);
        match self.step {
            StepName::Dense => {
                let model = self.model.init(&mut weights, &device)?;
                let layers = dense::layers(&model, &self.model)?;
                let step = DenseStep::new(layers, &self.optimizer, self.prepare())?;
                let fitted = self.fit(step, images, &config)?;
                Ok(Trained {
                    model: dense::replace_layers(model, fitted.learner.layers())?,
                    history: fitted.history,
                })
            }
            StepName::Autodiff => {
                let model = self.model.init(&mut weights, &device.autodiff())?;
                self.optimizer.check()?;
                let step = BurnStep::new(model, &self.optimizer, 0.0, self.loss());
                let fitted = self.fit(step, images, &config)?;
                Ok(Trained {
                    model: fitted.learner.valid(),
                    history: fitted.history,
                })
            }
        }
    }

    fn fit<S: Step<Minibatch> + Snapshot>(
        &self,
        learner: S,
        images: &TensorSet,
        config: &FitConfig,
    ) -> Result<Fitted<S>, hemline_train::Error> {
        fit(
            learner,
            |generator| images.minibatches(self.batch_size, generator),
            |_| Ok(None),
            config,
            &mut FitProgress::new(),
        )
    }

    /// From a minibatch to the numbers of its images, with noise where it is asked for.
    fn prepare(
        &self,
    ) -> impl Fn(Minibatch, &mut ChaCha8Rng) -> Result<DenseBatch, hemline_train::Error> + use<>
    {
        let noise = self.noise;
        move |batch, generator| {
            let clean = dense::read(batch.images.clone())?;
            if noise == 0.0 {
                return Ok(DenseBatch {
                    inputs: clean,
                    targets: None,
                });
            }
            let noisy = with_gaussian_noise(batch.images, noise, generator);
            Ok(DenseBatch {
                inputs: dense::read(noisy)?,
                targets: Some(clean),
            })
        }
    }

    /// The same for burn: the loss of a minibatch.
    fn loss(&self) -> impl Fn(&Autoencoder, Minibatch, &mut ChaCha8Rng) -> Tensor<1> + use<> {
        let noise = self.noise;
        move |net, batch, generator| {
            let inputs = with_gaussian_noise(batch.images.clone(), noise, generator);
            mean_squared_error(net.forward(inputs.autodiff()), batch.images.autodiff())
        }
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
