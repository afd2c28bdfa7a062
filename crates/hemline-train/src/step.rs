//! The one thing the training loop asks of what it trains.

use rand_chacha::ChaCha8Rng;

use crate::Error;

/// What the loop tells a step besides its batch.
#[derive(Debug)]
pub struct StepContext<'a> {
    /// The learning rate η > 0 of this iteration, from the schedule.
    pub learning_rate: f64,
    /// The generator of this iteration alone, for dropout masks and other noise. It depends on the
    /// seed and the iteration and on nothing else, so a resumed run draws the same values.
    pub generator: &'a mut ChaCha8Rng,
}

/// One update of some parameters from one batch.
///
/// The loop does not know who computes a step. [`BurnStep`](crate::BurnStep) does it with burn's
/// autodiff for any module; a faster implementation for a special kind of model can stand beside it.
pub trait Step<Batch> {
    /// Takes a batch, updates the parameters, and returns the loss *before* the update, averaged
    /// over the batch.
    ///
    /// A loss that is not finite is returned as it is; the loop turns it into
    /// [`Error::Diverged`].
    ///
    /// # Errors
    ///
    /// Whatever keeps the step from being computed, such as a lost device.
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error>;
}
