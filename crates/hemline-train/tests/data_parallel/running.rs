//! Whole runs through `fit`: they train, resume, and repeat themselves to the bit.

use hemline_train::{CheckpointConfig, Error, FitConfig, History, OptimizerConfig, Schedule, fit};

use super::support::{self, StopAfter};
use super::{learner, sharded};

type State = (History, (Vec<f64>, Vec<f64>));

fn config() -> FitConfig {
    FitConfig::new(6, 0.1)
        .with_seed(5)
        .with_schedule(Schedule::cosine(0.01))
}

/// Ten points in batches of four, in shards of `shard` points: the last batch has two points.
fn run(config: &FitConfig, count: usize, shard: usize, stop: usize) -> Result<State, Error> {
    let learner = learner(OptimizerConfig::adam(), count);
    let batches = sharded(4, shard);
    let fitted = fit(learner, batches, |_| Ok(None), config, &mut StopAfter(stop))?;
    Ok((fitted.history, fitted.learner.module().values()))
}

#[test]
fn a_line_is_learnt_by_two_devices() {
    let config = FitConfig::new(60, 0.1).with_schedule(Schedule::cosine(0.0));
    let fitted = fit(
        learner(OptimizerConfig::sgd(0.9), 2),
        sharded(4, 2),
        |_| Ok(None),
        &config,
        &mut (),
    )
    .unwrap();
    let losses = fitted.history.epochs.iter().map(|epoch| epoch.train_loss);
    let losses: Vec<f64> = losses.collect();
    assert!(losses[59] < 0.05 * losses[0], "{losses:?}");
}

#[test]
fn one_device_gives_the_bits_of_the_plain_step() {
    let plain = fit(
        support::learner(OptimizerConfig::adam()),
        support::batches(4),
        |_| Ok(None),
        &config(),
        &mut (),
    )
    .unwrap();
    let plain = (plain.history, plain.learner.module().values());
    // The loss is noisy, so that the generator must be the same too.
    assert_eq!(run(&config(), 1, 4, usize::MAX).unwrap(), plain);
    // Neither do devices count that are given no shard.
    assert_eq!(run(&config(), 3, 4, usize::MAX).unwrap(), plain);
}

#[test]
fn a_seed_fixes_every_bit_for_any_number_of_devices() {
    for (count, shard) in [(2, 3), (4, 1)] {
        let first = run(&config(), count, shard, usize::MAX).unwrap();
        for _ in 0..5 {
            assert_eq!(run(&config(), count, shard, usize::MAX).unwrap(), first);
        }
    }
}

#[test]
fn a_stop_at_any_iteration_changes_no_bit() {
    let folder = tempfile::tempdir().unwrap();
    let whole = run(&config(), 2, 3, usize::MAX).unwrap();
    for stop in 1..whole.0.iterations.len() {
        let checkpoint = CheckpointConfig::new(folder.path().join("run")).every_iterations(1);
        let first = config().with_checkpoint(checkpoint.clone());
        run(&first, 2, 3, stop).unwrap();
        let second = config().with_checkpoint(checkpoint.resume(true));
        let resumed = run(&second, 2, 3, usize::MAX).unwrap();
        assert_eq!(resumed, whole, "stopped after {stop}");
    }
}
