//! What happened in a run: the loss of every iteration, and a summary of every epoch.

use std::io::Write;
use std::path::Path;

use atomic_write_file::AtomicWriteFile;
use serde::{Deserialize, Serialize};

use crate::{Error, FitConfig};

/// What was measured on the validation part after an epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// The mean loss over the validation part, without the penalty.
    pub loss: f64,
    /// The share of examples classified correctly, for models that classify.
    pub accuracy: Option<f64>,
}

/// One iteration.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct IterationRecord {
    /// The iteration since the start of the run, counted from 0.
    pub iteration: usize,
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The learning rate η of this iteration.
    pub learning_rate: f64,
    /// The loss on the minibatch before the update, without the penalty; always finite.
    pub loss: f64,
}

/// One epoch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct EpochRecord {
    /// The epoch, counted from 0.
    pub epoch: usize,
    /// The mean of the epoch's minibatch losses. Since the parameters move during the epoch, this is
    /// not the loss of any one state of the model.
    pub train_loss: f64,
    /// The learning rate of the epoch's last iteration.
    pub learning_rate: f64,
    /// What was measured on the validation part, if there is one.
    pub validation: Option<Metrics>,
}

/// The whole course of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Every iteration, in order.
    pub iterations: Vec<IterationRecord>,
    /// Every completed epoch, in order.
    pub epochs: Vec<EpochRecord>,
}

impl History {
    /// The last `count` iterations, or all where there are fewer.
    pub fn last_losses(&self, count: usize) -> &[IterationRecord] {
        &self.iterations[self.iterations.len().saturating_sub(count)..]
    }

    /// Writes one line for each iteration: `iteration,epoch,learning_rate,loss`, and behind the
    /// last iteration of an epoch `validation_loss,validation_accuracy`, empty elsewhere.
    ///
    /// Numbers are written with as many digits as it takes to read back the same bits.
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the file then is as it was before.
    pub fn write_csv(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write_atomically(path.as_ref(), |file| {
            writeln!(
                file,
                "iteration,epoch,learning_rate,loss,validation_loss,validation_accuracy"
            )?;
            let mut records = self.iterations.iter().peekable();
            while let Some(record) = records.next() {
                let IterationRecord {
                    iteration,
                    epoch,
                    learning_rate,
                    loss,
                } = record;
                write!(file, "{iteration},{epoch},{learning_rate},{loss},")?;
                let ends_epoch = records.peek().is_none_or(|next| next.epoch != *epoch);
                let validation = self.epochs.get(*epoch).and_then(|epoch| epoch.validation);
                match validation.filter(|_| ends_epoch) {
                    Some(Metrics {
                        loss,
                        accuracy: Some(accuracy),
                    }) => {
                        writeln!(file, "{loss},{accuracy}")?;
                    }
                    Some(Metrics {
                        loss,
                        accuracy: None,
                    }) => writeln!(file, "{loss},")?,
                    None => writeln!(file, ",")?,
                }
            }
            Ok(())
        })
    }

    /// Writes one JSON object on a line for each epoch, an [`EpochRecord`].
    ///
    /// # Errors
    ///
    /// [`Error::Io`]; the file then is as it was before.
    pub fn write_jsonl(&self, path: impl AsRef<Path>) -> Result<(), Error> {
        write_atomically(path.as_ref(), |file| {
            for epoch in &self.epochs {
                serde_json::to_writer(&mut *file, epoch)?;
                writeln!(file)?;
            }
            Ok(())
        })
    }

    pub(crate) fn push_epoch(&mut self, epoch: usize, validation: Option<Metrics>) {
        let in_epoch: Vec<&IterationRecord> = self
            .iterations
            .iter()
            .rev()
            .take_while(|record| record.epoch == epoch)
            .collect();
        let sum: f64 = in_epoch.iter().map(|record| record.loss).sum();
        self.epochs.push(EpochRecord {
            epoch,
            train_loss: sum / in_epoch.len().max(1) as f64,
            learning_rate: in_epoch.first().map_or(0.0, |record| record.learning_rate),
            validation,
        });
    }

    /// Rebuilds the iterations from their losses; all else about them follows from the settings.
    pub(crate) fn from_losses(
        losses: &[f64],
        epochs: Vec<EpochRecord>,
        config: &FitConfig,
        per_epoch: usize,
    ) -> Self {
        let total = per_epoch * config.epochs;
        let record = |(iteration, &loss): (usize, &f64)| IterationRecord {
            iteration,
            epoch: iteration / per_epoch.max(1),
            learning_rate: config.schedule.learning_rate(
                config.learning_rate,
                iteration,
                total,
                per_epoch,
            ),
            loss,
        };
        Self {
            iterations: losses.iter().enumerate().map(record).collect(),
            epochs,
        }
    }
}

/// Writes a file under a temporary name and renames it once it is whole.
pub(crate) fn write_atomically(
    path: &Path,
    write: impl FnOnce(&mut std::io::BufWriter<AtomicWriteFile>) -> std::io::Result<()>,
) -> Result<(), Error> {
    let result = (|| {
        let mut file = std::io::BufWriter::new(AtomicWriteFile::open(path)?);
        write(&mut file)?;
        file.into_inner()
            .map_err(std::io::IntoInnerError::into_error)?
            .commit()
    })();
    result.map_err(Error::io("write", path))
}
