//! `kill -9` at a hundred random moments.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use hemline_train::tune::{Study, without_times};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use tempfile::tempdir;

use crate::objectives::{descent, options, space};

/// Names the journal to the child, which does nothing without it.
const JOURNAL: &str = "HEMLINE_TUNE_TEST_JOURNAL";
const TRIALS: usize = 18;
const MOMENTS: usize = 100;

/// The process that is killed: this test binary, running this test alone.
#[test]
fn child_study() {
    if let Some(journal) = std::env::var_os(JOURNAL) {
        Study::new(space(), options(TRIALS, 3, Some(Path::new(&journal))))
            .run(descent())
            .unwrap();
    }
}

#[test]
fn a_study_killed_at_a_hundred_random_moments_ends_in_the_same_bytes() {
    let folder = tempdir().unwrap();
    let begun = Instant::now();
    let expected = {
        let journal = folder.path().join("whole.jsonl");
        let status = child(&journal).wait().unwrap();
        assert!(status.success());
        without_times(&fs::read_to_string(journal).unwrap())
    };
    let whole = begun.elapsed();

    let mut generator = ChaCha8Rng::seed_from_u64(1);
    let (mut interrupted, mut begun_again) = (0, 0);
    let mut journal = folder.path().join("0.jsonl");
    for moment in 0..MOMENTS {
        let mut child = child(&journal);
        std::thread::sleep(generator.random_range(Duration::ZERO..whole));
        child.kill().unwrap();
        child.wait().unwrap();
        let so_far = fs::read_to_string(&journal).unwrap_or_default();
        if without_times(&so_far) != expected {
            interrupted += 1;
        }
        // A study is killed several times over before it is let through to its end.
        if moment % 4 == 3 {
            let workers = 1 + moment % 8;
            Study::new(space(), options(TRIALS, workers, Some(&journal)))
                .run(descent())
                .unwrap();
            assert_eq!(
                without_times(&fs::read_to_string(&journal).unwrap()),
                expected
            );
            journal = folder.path().join(format!("{moment}.jsonl"));
            begun_again += 1;
        }
    }
    assert_eq!(begun_again, MOMENTS / 4);
    assert!(
        interrupted > MOMENTS / 4,
        "only {interrupted} kills came before the end"
    );
}

fn child(journal: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "kill::child_study"])
        .env(JOURNAL, journal)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}
