//! Hyper-parameter search: spaces, samplers, successive halving, parallel trials, and a journal.
//!
//! [`hyperparam_tuning`] is the whole of it in one call; [`Study`] takes an observer or a sampler of
//! one's own. What a study promises, and what it rests on:
//!
//! - **The same seed gives the same trials and scores, bit for bit, with 1 worker or 8.** A trial's
//!   seed depends on the study's seed and its number. What it may know of other trials depends on their
//!   numbers, never on who finished first: the sampler sees the trials at least `lag` behind, halving
//!   the earlier trials at the same rung.
//! - **A failing trial is a failed trial.** A panic, an error, a score that is not finite and a missed
//!   deadline close one trial, with the reason on record. A hung worker is left behind. What no library
//!   can contain is an abort of the process (a stack overflow, memory that runs out); then the journal
//!   holds what was finished.
//! - **A study can be interrupted and extended.** The journal survives a kill at any byte; on resuming,
//!   what is missing is run again, to the same bits. The first N trials of a longer study are the study
//!   of N trials, for every sampler (a grid up to its end, a Sobol sequence up to 65,536 points) and
//!   with or without halving.
//! - **Trials can run on several devices and machines** ([`Study::run_on`]). A place that is lost or hangs
//!   loses no trial, and the journal says what happened to it.
//! - **The best trial can be had back.** [`replay`] trains it again with its own seed and checks the
//!   score to the last bit.
//!
//! Out of scope: several objectives at once, and constraints between dimensions.

mod engine;
mod error;
mod halving;
mod hyperparam_tuning;
mod journal;
mod objective;
mod observer;
mod options;
mod ranking;
mod replay;
mod samplers;
mod seeds;
mod space;
mod study;
mod summary;
mod trial;

pub use self::error::TuneError;
pub use self::halving::Halving;
pub use self::hyperparam_tuning::hyperparam_tuning;
pub use self::journal::without_times;
pub use self::objective::{Objective, ObjectiveError, Stretch};
pub use self::observer::{StudyEvent, StudyObserver};
pub use self::options::{ExistingJournal, StudyOptions};
pub use self::ranking::Direction;
pub use self::replay::replay;
pub use self::samplers::{Grid, Random, SampleRequest, Sampler, SamplerChoice, Sobol, TreeParzen};
pub use self::space::{Condition, Dimension, Params, Space, Value, ValueRange, assignment_space};
pub use self::study::Study;
pub use self::summary::{
    Axis, DimensionImportance, Importance, ParallelCoordinates, ParallelLine, StudyResult,
    TrialCounts,
};
pub use self::trial::{RungScore, Trial, TrialRecord, TrialStatus};
pub use crate::fleet::StopToken;
