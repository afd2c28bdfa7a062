//! A run that is stopped and resumed ends in the bits of the run that was not, and a damaged file is
//! refused.

mod support;

use std::path::Path;

use hemline_train::{
    CheckpointConfig, EarlyStopping, EpochRecord, Error, FitConfig, History, OptimizerConfig,
    Schedule, Snapshot, fit,
};
use support::{StopAfter, batches, learner, validate};

const EPOCHS: usize = 4;
/// Ten points in batches of three make four batches.
const ITERATIONS: usize = EPOCHS * 4;

fn config() -> FitConfig {
    FitConfig::new(EPOCHS, 0.1)
        .with_seed(11)
        .with_schedule(Schedule::cosine(0.01).with_warmup(0.2, 0.1))
        .with_early_stopping(EarlyStopping::new(EPOCHS))
}

type State = (History, (Vec<f64>, Vec<f64>));

fn run(optimizer: OptimizerConfig, config: &FitConfig, stop: usize) -> Result<State, Error> {
    let mut observer = StopAfter(stop);
    let fitted = fit(
        learner(optimizer),
        batches(3),
        validate,
        config,
        &mut observer,
    )?;
    Ok((fitted.history, fitted.learner.module().values()))
}

#[test]
fn a_stop_at_any_iteration_changes_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let optimizers = [
        OptimizerConfig::sgd(0.0),
        OptimizerConfig::Sgd {
            momentum: 0.9,
            nesterov: true,
        },
        OptimizerConfig::adam(),
        OptimizerConfig::adamw(),
    ];
    for (number, optimizer) in optimizers.into_iter().enumerate() {
        let whole = run(optimizer, &config(), usize::MAX).unwrap();
        assert_eq!(whole.0.iterations.len(), ITERATIONS);
        for stop in 1..=ITERATIONS {
            for every in [1, 3] {
                let path = folder.path().join(format!("{number}-{stop}-{every}"));
                let checkpoint = CheckpointConfig::new(&path).every_iterations(every);
                let first = config().with_checkpoint(checkpoint.clone());
                run(optimizer, &first, stop).unwrap();
                let second = config().with_checkpoint(checkpoint.resume(true));
                let resumed = run(optimizer, &second, usize::MAX).unwrap();
                assert_eq!(
                    resumed, whole,
                    "{optimizer:?}, stopped after {stop}, kept every {every}"
                );
            }
        }
    }
}

#[test]
fn resuming_a_finished_run_gives_it_again() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = CheckpointConfig::new(folder.path().join("run")).resume(true);
    let config = config().with_checkpoint(checkpoint);
    let first = run(OptimizerConfig::adam(), &config, usize::MAX).unwrap();
    // The second run computes no step, or this would stop it.
    assert_eq!(run(OptimizerConfig::adam(), &config, 1).unwrap(), first);
}

#[test]
fn an_early_stop_is_still_a_stop_after_a_resume() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let run = || {
        let mut config = FitConfig::new(30, 0.1).with_early_stopping(EarlyStopping::new(2));
        config.checkpoint = Some(CheckpointConfig::new(&path).resume(true));
        let mut calls = 0;
        let rising = |_: &_| {
            calls += 1;
            let loss = f64::from(calls);
            Ok(Some(hemline_train::Metrics {
                loss,
                accuracy: None,
            }))
        };
        fit(
            learner(OptimizerConfig::adam()),
            batches(3),
            rising,
            &config,
            &mut (),
        )
        .unwrap()
        .history
    };
    let first = run();
    assert_eq!(first.epochs.len(), 3);
    assert_eq!(run(), first);
}

#[test]
fn a_run_with_other_settings_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let checkpoint = CheckpointConfig::new(folder.path().join("run")).resume(true);
    run(
        OptimizerConfig::adam(),
        &config().with_checkpoint(checkpoint.clone()),
        7,
    )
    .unwrap();
    let others = [
        (
            "epochs",
            FitConfig {
                epochs: 5,
                ..config()
            },
        ),
        (
            "learning_rate",
            FitConfig {
                learning_rate: 0.2,
                ..config()
            },
        ),
        ("seed", config().with_seed(12)),
        ("identity", config().with_identity("other data")),
        ("schedule", config().with_schedule(Schedule::constant())),
        (
            "early_stopping",
            FitConfig {
                early_stopping: None,
                ..config()
            },
        ),
    ];
    for (name, other) in others {
        let other = other.with_checkpoint(checkpoint.clone());
        let error = run(OptimizerConfig::adam(), &other, usize::MAX).unwrap_err();
        assert!(
            matches!(&error, Error::ForeignCheckpoint { field, .. } if *field == name),
            "{error}"
        );
    }
    // Another optimizer keeps other tensors.
    let same = config().with_checkpoint(checkpoint);
    let error = run(OptimizerConfig::sgd(0.9), &same, usize::MAX).unwrap_err();
    assert!(
        matches!(
            error,
            Error::Restore {
                part: "optimizer",
                ..
            }
        ),
        "{error}"
    );
}

