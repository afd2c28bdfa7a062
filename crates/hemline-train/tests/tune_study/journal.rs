//! The journal: damaged, foreign, locked.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use hemline_train::tune::{
    Direction, ExistingJournal, Halving, StopToken, Study, StudyOptions, StudyResult, Trial,
    TuneError, assignment_space, without_times,
};
use tempfile::{TempDir, tempdir};

use crate::objectives::{Descent, options, space};
use crate::torn::{quick_folder, unfinished};

pub(crate) const TRIALS: usize = 9;

pub(crate) fn run(options: StudyOptions) -> Result<StudyResult, TuneError> {
    Study::new(space(), options).run(Descent {
        pause: Duration::ZERO,
    })
}

pub(crate) fn at(journal: &Path) -> StudyOptions {
    options(TRIALS, 2, Some(journal))
}

/// A finished journal in a folder of its own.
fn finished() -> (TempDir, PathBuf, Vec<u8>) {
    let folder = quick_folder();
    let journal = folder.path().join("trials.jsonl");
    run(at(&journal)).unwrap();
    let bytes = fs::read(&journal).unwrap();
    (folder, journal, bytes)
}

#[test]
fn a_damaged_line_is_named_and_the_file_left_alone() {
    let (_folder, journal, whole) = finished();
    let starts: Vec<usize> = std::iter::once(0)
        .chain(
            whole
                .iter()
                .enumerate()
                .filter(|(_, b)| **b == b'\n')
                .map(|(at, _)| at + 1),
        )
        .collect();
    for line in 2..=TRIALS {
        let mut bytes = whole.clone();
        bytes[starts[line - 1] + 40] ^= 1;
        fs::write(&journal, &bytes).unwrap();
        match run(at(&journal)).unwrap_err() {
            TuneError::JournalCorrupt {
                line: found, byte, ..
            } => {
                assert_eq!((found, byte), (line, starts[line - 1]));
            }
            other => panic!("{other}"),
        }
        assert_eq!(fs::read(&journal).unwrap(), bytes);
    }
    // The last line is taken for torn, and run again.
    let mut bytes = whole.clone();
    bytes[starts[TRIALS] + 40] ^= 1;
    fs::write(&journal, &bytes).unwrap();
    run(at(&journal)).unwrap();
    let texts = [whole, fs::read(&journal).unwrap()];
    let [expected, found] = texts.map(|bytes| without_times(&String::from_utf8(bytes).unwrap()));
    assert_eq!(found, expected);
}

#[test]
fn any_flipped_bit_is_an_error_or_harmless() {
    let (_folder, journal, whole) = finished();
    let expected = without_times(&String::from_utf8(whole.clone()).unwrap());
    for at_byte in (0..whole.len()).step_by(7) {
        let mut bytes = whole.clone();
        bytes[at_byte] ^= 1 << (at_byte % 8);
        fs::write(&journal, &bytes).unwrap();
        if run(at(&journal)).is_ok() {
            let found = without_times(&fs::read_to_string(&journal).unwrap());
            assert_eq!(found, expected, "flipped a bit of byte {at_byte}");
        }
    }
}

#[test]
fn other_files_are_refused_and_kept() {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("report.json");
    for text in [
        "{\"accuracy\":0.89}",
        "{\"accuracy\":0.89}\n",
        "\n",
        "\u{0}\u{1}\n",
        "{\"check\":\"\n",
    ] {
        fs::write(&journal, text).unwrap();
        let error = run(at(&journal)).unwrap_err();
        assert!(
            matches!(error, TuneError::NotAJournal { .. }),
            "{text:?}: {error}"
        );
        assert_eq!(fs::read_to_string(&journal).unwrap(), text);
    }
    let missing = folder.path().join("none").join("trials.jsonl");
    assert!(matches!(
        run(at(&missing)),
        Err(TuneError::JournalIo { .. })
    ));
    assert!(matches!(
        run(at(folder.path())),
        Err(TuneError::JournalIo { .. })
    ));
}

#[test]
fn a_journal_resumes_only_its_own_study() {
    let (_folder, journal, whole) = finished();
    let others = [
        (
            "seed",
            StudyOptions {
                seed: 12,
                ..at(&journal)
            },
        ),
        (
            "lag",
            StudyOptions {
                lag: 6,
                ..at(&journal)
            },
        ),
        (
            "direction",
            StudyOptions {
                direction: Direction::Maximise,
                ..at(&journal)
            },
        ),
        (
            "halving",
            StudyOptions {
                halving: Halving::SINGLE,
                ..at(&journal)
            },
        ),
        (
            "identity",
            StudyOptions {
                identity: "other data".to_owned(),
                ..at(&journal)
            },
        ),
        (
            "first",
            StudyOptions {
                first: vec![assignment_space().params_at(&[])],
                ..at(&journal)
            },
        ),
        (
            "sampler",
            StudyOptions {
                sampler: "sobol".parse().unwrap(),
                ..at(&journal)
            },
        ),
    ];
    for (name, options) in others {
        match run(options).unwrap_err() {
            TuneError::JournalMismatch { field, .. } => assert_eq!(field, name),
            other => panic!("{other}"),
        }
        assert_eq!(fs::read(&journal).unwrap(), whole);
    }
    let nothing = |_: &Trial, _: u64, _: &StopToken| Ok(0.0);
    let error = Study::new(assignment_space(), at(&journal)).run(nothing);
    assert!(matches!(error, Err(TuneError::JournalMismatch { field, .. }) if field == "space"));
}

#[test]
fn an_existing_journal_is_resumed_refused_or_replaced() {
    let (_folder, journal, whole) = finished();
    let refuse = StudyOptions {
        existing: ExistingJournal::Refuse,
        ..at(&journal)
    };
    assert!(matches!(run(refuse), Err(TuneError::JournalExists { .. })));
    assert_eq!(fs::read(&journal).unwrap(), whole);
    let seed = 99;
    let replace = StudyOptions {
        existing: ExistingJournal::Replace,
        seed,
        ..at(&journal)
    };
    assert_eq!(run(replace).unwrap().counts().trials, TRIALS);
    run(StudyOptions {
        seed,
        ..at(&journal)
    })
    .unwrap();
}

#[test]
fn two_studies_cannot_share_a_journal() {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("trials.jsonl");
    let inner = journal.clone();
    let objective = move |_: &Trial, _: u64, _: &StopToken| {
        assert!(matches!(
            run(at(&inner)),
            Err(TuneError::JournalLocked { .. })
        ));
        Ok(0.0)
    };
    let result = Study::new(space(), at(&journal)).run(objective).unwrap();
    assert_eq!(result.counts().failed, 0);
}

#[test]
fn a_resumed_trial_that_does_not_repeat_itself_fails() {
    let log = unfinished(TRIALS);
    let folder = tempdir().unwrap();
    let journal = folder.path().join("trials.jsonl");
    // The first trial has been measured at the first rung, and always climbs.
    let lines: Vec<&[u8]> = log.split_inclusive(|byte| *byte == b'\n').collect();
    let first = lines[1..]
        .iter()
        .position(|line| line.windows(10).any(|w| w == b"\"trial\":0,"));
    fs::write(&journal, [lines[0], lines[1 + first.unwrap()]].concat()).unwrap();
    let other = |_: &Trial, budget: u64, _: &StopToken| Ok(budget as f64);
    let result = Study::new(space(), at(&journal)).run(other).unwrap();
    let reason = result.records()[0].failure.clone().unwrap_or_default();
    assert!(reason.contains("at budget 1: recorded score"), "{reason}");
}
