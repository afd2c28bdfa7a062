//! A file of rows that are computed already.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::PlaneLoss;
use crate::{Error, Grid};

/// What a cache file begins with; the number is that of the format.
const MAGIC: &[u8; 16] = b"hemline grid 1\n\0";

/// The part of it that no other kind of file has.
const KIND: &[u8] = b"hemline grid ";

/// The length of a checksum and of a key.
const HASH: usize = 32;

/// Rows of a grid, each appended with its checksum as soon as it is there.
///
/// A file is [magic, key, rows…] and a row [its index as u64, nx losses as f64, checksum], little endian.
/// The key is a hash of everything that the losses depend on, so rows of another model are never taken. A
/// row that a kill has cut off, or whose checksum does not fit, ends the file.
#[derive(Debug)]
pub(super) struct Cache {
    path: PathBuf,
    file: File,
    key: [u8; HASH],
    rows: Vec<Option<Vec<f64>>>,
}

/// The hash of what the losses at the points of a grid depend on.
pub(super) fn key(loss: &dyn PlaneLoss, grid: &Grid) -> [u8; HASH] {
    let mut hash = Sha256::new();
    let mut text = |text: &str| {
        hash.update((text.len() as u64).to_le_bytes());
        hash.update(text);
    };
    text(env!("CARGO_PKG_VERSION"));
    text(&loss.identity());
    let plane = loss.plane();
    let [first, second] = plane.directions();
    for values in [plane.origin(), first, second, grid.x(), grid.y()] {
        hash.update((values.len() as u64).to_le_bytes());
        for value in values {
            hash.update(value.to_le_bytes());
        }
    }
    hash.finalize().into()
}

impl Cache {
    /// Opens or makes the file and reads the rows that are of this key.
    pub(super) fn open(path: &Path, key: &[u8; HASH], [nx, ny]: [usize; 2]) -> Result<Self, Error> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(path)
            .map_err(Error::io("open the cache", path))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let path = path.to_owned();
                return Err(Error::CacheLocked { path });
            }
            Err(TryLockError::Error(source)) => {
                return Err(Error::io("lock the cache", path)(source));
            }
        }
        let mut cache = Self {
            path: path.to_owned(),
            file,
            key: *key,
            rows: vec![None; ny],
        };
        if !cache
            .is_cache()
            .map_err(Error::io("read the cache", path))?
        {
            let path = path.to_owned();
            return Err(Error::NotACache { path });
        }
        let good = cache.read(nx).map_err(Error::io("read the cache", path))?;
        cache
            .cut(good)
            .map_err(Error::io("write the cache", path))?;
        Ok(cache)
    }

    /// The rows that were in the file.
    pub(super) fn take_rows(&mut self) -> Vec<Option<Vec<f64>>> {
        std::mem::take(&mut self.rows)
    }

    /// Whether the file may be overwritten: it is a cache, or the beginning of one, or empty.
    fn is_cache(&mut self) -> std::io::Result<bool> {
        let mut start = Vec::new();
        (&mut self.file)
            .take(KIND.len() as u64)
            .read_to_end(&mut start)?;
        self.file.rewind()?;
        Ok(KIND.starts_with(&start))
    }

    /// Reads rows until the first that is not whole; returns how many bytes of the file are good.
    fn read(&mut self, nx: usize) -> std::io::Result<u64> {
        let mut header = [0; MAGIC.len() + HASH];
        if !read_whole(&mut self.file, &mut header)?
            || !header.starts_with(MAGIC)
            || header[MAGIC.len()..] != self.key
        {
            return Ok(0);
        }
        let mut good = header.len() as u64;
        let mut record = vec![0; 8 + 8 * nx + HASH];
        while read_whole(&mut self.file, &mut record)? {
            let (content, checksum) = record.split_at(record.len() - HASH);
            if self.checksum(content) != checksum {
                break;
            }
            let mut numbers = content.as_chunks::<8>().0.iter();
            let row = numbers.next().map(|bytes| u64::from_le_bytes(*bytes));
            let row = row.and_then(|row| usize::try_from(row).ok());
            let Some(slot) = row.and_then(|row| self.rows.get_mut(row)) else {
                break;
            };
            *slot = Some(numbers.map(|bytes| f64::from_le_bytes(*bytes)).collect());
            good += record.len() as u64;
        }
        Ok(good)
    }

    /// Cuts off what is not good, begins a new file if nothing is, and goes to the end.
    fn cut(&mut self, good: u64) -> std::io::Result<()> {
        self.file.set_len(good)?;
        self.file.seek(SeekFrom::Start(good))?;
        if good == 0 {
            self.file
                .write_all(&[MAGIC.as_slice(), &self.key].concat())?;
        }
        Ok(())
    }

    /// Appends a row.
    pub(super) fn write(&mut self, row: usize, losses: &[f64]) -> Result<(), Error> {
        let mut record = (row as u64).to_le_bytes().to_vec();
        record.extend(losses.iter().flat_map(|loss| loss.to_le_bytes()));
        let checksum = self.checksum(&record);
        record.extend(checksum);
        self.file
            .write_all(&record)
            .map_err(Error::io("write the cache", &self.path))
    }

    /// A row's checksum, which holds for this file's key alone.
    fn checksum(&self, content: &[u8]) -> [u8; HASH] {
        let mut hash = Sha256::new();
        hash.update(self.key);
        hash.update(content);
        hash.finalize().into()
    }
}

impl Drop for Cache {
    fn drop(&mut self) {
        // Closing the file is not enough: a process that another thread is just starting holds a copy of
        // it, and with it the lock, until it has become its own program.
        let _ = self.file.unlock();
    }
}

/// Fills the buffer, or says that the file ended before.
fn read_whole(file: &mut File, buffer: &mut [u8]) -> std::io::Result<bool> {
    match file.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}
