//! What a run leaves behind: its numbers for other programs, its losses for a person.

use std::io::Write;
use std::path::Path;

use anyhow::Context;
use atomic_write_file::AtomicWriteFile;
use hemline_data::Provenance;
use hemline_train::IterationRecord;
use serde::Serialize;

/// Which data a run used, and how many images of them for what.
#[derive(Debug, Serialize)]
pub(crate) struct DataReport {
    #[serde(flatten)]
    pub(crate) provenance: Provenance,
    pub(crate) train: usize,
    pub(crate) validation: usize,
    pub(crate) test: usize,
}

/// Writes `value` as JSON, under a temporary name until it is whole.
pub(crate) fn write_json(path: &Path, value: &impl Serialize) -> anyhow::Result<()> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    write_text(path, &text)
}

/// Writes `text` under a temporary name until it is whole.
pub(crate) fn write_text(path: &Path, text: &str) -> anyhow::Result<()> {
    AtomicWriteFile::open(path)
        .and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.commit()
        })
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Prints the losses in columns, newest last.
pub(crate) fn print_losses(records: &[IterationRecord]) {
    println!("Training loss of the last {} iterations:", records.len());
    let rows = records.len().div_ceil(2);
    for row in 0..rows {
        let cells = [records.get(row), records.get(row + rows)]
            .into_iter()
            .flatten();
        let cells =
            cells.map(|r| format!("  iteration {:>6}  loss {:.6}", r.iteration + 1, r.loss));
        println!("{}", cells.collect::<Vec<_>>().join("    "));
    }
}
