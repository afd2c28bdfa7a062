//! The only training loop, from the first epoch to the last in one call.

use rand_chacha::ChaCha8Rng;

use crate::{
    BoxedError, Error, FitConfig, History, Metrics, Observer, Purpose, Snapshot, Step, Training,
    generator,
};

/// Why a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StopReason {
    /// All epochs were run.
    Completed,
    /// The validation loss no longer fell.
    EarlyStopping,
    /// An observer asked for it.
    Observer,
    /// A [`Training`] was finished before its last epoch.
    Unfinished,
}

/// A trained learner and how it got there.
#[derive(Clone, Debug)]
pub struct Fitted<S> {
    /// What was trained. With early stopping it is in its best state, else in its last.
    pub learner: S,
    /// The course of the run, resumed parts included.
    pub history: History,
    /// Why the run ended.
    pub stop: StopReason,
    /// The epoch whose state `learner` is in, where early stopping chose it.
    pub best_epoch: Option<usize>,
}

/// Trains `learner` for `config.epochs` passes over the minibatches.
///
/// - `batches` makes the minibatches of one epoch from that epoch's generator, lazily: an iterator
///   that knows its length. It is called once an epoch and must give the same number each time.
/// - `validate` measures the learner after every epoch, or returns `Ok(None)` where there is nothing
///   to validate on. Early stopping needs it to return something.
/// - `observer` watches; `&mut ()` for nobody.
///
/// The iterations, their learning rates and generators are functions of the settings alone, so a run
/// that goes on from a checkpoint computes exactly what it would have computed without the stop. A
/// run that is to pause and go on in memory is a [`Training`].
///
/// # Errors
///
/// [`Error::InvalidConfig`] for settings outside their domain; [`Error::NoBatches`] and
/// [`Error::BatchCountChanged`] for a wrong `batches`; [`Error::Diverged`] at the first loss that is
/// not finite; [`Error::Validation`] with the closure's error; the errors of reading and writing
/// checkpoints; whatever `learner` returns.
pub fn fit<S, Batch, I>(
    learner: S,
    mut batches: impl FnMut(&mut ChaCha8Rng) -> I,
    validate: impl FnMut(&S) -> Result<Option<Metrics>, BoxedError>,
    config: &FitConfig,
    observer: &mut impl Observer<S>,
) -> Result<Fitted<S>, Error>
where
    S: Step<Batch> + Snapshot,
    I: ExactSizeIterator<Item = Batch>,
{
    config.check()?;
    let per_epoch = batches(&mut generator(config.seed, Purpose::Shuffle, 0)).len();
    let mut training = Training::begin(learner, config.clone(), per_epoch)?;
    training.advance(config.epochs, batches, validate, observer)?;
    training.finish()
}
