//! The same seed gives the same study: for any number of workers, and at any length.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use hemline_train::tune::{
    Halving, SamplerChoice, StopToken, Study, StudyOptions, StudyResult, Trial, TrialStatus,
    TuneError, assignment_space, replay, without_times,
};
use tempfile::tempdir;

use crate::objectives::{descent, options, space};

const SAMPLERS: [&str; 4] = ["grid", "random", "sobol", "tree_parzen"];

fn with_sampler(name: &str, options: StudyOptions) -> StudyOptions {
    StudyOptions {
        sampler: name.parse().unwrap(),
        ..options
    }
}

/// Runs the study and returns its journal without the times.
fn journal_of(options: StudyOptions) -> (String, StudyResult) {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("trials.jsonl");
    let options = StudyOptions {
        journal: Some(journal.clone()),
        ..options
    };
    let result = Study::new(space(), options).run(descent()).unwrap();
    (without_times(&fs::read_to_string(journal).unwrap()), result)
}

#[test]
fn one_worker_and_eight_write_the_same_journal() {
    for sampler in SAMPLERS {
        for halving in [
            Halving::new(1, 9, 3).unwrap(),
            Halving::unpruned(4).unwrap(),
        ] {
            let study = |workers| {
                journal_of(with_sampler(
                    sampler,
                    StudyOptions {
                        halving,
                        ..options(26, workers, None)
                    },
                ))
            };
            let (one, result) = study(1);
            let counts = result.counts();
            assert_eq!(counts.trials, 26);
            assert_eq!(counts.pruned > 0, halving.budgets().len() > 1, "{counts:?}");
            assert!(counts.failed > 0 && counts.completed > 0, "{counts:?}");
            assert_eq!(one.lines().count(), 27);
            assert_eq!(one, study(2).0, "{sampler}");
            assert_eq!(one, study(8).0, "{sampler}");
        }
    }
}

#[test]
fn a_longer_study_begins_as_the_shorter_one() {
    for sampler in SAMPLERS {
        let (long, _) = journal_of(with_sampler(sampler, options(23, 2, None)));
        for trials in [1, 4, 10, 17] {
            let (short, _) = journal_of(with_sampler(sampler, options(trials, 3, None)));
            assert!(long.starts_with(&short), "{sampler}, {trials} trials");
        }
    }
}

#[test]
fn a_finished_study_can_be_extended_and_finished_trials_are_not_run_again() {
    let folder = tempdir().unwrap();
    let journal = folder.path().join("trials.jsonl");
    let mut last = String::new();
    for trials in [7, 8, 20, 20, 3] {
        Study::new(space(), options(trials, 2, Some(&journal)))
            .run(descent())
            .unwrap();
        let now = without_times(&fs::read_to_string(&journal).unwrap());
        assert!(now.starts_with(&last), "extending rewrote a finished trial");
        last = now;
    }
    assert_eq!(last, journal_of(options(20, 1, None)).0);

    let unused = |_: &Trial, _: u64, _: &StopToken| panic!("nothing is left to run");
    let before = fs::read(&journal).unwrap();
    let result = Study::new(space(), options(20, 2, Some(&journal)))
        .run(unused)
        .unwrap();
    assert_eq!(result.counts().trials, 20);
    assert_eq!(fs::read(&journal).unwrap(), before);
}

#[test]
fn another_seed_is_another_study() {
    let (one, _) = journal_of(options(6, 2, None));
    let (other, _) = journal_of(StudyOptions {
        seed: 12,
        ..options(6, 2, None)
    });
    assert_ne!(one.lines().nth(1), other.lines().nth(1));
}

#[test]
fn the_best_trial_can_be_had_back_and_a_changed_objective_is_noticed() {
    let (_, result) = journal_of(options(20, 2, None));
    let best = result.best().unwrap();
    assert_eq!(best.status, TrialStatus::Completed);
    let (loss, _) = replay(&descent(), best).unwrap();
    assert_eq!(Some(loss), best.score());

    let other = |_: &Trial, _: u64, _: &StopToken| Ok(0.5);
    let error = replay(&other, best).unwrap_err();
    assert!(matches!(error, TuneError::ReplayFailed { .. }), "{error}");
    assert!(error.to_string().contains("recorded score"), "{error}");
}

#[test]
fn the_parzen_sampler_sees_only_trials_that_lie_a_lag_behind() {
    // Scores depend on the order of calls, as they would if the sampler looked at the clock.
    static CALLS: AtomicUsize = AtomicUsize::new(0);
    let by_call =
        |_: &Trial, _: u64, _: &StopToken| Ok(CALLS.fetch_add(1, Ordering::Relaxed) as f64);
    let options = StudyOptions {
        trials: 16,
        workers: 4,
        lag: 8,
        ..StudyOptions::default()
    };
    let run = || {
        Study::new(assignment_space(), options.clone())
            .run(by_call)
            .unwrap()
    };
    let params = |result: &StudyResult, count: usize| {
        let records = &result.records()[..count];
        records
            .iter()
            .map(|record| record.params.clone())
            .collect::<Vec<_>>()
    };
    // Startup is 8 trials, so trial 15 is the first whose history is long enough: 0 to 7.
    assert_eq!(params(&run(), 15), params(&run(), 15));
    assert_eq!(SamplerChoice::default(), "tree_parzen".parse().unwrap());
}
