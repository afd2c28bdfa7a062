//! Writes a whole file or none.

use std::io::Write as _;
use std::path::Path;

use atomic_write_file::AtomicWriteFile;

use crate::error::PlotError;

/// Writes `bytes` to a temporary name and renames it to `path`.
pub(crate) fn write(path: &Path, bytes: &[u8]) -> Result<(), PlotError> {
    let attempt = || {
        let mut file = AtomicWriteFile::open(path)?;
        file.write_all(bytes)?;
        file.commit()
    };
    attempt().map_err(|source| PlotError::Write {
        path: path.to_owned(),
        source,
    })
}
