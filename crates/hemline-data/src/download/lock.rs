//! One download at a time, across threads and processes.

use crate::{Error, Event, Observer};
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a waiting process asks again.
const POLL: Duration = Duration::from_millis(50);

/// Holds the folder's lock until the returned file is dropped; the operating system releases it
/// too when the process ends. The lock file stays, because removing it would race with its next
/// user.
pub(super) fn hold(
    folder: &Path,
    at_most: Duration,
    observer: &mut dyn Observer,
) -> Result<File, Error> {
    let path = folder.join(".lock");
    let failed = |source| Error::Io {
        path: path.clone(),
        action: "lock",
        source,
    };
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(failed)?;
    let start = Instant::now();
    let mut told = false;
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::Error(source)) => return Err(failed(source)),
            Err(TryLockError::WouldBlock) if start.elapsed() >= at_most => {
                return Err(Error::Locked {
                    path,
                    seconds: at_most.as_secs(),
                });
            }
            Err(TryLockError::WouldBlock) => {
                if !told {
                    observer.on_event(Event::Waiting {
                        lock: &path,
                        at_most,
                    });
                    told = true;
                }
                std::thread::sleep(POLL);
            }
        }
    }
}
