//! Trains and judges an [`Mlp`] on images: the one place where the crates are put together for that.

use std::num::NonZeroUsize;

use burn::tensor::Device;
use hemline_data::LabelledImages;
use hemline_models::{Evaluation, Mlp, MlpConfig};
use hemline_train::{
    BoxedError, CheckpointConfig, FitConfig, Fitted, History, Metrics, Observer, OptimizerConfig,
    Purpose, Schedule, fit, generator,
};
use serde::{Deserialize, Serialize};

use super::args::CommonArgs;
use super::examples::Examples;
use super::learner::StepName;
use super::task::Task;

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
    /// How a step is computed.
    pub(crate) step: StepName,
}

/// A trained network, ready to be evaluated, and how it got there.
#[derive(Debug)]
pub(crate) struct Trained {
    pub(crate) model: Mlp,
    pub(crate) history: History,
}

/// What the training loop drives, and what its observers see.
pub(crate) type Learner = super::learner::Learner<Mlp>;

impl ClassifierConfig {
    /// A good choice from the assignment's space, 3 to 5 hidden layers of 30 to 50 units.
    pub(crate) fn for_images(images: &LabelledImages, epochs: usize, common: &CommonArgs) -> Self {
        let inputs = images.images().pixels_per_image();
        let model = MlpConfig::new(inputs, vec![50, 50, 50], images.classes());
        Self {
            step: StepName::of(common, &[model.activation]),
            model,
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
            self.learner(seed, train)?,
            |generator| train.minibatches(self.batch_size, generator),
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
            model: fitted.learner.valid()?,
            history: fitted.history,
        })
    }

    /// A new network.
    pub(crate) fn network(&self, seed: u64, device: &Device) -> Result<Mlp, hemline_models::Error> {
        let mut weights = generator(seed, Purpose::Weights, 0);
        self.model.init(&mut weights, device)
    }

    /// A new network with its optimizer.
    fn learner(&self, seed: u64, train: &Examples) -> anyhow::Result<Learner> {
        let task = Task::classifier(train, self.label_smoothing, self.optimizer, self.l2);
        let init = |device: &Device| self.network(seed, device);
        Learner::new(self.step, init, train.device(), task)
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
                train.identity()
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
