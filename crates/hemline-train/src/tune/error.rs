//! What can go wrong with a search as a whole; a trial that fails is a result, not an error.

use std::path::PathBuf;

use super::Value;

/// The error of an external library, kept as it came.
type Source = Box<dyn std::error::Error + Send + Sync>;

/// Why a space, a study or its journal could not be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TuneError {
    /// A space needs at least one dimension.
    #[error("the search space has no dimension; expected at least one")]
    EmptySpace,
    /// Two dimensions share a name.
    #[error("dimension `{name}` is declared twice; names must be unique")]
    DuplicateDimension {
        /// The name that occurs twice.
        name: String,
    },
    /// A dimension's own description is not usable.
    #[error("dimension `{name}`: expected {expected}, found {found}")]
    InvalidDimension {
        /// The dimension.
        name: String,
        /// What a valid dimension has there.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// A conditional dimension names a parent that is not declared before it.
    #[error("dimension `{name}` depends on `{parent}`, which is not declared before it")]
    UnknownParent {
        /// The conditional dimension.
        name: String,
        /// The parent it asks for.
        parent: String,
    },
    /// A conditional dimension waits for a value that its parent can never take.
    #[error("dimension `{name}` is active when `{parent}` is {value}, which `{parent}` never is")]
    UnreachableCondition {
        /// The conditional dimension.
        name: String,
        /// Its parent.
        parent: String,
        /// The impossible value.
        value: Value,
    },
    /// A parameter was asked for that this trial does not have.
    #[error("no parameter `{name}` in this trial; it has: {known}")]
    ParamAbsent {
        /// The name asked for.
        name: String,
        /// The names that exist, comma-separated.
        known: String,
    },
    /// A parameter has another type than was asked for.
    #[error("parameter `{name}`: expected {expected}, found {found}")]
    ParamType {
        /// The parameter.
        name: String,
        /// The type asked for.
        expected: &'static str,
        /// The value it has.
        found: Value,
    },
    /// A set of parameters is not a point of the space.
    #[error("parameter `{name}` is not a point of the space: expected {expected}, found {found}")]
    ParamOutsideSpace {
        /// The parameter.
        name: String,
        /// What the space allows.
        expected: String,
        /// What the point has.
        found: String,
    },
    /// An option of the study is out of its range.
    #[error("study option `{option}`: expected {expected}, found {found}")]
    InvalidOption {
        /// The option's name.
        option: &'static str,
        /// Its range.
        expected: &'static str,
        /// What was given.
        found: String,
    },
    /// The grid has fewer points than the study asks for.
    #[error("the grid has {points} points; trial {trial} (numbered from 0) is past its end")]
    GridExhausted {
        /// Points in the grid.
        points: usize,
        /// The trial that has no point.
        trial: usize,
    },
    /// The Sobol tables end before this trial or dimension.
    #[error("the Sobol sequence has {limit} {what}; {found} were asked for")]
    SobolExhausted {
        /// Which limit: points or dimensions.
        what: &'static str,
        /// The limit.
        limit: usize,
        /// What was asked for.
        found: usize,
    },
    /// The Parzen estimator refused an observation.
    #[error("the Parzen estimator of dimension `{dimension}` failed")]
    Estimator {
        /// The dimension.
        dimension: String,
        /// The estimator's own error.
        source: Source,
    },
    /// No trial could be run: no place is open, or there is no thread to be had.
    #[error(transparent)]
    Fleet(#[from] crate::fleet::FleetError),
    /// Reading or writing the journal failed.
    #[error("could not {action} the journal {}", path.display())]
    JournalIo {
        /// The journal.
        path: PathBuf,
        /// What was being done.
        action: &'static str,
        /// The system's error.
        source: std::io::Error,
    },
    /// A record could not be written as JSON.
    #[error("could not encode a record of the study as JSON")]
    Encode {
        /// The encoder's error.
        source: serde_json::Error,
    },
    /// Another process has the journal open.
    #[error("the journal {} is in use by another process", path.display())]
    JournalLocked {
        /// The journal.
        path: PathBuf,
    },
    /// A journal exists where a new one was asked for.
    #[error("the journal {} exists; resume it, replace it, or choose another name", path.display())]
    JournalExists {
        /// The journal.
        path: PathBuf,
    },
    /// The file is something else; it is left as it was.
    #[error("{} is not a journal of this format: expected {expected}, found {found}", path.display())]
    NotAJournal {
        /// The file.
        path: PathBuf,
        /// What the first line of a journal holds.
        expected: String,
        /// What it holds instead.
        found: String,
    },
    /// The journal belongs to a study with other settings.
    #[error("the journal {} is of another study: `{field}` is {found} there and {expected} here", path.display())]
    JournalMismatch {
        /// The journal.
        path: PathBuf,
        /// The setting that differs.
        field: String,
        /// This study's setting.
        expected: String,
        /// The journal's setting.
        found: String,
    },
    /// A line that is not the last one is damaged. The file is left as it was.
    #[error("the journal {} is damaged at line {line}, byte {byte}: {reason}", path.display())]
    JournalCorrupt {
        /// The journal.
        path: PathBuf,
        /// The line, counted from 1.
        line: usize,
        /// The offset of the line's first byte in the file.
        byte: usize,
        /// What is wrong with it.
        reason: String,
    },
    /// Importances need more trials than the study has.
    #[error("importance needs at least {needed} scored trials, found {found}")]
    TooFewTrials {
        /// The least number.
        needed: usize,
        /// Scored trials in the study.
        found: usize,
    },
    /// Every trial has the same score, so no parameter can explain a difference.
    #[error("all {trials} scored trials have the same score; importance is undefined")]
    ConstantScores {
        /// Scored trials in the study.
        trials: usize,
    },
    /// The forest that estimates the importances could not be fitted.
    #[error("could not fit the forest for the importances")]
    Forest {
        /// The forest's own error.
        source: Source,
    },
    /// A trial run again gave another score than the one on record.
    #[error("trial {trial} at budget {budget}: recorded score {recorded}, run again {found}")]
    NotReproducible {
        /// The trial.
        trial: usize,
        /// The budget at which the scores part.
        budget: u64,
        /// The score on record.
        recorded: f64,
        /// The score of the repetition.
        found: f64,
    },
    /// A trial on record failed when it was run again.
    #[error("trial {trial} failed when it was run again: {reason}")]
    ReplayFailed {
        /// The trial.
        trial: usize,
        /// Its failure.
        reason: String,
    },
}
