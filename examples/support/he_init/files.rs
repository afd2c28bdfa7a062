//! Text files that are there whole or not at all.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use atomic_write_file::AtomicWriteFile;

/// Writes `text` under a temporary name until it is whole.
pub(crate) fn write(path: &Path, text: &str) -> anyhow::Result<()> {
    AtomicWriteFile::open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.commit()
        })
        .with_context(|| format!("cannot write {}", path.display()))
}
