//! When to stop before the last epoch, and which state to come back to.

use serde::{Deserialize, Serialize};

use crate::schedule::check;
use crate::{Error, Metrics, Snapshot};

/// Stops a run whose validation loss no longer falls, and restores the state with the lowest.
///
/// Prechelt, *Early stopping, but when?*, 1998. The restored state includes the optimizer's.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EarlyStopping {
    /// The number of epochs in a row without improvement after which to stop, at least 1.
    pub patience: usize,
    /// The least fall of the validation loss that counts as an improvement, at least 0.
    pub min_delta: f64,
}

impl EarlyStopping {
    /// Stops after `patience` epochs without any improvement.
    pub fn new(patience: usize) -> Self {
        Self {
            patience,
            min_delta: 0.0,
        }
    }

    pub(crate) fn check(&self) -> Result<(), Error> {
        check(
            "early_stopping.patience",
            "at least 1",
            self.patience,
            self.patience > 0,
        )?;
        let valid = self.min_delta >= 0.0 && self.min_delta.is_finite();
        check(
            "early_stopping.min_delta",
            "finite and at least 0",
            self.min_delta,
            valid,
        )
    }
}

/// The best epoch so far.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Best {
    pub(crate) epoch: usize,
    pub(crate) loss: f64,
    pub(crate) state: Vec<u8>,
}

/// The early stopping of a run under way.
#[derive(Debug)]
pub(crate) struct BestKeeper {
    settings: EarlyStopping,
    pub(crate) best: Option<Best>,
}

impl BestKeeper {
    pub(crate) fn new(settings: EarlyStopping, best: Option<Best>) -> Self {
        Self { settings, best }
    }

    /// Takes note of an epoch's validation loss.
    pub(crate) fn observe<S: Snapshot>(
        &mut self,
        learner: &S,
        epoch: usize,
        metrics: &Metrics,
    ) -> Result<(), Error> {
        // A validation loss that is not finite is never an improvement.
        let improved = metrics.loss.is_finite()
            && self
                .best
                .as_ref()
                .is_none_or(|best| metrics.loss < best.loss - self.settings.min_delta);
        if improved {
            self.best = Some(Best {
                epoch,
                loss: metrics.loss,
                state: learner.snapshot()?,
            });
        }
        Ok(())
    }

    /// Whether none of the last `patience` of the first `epochs` epochs improved on those before.
    pub(crate) fn is_exhausted(&self, epochs: usize) -> bool {
        let last_improvement = self.best.as_ref().map_or(0, |best| best.epoch + 1);
        epochs - last_improvement.min(epochs) >= self.settings.patience
    }
}
