//! A run that can be carried on in pieces: what `fit` does in one, and others may do with pauses.

use std::ops::ControlFlow;
use std::path::PathBuf;

use rand_chacha::ChaCha8Rng;

use crate::checkpoint::Checkpoint;
use crate::early_stopping::BestKeeper;
use crate::{
    BoxedError, CheckpointConfig, Error, FitConfig, Fitted, History, IterationRecord, Metrics,
    Observer, Plan, Purpose, Snapshot, Step, StepContext, StopReason, generator,
};

/// A learner, its settings, and how far it has come.
///
/// [`fit`](crate::fit) begins one, advances it to its last epoch and finishes it. Advanced in several
/// pieces it ends in the same bits, since iterations, learning rates and generators are functions of
/// the settings alone. Where the pieces end decides nothing: the schedule spans the whole run.
///
/// ```
/// use hemline_train::{FitConfig, StopReason, Training};
/// # use hemline_train::{Error, Snapshot, Step, StepContext};
/// # struct Counter(f64);
/// # impl Step<f64> for Counter {
/// #     fn step(&mut self, batch: f64, _: StepContext<'_>) -> Result<f64, Error> {
/// #         self.0 += batch;
/// #         Ok(self.0)
/// #     }
/// # }
/// # impl Snapshot for Counter {
/// #     fn snapshot(&self) -> Result<Vec<u8>, Error> { Ok(self.0.to_le_bytes().to_vec()) }
/// #     fn restore(&mut self, _: &[u8]) -> Result<(), Error> { Ok(()) }
/// # }
/// # let learner = Counter(0.0);
/// let batches = |_: &mut _| vec![0.5, 1.0].into_iter();
/// let mut training = Training::begin(learner, FitConfig::new(9, 0.1), 2)?;
/// training.advance(3, batches, |_| Ok(None), &mut ())?;
/// assert_eq!(training.history().epochs.len(), 3);
/// training.advance(9, batches, |_| Ok(None), &mut ())?;
/// assert_eq!(training.finish()?.stop, StopReason::Completed);
/// # Ok::<(), Error>(())
/// ```
#[derive(Debug)]
pub struct Training<S> {
    learner: S,
    config: FitConfig,
    per_epoch: usize,
    history: History,
    best: Option<BestKeeper>,
    last_checkpoint: Option<PathBuf>,
    stopped: Option<StopReason>,
}

impl<S: Snapshot> Training<S> {
    /// Starts afresh, or from the checkpoint of `config` where there is one to go on from.
    ///
    /// `batches_per_epoch` is the number of minibatches in every epoch.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`], [`Error::NoBatches`], and those of reading a checkpoint.
    pub fn begin(
        mut learner: S,
        config: FitConfig,
        batches_per_epoch: usize,
    ) -> Result<Self, Error> {
        config.check()?;
        if batches_per_epoch == 0 {
            return Err(Error::NoBatches { epoch: 0 });
        }
        let mut history = History::default();
        let mut best = None;
        let mut last_checkpoint = None;
        if let Some(CheckpointConfig {
            path, resume: true, ..
        }) = &config.checkpoint
            && let Some(checkpoint) = Checkpoint::read(path)?
        {
            checkpoint.check_run(path, &config, batches_per_epoch)?;
            learner.restore(&checkpoint.learner)?;
            history = History::from_losses(
                &checkpoint.losses,
                checkpoint.epochs,
                &config,
                batches_per_epoch,
            );
            best = checkpoint.best;
            last_checkpoint = Some(path.clone());
        }
        let best = config
            .early_stopping
            .map(|settings| BestKeeper::new(settings, best));
        let mut training = Self {
            learner,
            per_epoch: batches_per_epoch,
            history,
            best,
            last_checkpoint,
            stopped: None,
            config,
        };
        // The run that this one resumes may have stopped early already.
        training.stopped = training.is_exhausted().then_some(StopReason::EarlyStopping);
        Ok(training)
    }

    /// What is being trained, in its last state.
    pub fn learner(&self) -> &S {
        &self.learner
    }

    /// The course of the run so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// The settings of the run.
    pub fn config(&self) -> &FitConfig {
        &self.config
    }

