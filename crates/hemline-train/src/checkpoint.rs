//! A run on disk: everything that it takes to go on bit by bit, with a checksum over all of it.
//!
//! Layout, integers little-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | `HEMLINE` and the version, 1 |
//! | 8 | length h of the header |
//! | h | the header, JSON: settings, progress, epochs, section lengths |
//! | 8·losses | the loss of every iteration so far, f64 |
//! | learner | the learner's [`Snapshot`](crate::Snapshot) |
//! | best | the best epoch's snapshot, where early stopping keeps one |
//! | 32 | SHA-256 of everything before it |

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::early_stopping::Best;
use crate::history::write_atomically;
use crate::{EpochRecord, Error, FitConfig};

const MAGIC: [u8; 8] = *b"HEMLINE\x01";
const DIGEST_BYTES: usize = 32;

/// Where and how often to keep a checkpoint, and whether to start from the one that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckpointConfig {
    /// The file. It is written under a temporary name and renamed, so it is always whole.
    pub path: PathBuf,
    /// How many iterations lie between two checkpoints; `None` for one after every epoch. The end
    /// of an epoch is always kept.
    pub every_iterations: Option<usize>,
    /// Whether to go on from the file where it exists. Where it does not, the run starts afresh.
    pub resume: bool,
}

impl CheckpointConfig {
    /// A checkpoint after every epoch, which a new run overwrites.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            every_iterations: None,
            resume: false,
        }
    }

    /// Also keeps one every `count` iterations.
    pub fn every_iterations(mut self, count: usize) -> Self {
        self.every_iterations = Some(count);
        self
    }

    /// Goes on from the file where it exists.
    pub fn resume(mut self, resume: bool) -> Self {
        self.resume = resume;
        self
    }
}

/// The state of a run between two iterations.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Checkpoint {
    pub(crate) config: FitConfig,
    pub(crate) iterations_per_epoch: usize,
    pub(crate) losses: Vec<f64>,
    pub(crate) epochs: Vec<EpochRecord>,
    pub(crate) learner: Vec<u8>,
    pub(crate) best: Option<Best>,
}

#[derive(Serialize, Deserialize)]
struct Header {
    config: FitConfig,
    iterations_per_epoch: usize,
    iterations: usize,
    epochs: Vec<EpochRecord>,
    learner_bytes: usize,
    best: Option<BestHeader>,
}

#[derive(Serialize, Deserialize)]
struct BestHeader {
    epoch: usize,
    loss: f64,
    bytes: usize,
}

