//! Journals cut short: at any byte, and again while they are being resumed.

use std::fs;
use std::time::Duration;

use hemline_train::tune::{
    Params, SampleRequest, Sampler, SamplerChoice, Study, StudyEvent, TuneError, without_times,
};
use tempfile::{TempDir, tempdir, tempdir_in};

use crate::journal::{TRIALS, at, run};
use crate::objectives::{Descent, descent, options, space};

/// The log of an unfinished study: what the last append left, before compaction.
pub(crate) fn unfinished(trials: usize) -> Vec<u8> {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("trials.jsonl");
    let mut last = Vec::new();
    let observer = |event: &StudyEvent<'_>| {
        if !matches!(event, StudyEvent::Finished) {
            last = fs::read(&journal).unwrap();
        }
    };
    let objective = Descent {
        pause: Duration::from_micros(200),
    };
    let study = Study::new(space(), options(trials, 2, Some(&journal)));
    study.observer(observer).run(objective).unwrap();
    let lines = last.iter().filter(|byte| **byte == b'\n').count();
    assert!(lines > trials + 1, "no rung was logged by itself");
    last
}

/// A folder in memory where there is one, as flushing to a disk takes milliseconds each time.
pub(crate) fn quick_folder() -> TempDir {
    tempdir_in("/dev/shm").or_else(|_| tempdir()).unwrap()
}

#[test]
fn a_journal_cut_at_any_byte_resumes_to_the_same_bytes() {
    const FEW: usize = 5;
    let folder = quick_folder();
    let journal = folder.path().join("trials.jsonl");
    let study = || {
        run(options(FEW, 2, Some(&journal))).unwrap();
        fs::read_to_string(&journal).unwrap()
    };
    let whole = study();
    let expected = without_times(&whole);
    for bytes in [whole.into_bytes(), unfinished(FEW)] {
        for length in 0..=bytes.len() {
            fs::write(&journal, &bytes[..length]).unwrap();
            let found = without_times(&study());
            assert_eq!(
                found,
                expected,
                "cut after {length} of {} bytes",
                bytes.len()
            );
        }
    }
}

/// A sampler that fails at one trial, and the study with it, as a kill would end it.
#[derive(Debug)]
struct StopsAt(usize);

impl Sampler for StopsAt {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        if request.trial >= self.0 {
            return Err(TuneError::EmptySpace);
        }
        SamplerChoice::default().sample(request)
    }

    fn description(&self) -> serde_json::Value {
        SamplerChoice::default().description()
    }
}

#[test]
fn a_cut_journal_that_is_interrupted_again_still_resumes() {
    let folder = quick_folder();
    let journal = folder.path().join("trials.jsonl");
    run(at(&journal)).unwrap();
    let whole = fs::read(&journal).unwrap();
    let expected = without_times(&fs::read_to_string(&journal).unwrap());
    for length in (0..whole.len()).step_by(23) {
        fs::write(&journal, &whole[..length]).unwrap();
        let stopped = Study::new(space(), at(&journal))
            .sampler(StopsAt(TRIALS - 1))
            .run(descent());
        assert!(matches!(stopped, Err(TuneError::EmptySpace)) || length > whole.len() / 2);
        run(at(&journal)).unwrap();
        let found = without_times(&fs::read_to_string(&journal).unwrap());
        assert_eq!(
            found,
            expected,
            "cut after {length} of {} bytes",
            whole.len()
        );
    }
}
