//! The first line of a journal: which study it belongs to.

use std::path::Path;

use serde::{Deserialize, Serialize};

use super::line;
use crate::tune::{Direction, Halving, Params, Sampler, Space, StudyOptions, TuneError};

const FORMAT: &str = "hemline-tune";
const VERSION: u32 = 1;

/// Everything that decides what a study's trials are and score. The number of trials, the workers and
/// the deadline are not part of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    journal: String,
    version: u32,
    seed: u64,
    identity: String,
    direction: Direction,
    lag: usize,
    halving: Halving,
    sampler: serde_json::Value,
    first: Vec<Params>,
    space: Space,
}

/// What every version of the format has.
#[derive(Deserialize)]
struct Signature {
    journal: String,
    version: u32,
}

impl Header {
    pub(crate) fn new(space: &Space, sampler: &dyn Sampler, options: &StudyOptions) -> Self {
        Self {
            journal: FORMAT.to_owned(),
            version: VERSION,
            seed: options.seed,
            identity: options.identity.clone(),
            direction: options.direction,
            lag: options.lag,
            halving: options.halving,
            sampler: sampler.description(),
            first: options.first.clone(),
            space: space.clone(),
        }
    }

    pub(super) fn encode(&self) -> Result<String, TuneError> {
        line::encode(self, None)
    }

    /// Reads the first line of `path` and compares it with this study's.
    pub(super) fn check(&self, path: &Path, first: &str) -> Result<(), TuneError> {
        let foreign = |found: String| TuneError::NotAJournal {
            path: path.to_owned(),
            expected: format!("{FORMAT}, version {VERSION}"),
            found,
        };
        let (signature, _) = line::decode::<Signature>(first).map_err(foreign)?;
        if signature.journal != FORMAT || signature.version != VERSION {
            return Err(foreign(format!(
                "{}, version {}",
                signature.journal, signature.version
            )));
        }
        let (found, _) = line::decode::<Self>(first).map_err(foreign)?;
        if found == *self {
            return Ok(());
        }
        let (ours, theirs) = (self.fields()?, found.fields()?);
        let differing = ours
            .iter()
            .find(|(name, value)| theirs.get(*name) != Some(*value));
        let (field, expected) = differing.map_or(("first line", String::new()), |(name, value)| {
            (name.as_str(), value.to_string())
        });
        Err(TuneError::JournalMismatch {
            path: path.to_owned(),
            field: field.to_owned(),
            expected,
            found: theirs
                .get(field)
                .map_or_else(String::new, ToString::to_string),
        })
    }

    fn fields(&self) -> Result<serde_json::Map<String, serde_json::Value>, TuneError> {
        match serde_json::to_value(self).map_err(|source| TuneError::Encode { source })? {
            serde_json::Value::Object(fields) => Ok(fields),
            _ => Ok(serde_json::Map::new()),
        }
    }
}
