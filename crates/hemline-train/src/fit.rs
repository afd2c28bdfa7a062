//! The only training loop.

use std::ops::ControlFlow;
use std::path::PathBuf;

use rand_chacha::ChaCha8Rng;

use crate::checkpoint::Checkpoint;
use crate::early_stopping::BestKeeper;
use crate::{
    BoxedError, CheckpointConfig, Error, FitConfig, History, IterationRecord, Metrics, Observer,
    Plan, Purpose, Snapshot, Step, StepContext, generator,
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
/// that goes on from a checkpoint computes exactly what it would have computed without the stop.
///
/// # Errors
///
/// [`Error::InvalidConfig`] for settings outside their domain; [`Error::NoBatches`] and
/// [`Error::BatchCountChanged`] for a wrong `batches`; [`Error::Diverged`] at the first loss that is
/// not finite; [`Error::Validation`] with the closure's error; the errors of reading and writing
/// checkpoints; whatever `learner` returns.
pub fn fit<S, Batch, I>(
    mut learner: S,
    mut batches: impl FnMut(&mut ChaCha8Rng) -> I,
    mut validate: impl FnMut(&S) -> Result<Option<Metrics>, BoxedError>,
    config: &FitConfig,
    observer: &mut impl Observer<S>,
) -> Result<Fitted<S>, Error>
where
    S: Step<Batch> + Snapshot,
    I: ExactSizeIterator<Item = Batch>,
{
    config.check()?;
    let mut epoch_batches = |epoch| batches(&mut generator(config.seed, Purpose::Shuffle, epoch));
    let per_epoch = epoch_batches(0).len();
    if per_epoch == 0 {
        return Err(Error::NoBatches { epoch: 0 });
    }

    let mut run = Run::begin(&mut learner, config, per_epoch)?;
    let plan = Plan {
        epochs: config.epochs,
        iterations_per_epoch: per_epoch,
        first_iteration: run.history.iterations.len(),
    };
    observer.on_start(&plan, &learner);

    if run.is_exhausted() {
        // The run that this one resumes had already stopped early.
        return run.finish(learner, StopReason::EarlyStopping);
    }
    let mut stop = StopReason::Completed;
    'epochs: for epoch in run.history.epochs.len()..config.epochs {
        let in_epoch = epoch_batches(epoch as u64);
        if in_epoch.len() != per_epoch {
            let found = in_epoch.len();
            return Err(Error::BatchCountChanged {
                epoch,
                expected: per_epoch,
                found,
            });
        }
        let done = run.history.iterations.len() - epoch * per_epoch;
        for batch in in_epoch.skip(done) {
            let record = run.iterate(&mut learner, batch, epoch)?;
            if observer.on_iteration(&record, &learner).is_break() {
                stop = StopReason::Observer;
                break 'epochs;
            }
        }

        let validation =
            validate(&learner).map_err(|source| Error::Validation { epoch, source })?;
        run.history.push_epoch(epoch, validation);
        if let Some(best) = &mut run.best {
            let metrics = validation.ok_or(Error::NothingToValidate { epoch })?;
            best.observe(&learner, epoch, &metrics)?;
        }
        run.write_checkpoint(&learner)?;
        let flow = observer.on_epoch(&run.history.epochs[epoch], &learner);
        if run.is_exhausted() {
            stop = StopReason::EarlyStopping;
            break;
        }
        if let ControlFlow::Break(()) = flow {
            stop = StopReason::Observer;
            break;
        }
    }
    run.finish(learner, stop)
}

/// A run under way.
struct Run<'a> {
    config: &'a FitConfig,
    per_epoch: usize,
    history: History,
    best: Option<BestKeeper>,
    last_checkpoint: Option<PathBuf>,
}

