//! Trains and judges an [`Mlp`] on images: the one place where the crates are put together for that.

use std::num::NonZeroUsize;

use burn::tensor::{Device, Tensor};
use hemline_data::{LabelledImages, Minibatch, TensorSet};
use hemline_models::{Evaluation, Mlp, MlpConfig, Pass, smoothed_cross_entropy};
use hemline_train::{
    BoxedError, BurnStep, CheckpointConfig, FitConfig, Fitted, History, Metrics, Observer,
    OptimizerConfig, Purpose, Schedule, fit, generator,
};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

use super::data::EVALUATION_BATCH;

/// Everything that, with a seed and the data, determines a trained network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct ClassifierConfig {
    pub(crate) model: MlpConfig,
    pub(crate) optimizer: OptimizerConfig,
    /// The strength λ of the L2 penalty on the weights.
    pub(crate) l2: f64,
    pub(crate) learning_rate: f64,
    pub(crate) schedule: Schedule,
    pub(crate) batch_size: NonZeroUsize,
    pub(crate) epochs: usize,
    /// The share ε of the label that is spread over all classes.
    pub(crate) label_smoothing: f64,
}

/// Images on the host for their labels, and on the device for the network.
#[derive(Debug)]
pub(crate) struct Examples {
    labels: Vec<u32>,
    tensors: TensorSet,
    device: Device,
    identity: String,
}

impl Examples {
    pub(crate) fn new(images: &LabelledImages, device: &Device) -> Self {
        Self {
            labels: images.labels().to_vec(),
            tensors: TensorSet::new(images, device),
            device: device.clone(),
            identity: String::new(),
        }
    }

    /// Says which data set the images are from, by its checksum, so that a checkpoint on other data
    /// is refused.
    pub(crate) fn with_identity(mut self, identity: &str) -> Self {
        identity.clone_into(&mut self.identity);
        self
    }

    /// The checksum of the data set.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) fn count(&self) -> usize {
        self.labels.len()
    }

    /// Classifies all of them. `model` is without autodiff.
    pub(crate) fn evaluate(&self, model: &Mlp) -> Result<Evaluation, hemline_models::Error> {
        let images = self
            .tensors
            .chunks(EVALUATION_BATCH)
            .map(|batch| batch.images);
        model.evaluate(images.zip(self.labels.chunks(EVALUATION_BATCH.get())))
    }
}

/// A trained network, ready to be evaluated, and how it got there.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) model: Mlp,
    pub(crate) history: History,
}

/// The loss of a minibatch; the generator draws the dropout masks.
type Loss = Box<dyn Fn(&Mlp, Minibatch, &mut ChaCha8Rng) -> Tensor<1> + Send>;

/// What the training loop drives, and what its observers see.
pub(crate) type Learner = BurnStep<Mlp, Loss>;

impl ClassifierConfig {
    /// A good choice from the assignment's space, 3 to 5 hidden layers of 30 to 50 units.
    pub(crate) fn for_images(images: &LabelledImages, epochs: usize) -> Self {
        let inputs = images.images().pixels_per_image();
        Self {
            model: MlpConfig::new(inputs, vec![50, 50, 50], images.classes()),
            optimizer: OptimizerConfig::sgd(0.9),
            l2: 5e-4,
            learning_rate: 0.05,
            schedule: Schedule::cosine(0.0),
            batch_size: NonZeroUsize::new(128).expect("it is not zero"),
            epochs,
            label_smoothing: 0.0,
        }
    }

    /// A name for people: widths, activation and what else stands between the layers.
    pub(crate) fn describe(&self) -> String {
        let model = &self.model;
        let widths = std::iter::once(&model.inputs)
            .chain(&model.hidden)
            .chain([&model.classes]);
        let widths: Vec<String> = widths.map(ToString::to_string).collect();
        let mut text = format!("{} with {}", widths.join("-"), model.activation.name());
        if model.batch_norm {
            text.push_str(", BatchNorm");
        }
        if model.dropout > 0.0 {
            text.push_str(&format!(", Dropout {}", model.dropout));
        }
        text
    }

    /// The same with `part` in `whole` of its epochs, rounded up, at least 1.
    pub(crate) fn shortened(mut self, part: u64, whole: u64) -> Self {
        let share = (self.epochs as u64)
            .saturating_mul(part)
            .div_ceil(whole.max(1));
        self.epochs = usize::try_from(share).unwrap_or(usize::MAX).max(1);
        self
    }

    /// Trains a new network on `train`, measured by `validate` after each epoch.
    ///
    /// Initial weights, shuffles and dropout masks all follow from `seed`.
    pub(crate) fn fit(
        &self,
        train: &Examples,
        validate: impl FnMut(&Learner) -> Result<Option<Metrics>, BoxedError>,
        seed: u64,
        checkpoint: Option<CheckpointConfig>,
        observer: &mut impl Observer<Learner>,
    ) -> anyhow::Result<Fitted<Learner>> {
        Ok(fit(
            self.learner(seed, &train.device)?,
            |generator| train.tensors.minibatches(self.batch_size, generator),
            validate,
            &self.fit_config(seed, train, checkpoint)?,
            observer,
        )?)
    }

    /// The same with nothing to validate on.
    pub(crate) fn train(
        &self,
        train: &Examples,
        seed: u64,
        checkpoint: Option<CheckpointConfig>,
        observer: &mut impl Observer<Learner>,
    ) -> anyhow::Result<Trained> {
        let fitted = self.fit(train, |_| Ok(None), seed, checkpoint, observer)?;
        Ok(Trained {
            model: fitted.learner.valid(),
            history: fitted.history,
        })
    }

    /// A new network with its optimizer.
    pub(crate) fn learner(&self, seed: u64, device: &Device) -> anyhow::Result<Learner> {
        let mut weights = generator(seed, Purpose::Weights, 0);
        let model = self.model.init(&mut weights, &device.clone().autodiff())?;
        self.optimizer.check()?;
        let smoothing = self.label_smoothing;
        let loss: Loss = Box::new(move |mlp, batch, generator| {
            let logits = mlp.forward(batch.images.autodiff(), &mut Pass::Train(generator));
            smoothed_cross_entropy(logits, batch.labels.autodiff(), smoothing)
        });
        Ok(BurnStep::new(model, &self.optimizer, self.l2, loss))
    }

    fn fit_config(
        &self,
        seed: u64,
        train: &Examples,
        checkpoint: Option<CheckpointConfig>,
    ) -> anyhow::Result<FitConfig> {
        let config = FitConfig::new(self.epochs, self.learning_rate)
            .with_schedule(self.schedule)
            .with_seed(seed)
            .with_identity(format!(
                "{} on data {}",
                serde_json::to_string(self)?,
                train.identity
            ));
        Ok(FitConfig {
            checkpoint,
            ..config
        })
    }
}

/// What the training loop keeps of an evaluation.
pub(crate) fn metrics(evaluation: &Evaluation) -> Metrics {
    Metrics {
        loss: evaluation.cross_entropy,
        accuracy: Some(evaluation.accuracy),
    }
}