fn damaged(path: &Path) -> Error {
    let config = config().with_checkpoint(CheckpointConfig::new(path).resume(true));
    run(OptimizerConfig::adam(), &config, usize::MAX).expect_err("a damaged checkpoint is refused")
}

#[test]
fn every_flipped_byte_and_every_truncation_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let written = config().with_checkpoint(CheckpointConfig::new(&path));
    run(OptimizerConfig::adam(), &written, 7).unwrap();
    let good = std::fs::read(&path).unwrap();
    for position in 0..good.len() {
        let mut bytes = good.clone();
        bytes[position] ^= 0x10;
        std::fs::write(&path, &bytes).unwrap();
        let error = damaged(&path);
        assert!(
            matches!(error, Error::CorruptCheckpoint { .. }),
            "byte {position}: {error}"
        );
    }
    for length in (0..good.len()).step_by(7) {
        std::fs::write(&path, &good[..length]).unwrap();
        let error = damaged(&path);
        assert!(
            matches!(error, Error::CorruptCheckpoint { .. }),
            "{length} bytes: {error}"
        );
    }
}

#[test]
fn divergence_names_the_last_good_checkpoint() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("run");
    let config =
        FitConfig::new(1000, 1e3).with_checkpoint(CheckpointConfig::new(&path).every_iterations(1));
    let error = run(OptimizerConfig::sgd(0.9), &config, usize::MAX).unwrap_err();
    let Error::Diverged {
        checkpoint: Some(named),
        iteration,
        ..
    } = &error
    else {
        panic!("{error}");
    };
    assert_eq!(named, &path);
    assert!(*iteration > 1);
    assert!(error.to_string().contains(&path.display().to_string()));
}

#[test]
fn a_snapshot_of_another_model_is_refused() {
    let state = learner(OptimizerConfig::adam()).snapshot().unwrap();
    for wrong in [&state[..3], &state[..state.len() / 2], b"", &[0xff; 64]] {
        let mut target = learner(OptimizerConfig::adam());
        assert!(target.restore(wrong).is_err());
    }
}

#[test]
fn history_is_written_with_every_digit() {
    let folder = tempfile::tempdir().unwrap();
    let (history, _) = run(OptimizerConfig::adam(), &config(), usize::MAX).unwrap();
    let csv = folder.path().join("history.csv");
    history.write_csv(&csv).unwrap();
    let text = std::fs::read_to_string(&csv).unwrap();
    let mut lines = text.lines();
    let header = "iteration,epoch,learning_rate,loss,validation_loss,validation_accuracy";
    assert_eq!(lines.next(), Some(header));
    for (line, record) in lines.by_ref().zip(&history.iterations) {
        let fields: Vec<&str> = line.split(',').collect();
        assert_eq!(fields.len(), 6, "{line}");
        assert_eq!(fields[0].parse(), Ok(record.iteration));
        assert_eq!(fields[3].parse(), Ok(record.loss));
        let ends_epoch = (record.iteration + 1) % 4 == 0;
        let validation = history.epochs[record.epoch].validation.unwrap();
        assert_eq!(
            fields[4].parse().ok(),
            ends_epoch.then_some(validation.loss)
        );
    }
    assert_eq!(text.lines().count(), 1 + ITERATIONS);

    let jsonl = folder.path().join("epochs.jsonl");
    history.write_jsonl(&jsonl).unwrap();
    let text = std::fs::read_to_string(&jsonl).unwrap();
    let epochs: Vec<EpochRecord> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(epochs, history.epochs);

    let error = history
        .write_csv(folder.path().join("no/such/folder"))
        .unwrap_err();
    assert!(matches!(
        error,
        Error::Io {
            action: "write",
            ..
        }
    ));
}