impl<'a> Run<'a> {
    /// Starts afresh, or from the checkpoint where there is one to go on from.
    fn begin<S: Snapshot>(
        learner: &mut S,
        config: &'a FitConfig,
        per_epoch: usize,
    ) -> Result<Self, Error> {
        let mut run = Self {
            config,
            per_epoch,
            history: History::default(),
            best: config
                .early_stopping
                .map(|settings| BestKeeper::new(settings, None)),
            last_checkpoint: None,
        };
        if let Some(CheckpointConfig {
            path, resume: true, ..
        }) = &config.checkpoint
            && let Some(checkpoint) = Checkpoint::read(path)?
        {
            checkpoint.check_run(path, config, per_epoch)?;
            learner.restore(&checkpoint.learner)?;
            let Checkpoint {
                losses,
                epochs,
                best,
                ..
            } = checkpoint;
            run.history = History::from_losses(&losses, epochs, config, per_epoch);
            run.best = config
                .early_stopping
                .map(|settings| BestKeeper::new(settings, best));
            run.last_checkpoint = Some(path.clone());
        }
        Ok(run)
    }

    /// One step, its record, and a checkpoint where one is due.
    fn iterate<S, Batch>(
        &mut self,
        learner: &mut S,
        batch: Batch,
        epoch: usize,
    ) -> Result<IterationRecord, Error>
    where
        S: Step<Batch> + Snapshot,
    {
        let iteration = self.history.iterations.len();
        let total = self.per_epoch * self.config.epochs;
        let FitConfig {
            schedule,
            learning_rate,
            seed,
            ..
        } = self.config;
        let learning_rate =
            schedule.learning_rate(*learning_rate, iteration, total, self.per_epoch);
        let mut generator = generator(*seed, Purpose::Step, iteration as u64);
        let context = StepContext {
            learning_rate,
            generator: &mut generator,
        };
        let loss = learner.step(batch, context)?;
        if !loss.is_finite() {
            let checkpoint = self.last_checkpoint.clone();
            return Err(Error::Diverged {
                loss,
                epoch,
                iteration,
                learning_rate,
                checkpoint,
            });
        }
        let record = IterationRecord {
            iteration,
            epoch,
            learning_rate,
            loss,
        };
        self.history.iterations.push(record);
        let every = self
            .config
            .checkpoint
            .as_ref()
            .and_then(|config| config.every_iterations);
        // The end of an epoch is kept after its validation.
        let ends_epoch = (iteration + 1).is_multiple_of(self.per_epoch);
        if every.is_some_and(|every| (iteration + 1).is_multiple_of(every.max(1))) && !ends_epoch {
            self.write_checkpoint(learner)?;
        }
        Ok(record)
    }

    /// Whether the validation loss has not fallen for as long as the settings allow.
    fn is_exhausted(&self) -> bool {
        let epochs = self.history.epochs.len();
        self.best
            .as_ref()
            .is_some_and(|keeper| keeper.is_exhausted(epochs))
    }

    fn write_checkpoint<S: Snapshot>(&mut self, learner: &S) -> Result<(), Error> {
        let Some(CheckpointConfig { path, .. }) = &self.config.checkpoint else {
            return Ok(());
        };
        let checkpoint = Checkpoint {
            config: self.config.clone(),
            iterations_per_epoch: self.per_epoch,
            losses: self
                .history
                .iterations
                .iter()
                .map(|record| record.loss)
                .collect(),
            epochs: self.history.epochs.clone(),
            learner: learner.snapshot()?,
            best: self.best.as_ref().and_then(|keeper| keeper.best.clone()),
        };
        checkpoint.write(path)?;
        self.last_checkpoint = Some(path.clone());
        Ok(())
    }

    /// Puts the best state back where early stopping kept one.
    fn finish<S: Snapshot>(self, mut learner: S, stop: StopReason) -> Result<Fitted<S>, Error> {
        let best = self.best.and_then(|keeper| keeper.best);
        if let Some(best) = &best {
            learner.restore(&best.state)?;
        }
        let best_epoch = best.map(|best| best.epoch);
        Ok(Fitted {
            learner,
            history: self.history,
            stop,
            best_epoch,
        })
    }
}
