//! One training loop for every model and every device, and the search over its settings.
//!
//! [`fit`] drives anything that implements [`Step`]: take a batch, update, return the loss. The
//! implementation for burn is [`BurnStep`]: any `Module`, a loss closure and an [`OptimizerConfig`],
//! on whatever device the model lives on. [`DataParallelStep`] shares each of its batches between
//! several devices. [`DenseStep`] computes the same on the host's cores for dense layers, faster. The
//! loop knows neither the model nor where its batches come from; a closure hands it the minibatches of
//! one epoch, drawn from a generator it supplies.
//!
//! # What the loop promises
//!
//! - The same seed gives the same bits. Every random draw of a run comes from a ChaCha8 generator
//!   that is a pure function of the seed, the purpose and the epoch or iteration ([`generator`]).
//! - A run that is stopped and resumed from its [`CheckpointConfig`] file ends in the same bits as
//!   the run that was never stopped, in the middle of an epoch too.
//! - The loss of every iteration is kept ([`History`]); none of them is ever non-finite, since the
//!   first that is ends the run with [`Error::Diverged`].
//! - Nothing is printed. A run is watched through an [`Observer`].
//!
//! [`tune`] searches the settings of such runs: spaces, samplers, successive halving, a journal.
//! [`fleet`] shares such work between devices and machines, and outlives the loss of one.
//!
//! # Example
//!
//! A straight line, fitted to four points by gradient descent:
//!
//! ```
//! use burn::module::{Module, Param};
//! use burn::tensor::{Device, Tensor};
//! use hemline_train::{BurnStep, FitConfig, OptimizerConfig, fit};
//!
//! #[derive(Module, Debug)]
//! struct Line {
//!     weight: Param<Tensor<2>>,
//!     bias: Param<Tensor<1>>,
//! }
//!
//! let device = Device::flex().autodiff();
//! let line = Line {
//!     weight: Param::from_data([[0.0]], &device),
//!     bias: Param::from_data([0.0], &device),
//! };
//! let x = Tensor::<2>::from_data([[0.0], [1.0], [2.0], [3.0]], &device);
//! let y = Tensor::<2>::from_data([[1.0], [3.0], [5.0], [7.0]], &device);
//!
//! let learner = BurnStep::new(line, &OptimizerConfig::sgd(0.9), 0.0, |line: &Line, (x, y), _| {
//!     let predicted = x * line.weight.val() + line.bias.val().unsqueeze();
//!     let residual: Tensor<2> = predicted - y;
//!     residual.powi_scalar(2).mean()
//! });
//! let config = FitConfig::new(100, 0.02);
//! // One batch of four points an epoch; no validation; nobody watches.
//! let batches = |_: &mut _| vec![(x.clone(), y.clone())].into_iter();
//! let fitted = fit(learner, batches, |_| Ok(None), &config, &mut ())?;
//! assert!(fitted.history.last_losses(1)[0].loss < 1e-3);
//! # Ok::<(), hemline_train::Error>(())
//! ```

mod burn_step;
mod checkpoint;
mod config;
mod data_parallel_step;
mod dense;
mod early_stopping;
mod error;
mod fit;
pub mod fleet;
mod history;
mod observer;
mod optimizer;
mod random;
mod reduction;
mod schedule;
mod shard;
mod snapshot;
mod step;
mod training;
pub mod tune;

pub use burn_step::BurnStep;
pub use checkpoint::CheckpointConfig;
pub use config::FitConfig;
pub use data_parallel_step::DataParallelStep;
pub use dense::{
    DenseActivation, DenseBatch, DenseInputs, DenseLayer, DenseLoss, DenseNorm, DenseRows,
    DenseStep, DenseTargets,
};
pub use early_stopping::EarlyStopping;
pub use error::{BoxedError, Error, panic_message};
pub use fit::{Fitted, StopReason, fit};
pub use history::{EpochRecord, History, IterationRecord, Metrics};
pub use observer::{Observer, Plan};
pub use optimizer::{OptimizerConfig, WeightDecayTargets};
pub use random::{Purpose, generator};
pub use reduction::Reduction;
pub use schedule::{Schedule, ScheduleShape};
pub use shard::Shard;
pub use snapshot::Snapshot;
pub use step::{Step, StepContext};
pub use training::Training;
