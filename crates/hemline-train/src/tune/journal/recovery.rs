//! Reads what a journal holds, and decides what of it is whole.

use std::path::Path;

use super::header::Header;
use super::{Note, line};
use crate::tune::seeds::training_seed;
use crate::tune::{Space, StudyOptions, TrialRecord, TrialStatus, TuneError};

/// What stands in a journal's bytes.
#[derive(Debug, Default)]
pub(super) struct Recovered {
    /// The last record of each trial, by number.
    pub(super) records: Vec<TrialRecord>,
    /// How many bytes are whole; what follows is torn.
    pub(super) whole: usize,
    /// Whether the records are just one closed one per trial in order.
    pub(super) compact: bool,
    /// The lines that are notes.
    pub(super) notes: Vec<String>,
}

/// Reads a journal. A torn last line is left out: one without its newline, as a killed process leaves,
/// or one that fails its check, as a lost power supply can.
pub(super) fn read(
    path: &Path,
    bytes: &[u8],
    header: &Header,
    space: &Space,
    options: &StudyOptions,
) -> Result<Recovered, TuneError> {
    let budgets = options.halving.budgets();
    let whole_lines = || {
        bytes
            .split_inclusive(|byte| *byte == b'\n')
            .filter(|l| l.ends_with(b"\n"))
    };
    let Some(first) = whole_lines().next() else {
        return begin_again(path, bytes, header);
    };
    header.check(path, &String::from_utf8_lossy(&first[..first.len() - 1]))?;

    let lines = whole_lines().count();
    let mut recovered = Recovered {
        records: Vec::new(),
        whole: first.len(),
        compact: true,
        notes: Vec::new(),
    };
    for (index, raw) in whole_lines().enumerate().skip(1) {
        let known = recovered.records.len();
        let whole = line(raw).and_then(|line| match &line {
            Line::Note(_) => Ok(line),
            Line::Record(record) => fits(record, known, space, &budgets, options).map(|()| line),
        });
        match whole {
            Ok(line) => recovered.keep(line, raw.len()),
            Err(_) if index + 1 == lines && recovered.whole + raw.len() == bytes.len() => break,
            Err(reason) => {
                let (path, byte) = (path.to_owned(), recovered.whole);
                return Err(TuneError::JournalCorrupt {
                    path,
                    line: index + 1,
                    byte,
                    reason,
                });
            }
        }
    }
    recovered.records.sort_by_key(|record| record.trial);
    Ok(recovered)
}

impl Recovered {
    fn keep(&mut self, line: Line, length: usize) {
        self.whole += length;
        let record = match line {
            Line::Note(text) => return self.notes.push(text),
            Line::Record(record) => record,
        };
        self.compact &= record.is_closed() && record.trial == self.records.len();
        match self
            .records
            .iter_mut()
            .find(|known| known.trial == record.trial)
        {
            Some(known) => *known = record,
            None => self.records.push(record),
        }
    }
}

/// No line is whole: the file is empty, or a first line of this very study that was cut short. Anything
/// else is somebody's file without a newline, and must not be overwritten.
fn begin_again(path: &Path, bytes: &[u8], header: &Header) -> Result<Recovered, TuneError> {
    let expected = header.encode()?;
    if expected.as_bytes().starts_with(bytes) {
        return Ok(Recovered {
            compact: true,
            ..Recovered::default()
        });
    }
    let start = &bytes[..bytes.len().min(60)];
    Err(TuneError::NotAJournal {
        path: path.to_owned(),
        expected: "the first line of this study's journal".to_owned(),
        found: format!("{:?}", String::from_utf8_lossy(start)),
    })
}

/// A whole line after the first.
enum Line {
    Record(TrialRecord),
    /// As it stands, newline included.
    Note(String),
}

fn line(raw: &[u8]) -> Result<Line, String> {
    let text = std::str::from_utf8(&raw[..raw.len() - 1]).map_err(|e| e.to_string())?;
    if line::is_note(text) {
        line::decode::<Note>(text)?;
        return Ok(Line::Note(format!("{text}\n")));
    }
    let (mut record, seconds) = line::decode::<TrialRecord>(text)?;
    record.seconds = seconds.ok_or("the line has no time")?;
    Ok(Line::Record(record))
}

/// Whether a record can be one of this study, `known` trials being in the journal before it.
fn fits(
    record: &TrialRecord,
    known: usize,
    space: &Space,
    budgets: &[u64],
    options: &StudyOptions,
) -> Result<(), String> {
    space.check(&record.params).map_err(|e| e.to_string())?;
    if record.trial >= known.saturating_add(options.lag) {
        return Err(format!(
            "trial {} cannot follow {known} others",
            record.trial
        ));
    }
    if record.seed != training_seed(options.seed, record.trial) {
        return Err(format!(
            "seed {} is not that of trial {}",
            record.seed, record.trial
        ));
    }
    let climbed = record
        .rungs
        .iter()
        .map(|rung| rung.budget)
        .eq(budgets.iter().copied().take(record.rungs.len()));
    let (reached, last) = (record.rungs.len(), budgets.len());
    let ended = match record.status {
        TrialStatus::Running | TrialStatus::Pruned => (1..last).contains(&reached),
        TrialStatus::Completed => reached == last,
        TrialStatus::Failed => reached < last && record.failure.is_some(),
    };
    if climbed && ended {
        return Ok(());
    }
    Err(format!(
        "trial {} does not stand on the study's rungs {budgets:?}",
        record.trial
    ))
}