impl Checkpoint {
    pub(crate) fn write(&self, path: &Path) -> Result<(), Error> {
        let header = Header {
            config: self.config.clone(),
            iterations_per_epoch: self.iterations_per_epoch,
            iterations: self.losses.len(),
            epochs: self.epochs.clone(),
            learner_bytes: self.learner.len(),
            best: self.best.as_ref().map(|best| BestHeader {
                epoch: best.epoch,
                loss: best.loss,
                bytes: best.state.len(),
            }),
        };
        let mut bytes = MAGIC.to_vec();
        let header = serde_json::to_vec(&header)
            .map_err(|error| Error::io("write", path)(std::io::Error::from(error)))?;
        bytes.extend_from_slice(&(header.len() as u64).to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend(self.losses.iter().flat_map(|loss| loss.to_le_bytes()));
        bytes.extend_from_slice(&self.learner);
        if let Some(best) = &self.best {
            bytes.extend_from_slice(&best.state);
        }
        let digest = Sha256::digest(&bytes);
        write_atomically(path, |file| {
            file.write_all(&bytes)?;
            file.write_all(&digest)
        })
    }

    /// The checkpoint in `path`, or `None` where there is no such file.
    pub(crate) fn read(path: &Path) -> Result<Option<Self>, Error> {
        let bytes = match std::fs::read(path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(Error::io("read", path)(error)),
        };
        Self::parse(&bytes)
            .map(Some)
            .map_err(|(expected, found)| Error::CorruptCheckpoint {
                path: path.to_path_buf(),
                expected,
                found,
            })
    }

    /// Parses a whole file. The error says what was expected and what was found.
    fn parse(bytes: &[u8]) -> Result<Self, (String, String)> {
        let too_short = || {
            (
                String::from("a whole file"),
                format!("only {} bytes", bytes.len()),
            )
        };
        let (content, digest) = bytes
            .split_last_chunk::<DIGEST_BYTES>()
            .ok_or_else(too_short)?;
        let (magic, rest) = content.split_first_chunk::<8>().ok_or_else(too_short)?;
        if *magic != MAGIC {
            return Err((
                format!("it to begin with {MAGIC:02x?}"),
                format!("{magic:02x?}"),
            ));
        }
        let computed = Sha256::digest(content);
        if computed[..] != digest[..] {
            return Err((format!("SHA-256 {}", hex(digest)), hex(&computed)));
        }
        let (length, rest) = rest.split_first_chunk::<8>().ok_or_else(too_short)?;
        let mut rest = rest;
        let header = take(&mut rest, usize::try_from(u64::from_le_bytes(*length)).ok())?;
        let header: Header = serde_json::from_slice(header)
            .map_err(|error| (String::from("a readable header"), error.to_string()))?;
        let losses = take(&mut rest, header.iterations.checked_mul(8))?;
        let learner = take(&mut rest, Some(header.learner_bytes))?.to_vec();
        let best = match header.best {
            Some(BestHeader { epoch, loss, bytes }) => Some(Best {
                epoch,
                loss,
                state: take(&mut rest, Some(bytes))?.to_vec(),
            }),
            None => None,
        };
        if !rest.is_empty() {
            return Err((
                String::from("nothing after the state"),
                format!("{} bytes", rest.len()),
            ));
        }
        let (losses, _) = losses.as_chunks::<8>();
        Ok(Self {
            config: header.config,
            iterations_per_epoch: header.iterations_per_epoch,
            losses: losses
                .iter()
                .map(|bytes| f64::from_le_bytes(*bytes))
                .collect(),
            epochs: header.epochs,
            learner,
            best,
        })
    }

    /// Checks that this is a checkpoint of the run with the given settings.
    pub(crate) fn check_run(
        &self,
        path: &Path,
        config: &FitConfig,
        iterations_per_epoch: usize,
    ) -> Result<(), Error> {
        let theirs = &self.config;
        let fields: [(&'static str, String, String); 7] = [
            (
                "epochs",
                config.epochs.to_string(),
                theirs.epochs.to_string(),
            ),
            (
                "learning_rate",
                config.learning_rate.to_string(),
                theirs.learning_rate.to_string(),
            ),
            ("seed", config.seed.to_string(), theirs.seed.to_string()),
            (
                "schedule",
                format!("{:?}", config.schedule),
                format!("{:?}", theirs.schedule),
            ),
            (
                "early_stopping",
                format!("{:?}", config.early_stopping),
                format!("{:?}", theirs.early_stopping),
            ),
            ("identity", config.identity.clone(), theirs.identity.clone()),
            (
                "the number of minibatches in an epoch",
                iterations_per_epoch.to_string(),
                self.iterations_per_epoch.to_string(),
            ),
        ];
        match fields
            .into_iter()
            .find(|(_, expected, found)| expected != found)
        {
            None => Ok(()),
            Some((field, expected, found)) => Err(Error::ForeignCheckpoint {
                path: path.to_path_buf(),
                field,
                expected,
                found,
            }),
        }
    }
}

/// Takes `length` bytes off the front.
fn take<'a>(rest: &mut &'a [u8], length: Option<usize>) -> Result<&'a [u8], (String, String)> {
    match length.and_then(|length| rest.split_at_checked(length)) {
        Some((front, back)) => {
            *rest = back;
            Ok(front)
        }
        None => Err((
            format!("a section of {length:?} bytes"),
            format!("{} bytes", rest.len()),
        )),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