    /// Trains until `epochs` epochs of the run are done, or all of them if it has fewer. Does
    /// nothing if so many are done already, or if early stopping or an observer has ended the run.
    ///
    /// The arguments are those of [`fit`](crate::fit).
    ///
    /// # Errors
    ///
    /// Those of [`fit`](crate::fit).
    pub fn advance<Batch, I>(
        &mut self,
        epochs: usize,
        mut batches: impl FnMut(&mut ChaCha8Rng) -> I,
        mut validate: impl FnMut(&S) -> Result<Option<Metrics>, BoxedError>,
        observer: &mut impl Observer<S>,
    ) -> Result<(), Error>
    where
        S: Step<Batch>,
        I: ExactSizeIterator<Item = Batch>,
    {
        let plan = Plan {
            epochs: self.config.epochs,
            iterations_per_epoch: self.per_epoch,
            first_iteration: self.history.iterations.len(),
        };
        observer.on_start(&plan, &self.learner);
        for epoch in self.history.epochs.len()..epochs.min(self.config.epochs) {
            if self.stopped.is_some() {
                return Ok(());
            }
            let in_epoch = batches(&mut generator(
                self.config.seed,
                Purpose::Shuffle,
                epoch as u64,
            ));
            if in_epoch.len() != self.per_epoch {
                return Err(Error::BatchCountChanged {
                    epoch,
                    expected: self.per_epoch,
                    found: in_epoch.len(),
                });
            }
            let done = self.history.iterations.len() - epoch * self.per_epoch;
            for batch in in_epoch.skip(done) {
                let record = self.iterate(batch, epoch)?;
                if observer.on_iteration(&record, &self.learner).is_break() {
                    self.stopped = Some(StopReason::Observer);
                    return Ok(());
                }
            }

            let validation =
                validate(&self.learner).map_err(|source| Error::Validation { epoch, source })?;
            self.history.push_epoch(epoch, validation);
            if let Some(best) = &mut self.best {
                let metrics = validation.ok_or(Error::NothingToValidate { epoch })?;
                best.observe(&self.learner, epoch, &metrics)?;
            }
            self.write_checkpoint()?;
            let flow = observer.on_epoch(&self.history.epochs[epoch], &self.learner);
            if self.is_exhausted() {
                self.stopped = Some(StopReason::EarlyStopping);
            } else if let ControlFlow::Break(()) = flow {
                self.stopped = Some(StopReason::Observer);
            }
        }
        Ok(())
    }

    /// Ends the run where it is and puts the best state back where early stopping kept one.
    ///
    /// # Errors
    ///
    /// [`Error::Restore`] where that state does not fit the learner.
    pub fn finish(mut self) -> Result<Fitted<S>, Error> {
        let best = self.best.and_then(|keeper| keeper.best);
        if let Some(best) = &best {
            self.learner.restore(&best.state)?;
        }
        let completed = self.history.epochs.len() == self.config.epochs;
        let cut = if completed {
            StopReason::Completed
        } else {
            StopReason::Unfinished
        };
        Ok(Fitted {
            learner: self.learner,
            history: self.history,
            stop: self.stopped.unwrap_or(cut),
            best_epoch: best.map(|best| best.epoch),
        })
    }

    /// One step, its record, and a checkpoint where one is due.
    fn iterate<Batch>(&mut self, batch: Batch, epoch: usize) -> Result<IterationRecord, Error>
    where
        S: Step<Batch>,
    {
        let iteration = self.history.iterations.len();
        let FitConfig {
            epochs,
            schedule,
            learning_rate,
            seed,
            ..
        } = self.config;
        let total = self.per_epoch * epochs;
        let learning_rate = schedule.learning_rate(learning_rate, iteration, total, self.per_epoch);
        let mut generator = generator(seed, Purpose::Step, iteration as u64);
        let context = StepContext {
            learning_rate,
            generator: &mut generator,
        };
        let loss = self.learner.step(batch, context)?;
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
            self.write_checkpoint()?;
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

    fn write_checkpoint(&mut self) -> Result<(), Error> {
        let Some(CheckpointConfig { path, .. }) = &self.config.checkpoint else {
            return Ok(());
        };
        let losses = self.history.iterations.iter().map(|record| record.loss);
        let checkpoint = Checkpoint {
            config: self.config.clone(),
            iterations_per_epoch: self.per_epoch,
            losses: losses.collect(),
            epochs: self.history.epochs.clone(),
            learner: self.learner.snapshot()?,
            best: self.best.as_ref().and_then(|keeper| keeper.best.clone()),
        };
        checkpoint.write(path)?;
        self.last_checkpoint = Some(path.clone());
        Ok(())
    }
}
