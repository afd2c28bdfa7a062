//! What a trial does wrong stays its own affair.

use std::sync::mpsc::channel;
use std::time::{Duration, Instant};

use hemline_train::tune::{
    Dimension, Space, StopToken, Study, StudyEvent, StudyOptions, Trial, TrialStatus, TuneError,
    hyperparam_tuning,
};

fn line() -> Space {
    Space::new(vec![Dimension::linear("x", 0.0, 1.0)]).unwrap()
}

fn eight(workers: usize) -> StudyOptions {
    StudyOptions {
        trials: 8,
        workers,
        ..StudyOptions::default()
    }
}

#[test]
fn panics_errors_and_non_finite_scores_fail_one_trial_each() {
    for workers in [1, 3, 8] {
        let objective = |trial: &Trial, _: u64, _: &StopToken| match trial.number {
            1 => panic!("shapes {} and {} differ", 3, 4),
            2 => Ok(f64::NAN),
            3 => Ok(f64::NEG_INFINITY),
            4 => Err("the disk is full".into()),
            5 => std::panic::panic_any(5),
            _ => Ok(trial.params.float("x")?),
        };
        let result = hyperparam_tuning(line(), eight(workers), objective).unwrap();
        let counts = result.counts();
        assert_eq!((counts.trials, counts.completed, counts.failed), (8, 3, 5));
        let reason = |trial: usize| result.records()[trial].failure.clone().unwrap();
        assert_eq!(reason(1), "panicked: shapes 3 and 4 differ");
        assert_eq!(
            reason(2),
            "the score at budget 1 is NaN, which is not finite"
        );
        assert_eq!(
            reason(3),
            "the score at budget 1 is -inf, which is not finite"
        );
        assert_eq!(reason(4), "the disk is full");
        assert_eq!(reason(5), "panicked: without a message");
        let table = result.table();
        assert!(
            table[..3]
                .iter()
                .all(|record| record.status == TrialStatus::Completed)
        );
        assert!(
            table[3..]
                .iter()
                .all(|record| record.status == TrialStatus::Failed)
        );
        assert_eq!(result.best().map(|best| best.trial), Some(table[0].trial));
    }
}

#[test]
fn a_study_of_failures_has_no_best_trial() {
    let nothing = |_: &Trial, _: u64, _: &StopToken| Err("never".into());
    let result = hyperparam_tuning(line(), eight(2), nothing).unwrap();
    assert!(result.best().is_none());
    assert!(matches!(
        result.importance(),
        Err(TuneError::TooFewTrials { found: 0, .. })
    ));
}

#[test]
fn a_hung_trial_fails_and_the_study_goes_on() {
    for workers in [1, 2] {
        // The receiver hangs for as long as the sender lives, deaf to the stop token.
        let (sender, receiver) = channel::<()>();
        let receiver = std::sync::Mutex::new(receiver);
        let objective = move |trial: &Trial, _: u64, stop: &StopToken| {
            if trial.number == 2 {
                let _ = receiver.lock().unwrap().recv();
            }
            while trial.number == 4 && !stop.should_stop() {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(trial.params.float("x")?)
        };
        let options = StudyOptions {
            deadline: Some(Duration::from_millis(200)),
            grace: Duration::from_millis(50),
            ..eight(workers)
        };
        let begun = Instant::now();
        let result = hyperparam_tuning(line(), options, objective).unwrap();
        assert!(
            begun.elapsed() < Duration::from_secs(5),
            "the study waited for the hung worker"
        );
        let failed = |trial: usize| result.records()[trial].failure.clone();
        assert_eq!(
            failed(2).unwrap(),
            "did not answer after its deadline of 200ms"
        );
        assert_eq!(failed(4).unwrap(), "exceeded its deadline of 200ms");
        assert_eq!(result.counts().completed, 6);
        drop(sender);
    }
}

#[test]
fn the_observer_hears_of_every_trial() {
    let (mut begun, mut ended, mut finished) = (0, 0, false);
    let observer = |event: &StudyEvent<'_>| match event {
        StudyEvent::TrialStarted(_) => begun += 1,
        StudyEvent::TrialUpdated(record) => ended += usize::from(record.is_closed()),
        StudyEvent::Finished => finished = true,
        _ => {}
    };
    let objective = |trial: &Trial, _: u64, _: &StopToken| Ok(trial.params.float("x")?);
    Study::new(line(), eight(3))
        .observer(observer)
        .run(objective)
        .unwrap();
    assert_eq!((begun, ended, finished), (8, 8, true));
}

#[test]
fn options_out_of_range_are_named() {
    let broken = [
        (
            "trials",
            StudyOptions {
                trials: 0,
                ..eight(1)
            },
        ),
        ("workers", eight(0)),
        ("lag", StudyOptions { lag: 0, ..eight(1) }),
        (
            "deadline",
            StudyOptions {
                deadline: Some(Duration::ZERO),
                ..eight(1)
            },
        ),
    ];
    for (name, options) in broken {
        let error = hyperparam_tuning(line(), options, |_: &Trial, _: u64, _: &StopToken| Ok(0.0));
        let error = error.unwrap_err().to_string();
        assert!(error.contains(&format!("`{name}`")), "{error}");
    }
    let grid = StudyOptions {
        sampler: "grid".parse().unwrap(),
        ..eight(1)
    };
    let error = hyperparam_tuning(line(), grid, |_: &Trial, _: u64, _: &StopToken| Ok(0.0));
    assert!(matches!(
        error,
        Err(TuneError::GridExhausted {
            points: 4,
            trial: 4
        })
    ));
}
