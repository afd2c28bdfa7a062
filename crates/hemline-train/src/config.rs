//! The settings of a run that belong to the loop and not to the model or the optimizer.

use serde::{Deserialize, Serialize};

use crate::schedule::check;
use crate::{CheckpointConfig, EarlyStopping, Error, Schedule};

/// How long, how fast and from which seed to train.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FitConfig {
    /// The number of passes over the training set, at least 1.
    pub epochs: usize,
    /// The peak learning rate η > 0; the schedule scales it.
    pub learning_rate: f64,
    /// How the learning rate changes.
    pub schedule: Schedule,
    /// The seed of the shuffles and of the noise within steps.
    pub seed: u64,
    /// What else the run depends on and the loop cannot see: the data's checksum, the model's and the
    /// optimizer's settings, in the caller's own words. A checkpoint with other words is refused.
    pub identity: String,
    /// When to stop before the last epoch, if ever.
    pub early_stopping: Option<EarlyStopping>,
    /// Where to keep a checkpoint, if anywhere. Not part of what a run computes, so a run may be
    /// resumed with another.
    #[serde(skip)]
    pub checkpoint: Option<CheckpointConfig>,
}

impl FitConfig {
    /// `epochs` epochs at a constant learning rate, seed 0, no early stopping, no checkpoint.
    pub fn new(epochs: usize, learning_rate: f64) -> Self {
        Self {
            epochs,
            learning_rate,
            schedule: Schedule::constant(),
            seed: 0,
            identity: String::new(),
            early_stopping: None,
            checkpoint: None,
        }
    }

    /// Sets the schedule.
    pub fn with_schedule(mut self, schedule: Schedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Sets the seed.
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Sets what else the run depends on.
    pub fn with_identity(mut self, identity: impl Into<String>) -> Self {
        self.identity = identity.into();
        self
    }

    /// Sets the early stopping.
    pub fn with_early_stopping(mut self, early_stopping: EarlyStopping) -> Self {
        self.early_stopping = Some(early_stopping);
        self
    }

    /// Sets the checkpoint.
    pub fn with_checkpoint(mut self, checkpoint: CheckpointConfig) -> Self {
        self.checkpoint = Some(checkpoint);
        self
    }

    /// Checks every setting against its domain.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] naming the first setting outside its domain.
    pub fn check(&self) -> Result<(), Error> {
        check("epochs", "at least 1", self.epochs, self.epochs > 0)?;
        let positive = self.learning_rate > 0.0 && self.learning_rate.is_finite();
        check(
            "learning_rate",
            "positive and finite",
            self.learning_rate,
            positive,
        )?;
        self.schedule.check()?;
        if let Some(early_stopping) = &self.early_stopping {
            early_stopping.check()?;
        }
        Ok(())
    }
}
