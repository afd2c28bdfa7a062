//! The journal on disk: an append-only log of trial records that survives a kill at any byte.
//!
//! The first line names the study. Every other line is the whole record of one trial as it then stood,
//! with a check of itself; the last line of a trial counts. Notes about the run may stand between them. Each line is written and flushed to the
//! device before the study goes on, in the order in which results come in, so a kill loses at most the
//! stretches that are running. When the last trial has closed, the log is replaced in one step by its
//! compact form, one line per trial in order, which is the same for every run of the study, times aside,
//! and the notes after them.

mod header;
mod line;
mod lock;
mod recovery;

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use atomic_write_file::AtomicWriteFile;
use serde::{Deserialize, Serialize};

pub(crate) use self::header::Header;
pub use self::line::without_times;
use self::lock::Lock;
use super::{ExistingJournal, Space, StudyOptions, TrialRecord, TuneError};

/// A line that is not about a trial.
#[derive(Debug, Serialize, Deserialize)]
struct Note {
    note: String,
}

/// An open journal; it is locked against other processes until it is dropped.
#[derive(Debug)]
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    header: Header,
    compact: bool,
    /// Whole lines.
    notes: Vec<String>,
    /// In a file of its own, because compaction replaces the journal's.
    _lock: Lock,
}

impl Journal {
    /// Opens or creates the journal at `path`, drops a torn last line, and returns the records it
    /// holds, by trial number.
    pub(crate) fn open(
        path: &Path,
        header: Header,
        space: &Space,
        options: &StudyOptions,
    ) -> Result<(Self, Vec<TrialRecord>), TuneError> {
        let failed = |action| {
            move |source| TuneError::JournalIo {
                path: path.to_owned(),
                action,
                source,
            }
        };
        let lock = Lock::take(path)?;
        let mut file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(failed("open"))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(failed("read"))?;
        match options.existing {
            ExistingJournal::Refuse if !bytes.is_empty() => {
                return Err(TuneError::JournalExists {
                    path: path.to_owned(),
                });
            }
            ExistingJournal::Replace => bytes.clear(),
            ExistingJournal::Refuse | ExistingJournal::Resume => {}
        }
        let recovered = recovery::read(path, &bytes, &header, space, options)?;
        file.set_len(recovered.whole as u64)
            .map_err(failed("truncate"))?;
        file.seek(SeekFrom::End(0)).map_err(failed("read"))?;
        let (compact, notes) = (recovered.compact, recovered.notes);
        let mut journal = Self {
            path: path.to_owned(),
            file,
            header,
            compact,
            notes,
            _lock: lock,
        };
        if recovered.whole == 0 {
            let first = journal.header.encode()?;
            journal.write(&first)?;
        }
        Ok((journal, recovered.records))
    }

    /// Appends a record and waits until the device has it.
    pub(crate) fn append(&mut self, record: &TrialRecord) -> Result<(), TuneError> {
        self.compact = false;
        self.write(&line::encode(record, Some(record.seconds))?)
    }

    /// Appends a note about the run, `seconds` after its start.
    pub(crate) fn note(&mut self, note: &str, seconds: f64) -> Result<(), TuneError> {
        let note = note.to_owned();
        let line = line::encode(&Note { note }, Some(seconds))?;
        self.write(&line)?;
        self.notes.push(line);
        Ok(())
    }

    /// Replaces the log by its compact form, in one step.
    pub(crate) fn finish(self, records: &[TrialRecord]) -> Result<(), TuneError> {
        if self.compact {
            return Ok(());
        }
        let failed = |source| TuneError::JournalIo {
            path: self.path.clone(),
            action: "replace",
            source,
        };
        let mut text = self.header.encode()?;
        for record in records {
            text.push_str(&line::encode(record, Some(record.seconds))?);
        }
        text.extend(self.notes);
        drop(self.file);
        let mut file = AtomicWriteFile::open(&self.path).map_err(failed)?;
        file.write_all(text.as_bytes()).map_err(failed)?;
        file.commit().map_err(failed)
    }

    fn write(&mut self, line: &str) -> Result<(), TuneError> {
        let written = self
            .file
            .write_all(line.as_bytes())
            .and_then(|()| self.file.sync_data());
        written.map_err(|source| TuneError::JournalIo {
            path: self.path.clone(),
            action: "write",
            source,
        })
    }
}
