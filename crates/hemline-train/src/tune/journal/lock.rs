//! Keeps a journal to one process at a time.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;

use crate::tune::TuneError;

/// Holds `.<name>.lock` beside the journal until it is dropped. The file stays, as removing it would let
/// two processes hold locks of the same name; the lock ends with its process, however that ends.
#[derive(Debug)]
pub(super) struct Lock(File);

impl Lock {
    pub(super) fn take(journal: &Path) -> Result<Self, TuneError> {
        let path = || journal.to_owned();
        let failed = |source| TuneError::JournalIo {
            path: path(),
            action: "lock",
            source,
        };
        let name = journal.file_name().unwrap_or_default().to_string_lossy();
        let file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(journal.with_file_name(format!(".{name}.lock")))
            .map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Self(file)),
            Err(TryLockError::WouldBlock) => Err(TuneError::JournalLocked { path: path() }),
            Err(TryLockError::Error(source)) => Err(failed(source)),
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that another thread is just starting holds a copy of
        // it, and with it the lock, until it has become its own program.
        let _ = self.0.unlock();
    }
}
