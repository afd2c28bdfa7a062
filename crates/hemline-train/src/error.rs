//! Everything that can go wrong while training, one variant for each kind of cause.

use std::any::Any;
use std::path::PathBuf;

/// An error of the caller's own, from a validation closure or a custom [`Step`](crate::Step).
pub type BoxedError = Box<dyn std::error::Error + Send + Sync>;

/// What went wrong, where, what was expected and what was found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting is outside its domain.
    #[error("{field} must be {expected}, found {found}")]
    InvalidConfig {
        /// The setting.
        field: &'static str,
        /// Its domain.
        expected: &'static str,
        /// The value given.
        found: String,
    },

    /// The closure that makes minibatches made none.
    #[error("epoch {epoch} has no minibatch: the training set is empty")]
    NoBatches {
        /// The epoch, counted from 0.
        epoch: usize,
    },

    /// The number of minibatches changed from one epoch to the next.
    #[error("epoch {epoch} has {found} minibatches, expected {expected} as in the first epoch")]
    BatchCountChanged {
        /// The epoch, counted from 0.
        epoch: usize,
        /// The number of minibatches of the first epoch.
        expected: usize,
        /// The number of minibatches of this one.
        found: usize,
    },

    /// A minibatch does not have the size that the learner takes.
    #[error("a minibatch must have {expected}, found {found}")]
    Batch {
        /// The numbers that the learner takes.
        expected: String,
        /// The numbers found.
        found: String,
    },

    /// The loss is not a finite number.
    #[error(
        "the loss is {loss} at epoch {epoch}, iteration {iteration} (learning rate {learning_rate}); \
         {}", describe_checkpoint(.checkpoint)
    )]
    Diverged {
        /// The loss: NaN or infinite.
        loss: f64,
        /// The epoch, counted from 0.
        epoch: usize,
        /// The iteration since the start of the run, counted from 0.
        iteration: usize,
        /// The learning rate of that iteration.
        learning_rate: f64,
        /// The last good checkpoint, if one was written.
        checkpoint: Option<PathBuf>,
    },

    /// A parameter is not finite, so the state is not worth keeping.
    #[error("parameter {name} holds a value that is not finite")]
    NonFiniteParameter {
        /// The path of the parameter in its module.
        name: String,
    },

    /// The device could not run or read an operation.
    #[error("the device failed while {action}: {message}")]
    Device {
        /// What was being done.
        action: &'static str,
        /// The device's own words.
        message: String,
    },

    /// The thread of a shard panicked, or could not be started.
    #[error("shard {shard} of the minibatch was not computed: {message}")]
    Shard {
        /// The shard, counted from 0.
        shard: usize,
        /// The message of the panic, or of the system.
        message: String,
    },

    /// A file could not be read or written.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// What was being done.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },

    /// A checkpoint is damaged.
    #[error("checkpoint {} is damaged: expected {expected}, found {found}", path.display())]
    CorruptCheckpoint {
        /// The file.
        path: PathBuf,
        /// What stands there in a good file.
        expected: String,
        /// What stands there in this one.
        found: String,
    },

    /// A checkpoint belongs to another run.
    #[error(
        "checkpoint {} belongs to another run: {field} is {found} there and {expected} here",
        path.display()
    )]
    ForeignCheckpoint {
        /// The file.
        path: PathBuf,
        /// The setting that differs.
        field: &'static str,
        /// The value of this run.
        expected: String,
        /// The value in the checkpoint.
        found: String,
    },

    /// The state in a checkpoint or snapshot does not fit the model or the optimizer.
    #[error("cannot restore the {part}: {message}")]
    Restore {
        /// The part that does not fit: "model" or "optimizer".
        part: &'static str,
        /// How it does not fit.
        message: String,
    },

    /// Early stopping was asked for, but nothing was measured to stop by.
    #[error("early stopping needs a validation loss, and epoch {epoch} has none")]
    NothingToValidate {
        /// The epoch, counted from 0.
        epoch: usize,
    },

    /// The caller's validation closure failed.
    #[error("validation failed after epoch {epoch}")]
    Validation {
        /// The epoch, counted from 0.
        epoch: usize,
        /// The closure's error.
        source: BoxedError,
    },

    /// A search went wrong.
    #[error(transparent)]
    Tune(#[from] crate::tune::TuneError),

    /// Work that was shared between places went wrong.
    #[error(transparent)]
    Fleet(#[from] crate::fleet::FleetError),
}

impl Error {
    /// An [`Error::Io`] for `path`, to be given to `map_err`.
    pub(crate) fn io(
        action: &'static str,
        path: &std::path::Path,
    ) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io {
            action,
            path,
            source,
        }
    }
}

fn describe_checkpoint(checkpoint: &Option<PathBuf>) -> String {
    match checkpoint {
        Some(path) => format!("the last good checkpoint is {}", path.display()),
        None => "no checkpoint was written".to_owned(),
    }
}

/// What a panic said, from what `catch_unwind` or the joining of its thread gives.
///
/// burn panics where a device fails in the middle of a step.
///
/// ```
/// let panic = std::panic::catch_unwind(|| panic!("no room for {}", -3)).unwrap_err();
/// assert_eq!(hemline_train::panic_message(&*panic), "no room for -3");
/// ```
pub fn panic_message(payload: &(dyn Any + Send)) -> &str {
    let owned = || payload.downcast_ref::<String>().map(String::as_str);
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(owned)
        .unwrap_or("without a message")
}
