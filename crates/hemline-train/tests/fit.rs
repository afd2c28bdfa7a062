//! The loop: what it keeps, when it stops, and that a seed fixes every bit.

mod support;

use std::ops::ControlFlow;

use hemline_train::{
    EarlyStopping, EpochRecord, Error, FitConfig, IterationRecord, Metrics, Observer,
    OptimizerConfig, Plan, Schedule, StopReason, fit,
};
use support::{batches, learner, points, validate};

#[test]
fn a_line_is_learnt_and_every_iteration_is_kept() {
    let config = FitConfig::new(60, 0.1).with_schedule(Schedule::cosine(0.0));
    let fitted = fit(
        learner(OptimizerConfig::sgd(0.9)),
        batches(4),
        validate,
        &config,
        &mut (),
    )
    .unwrap();
    // Ten points in batches of four: the last batch of an epoch has two and is not dropped.
    assert_eq!(fitted.history.iterations.len(), 60 * 3);
    assert_eq!(fitted.history.epochs.len(), 60);
    assert!(
        fitted
            .history
            .iterations
            .iter()
            .enumerate()
            .all(|(i, record)| record.iteration == i)
    );
    assert_eq!(fitted.stop, StopReason::Completed);

    // The least-squares line through the points, in closed form.
    let n = points().len() as f64;
    let mean_x = points().iter().map(|p| p.0).sum::<f64>() / n;
    let mean_y = points().iter().map(|p| p.1).sum::<f64>() / n;
    let covariance: f64 = points()
        .iter()
        .map(|p| (p.0 - mean_x) * (p.1 - mean_y))
        .sum();
    let variance: f64 = points().iter().map(|p| (p.0 - mean_x).powi(2)).sum();
    let slope = covariance / variance;
    let (weight, bias) = fitted.learner.module().values();
    assert!(
        (weight[0] - slope).abs() < 0.05,
        "{} for {slope}",
        weight[0]
    );
    assert!((bias[0] - (mean_y - slope * mean_x)).abs() < 0.05);
}

#[test]
fn the_same_seed_gives_the_same_bits_and_another_seed_others() {
    let losses = |seed| {
        let config = FitConfig::new(5, 0.1).with_seed(seed);
        let fitted = fit(
            learner(OptimizerConfig::adam()),
            batches(3),
            validate,
            &config,
            &mut (),
        );
        fitted.unwrap().history
    };
    assert_eq!(losses(1), losses(1));
    assert_ne!(losses(1), losses(2));
}

#[test]
fn a_thread_beside_it_does_not_change_a_bit() {
    let run = || {
        let config = FitConfig::new(20, 0.1);
        fit(
            learner(OptimizerConfig::adam()),
            batches(3),
            validate,
            &config,
            &mut (),
        )
        .unwrap()
        .history
    };
    let alone = run();
    let together: Vec<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4).map(|_| scope.spawn(run)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().unwrap())
            .collect()
    });
    assert!(together.iter().all(|history| *history == alone));
}

#[test]
fn early_stopping_restores_the_best_epoch() {
    // The validation loss falls until epoch 3 and rises from then on.
    let mut epoch = 0;
    let mut weights = Vec::new();
    let config = FitConfig::new(50, 0.05).with_early_stopping(EarlyStopping::new(4));
    let fitted = fit(
        learner(OptimizerConfig::sgd(0.9)),
        batches(5),
        |step| {
            weights.push(step.module().values());
            epoch += 1;
            Ok(Some(Metrics {
                loss: (f64::from(epoch) - 4.0).abs(),
                accuracy: None,
            }))
        },
        &config,
        &mut (),
    )
    .unwrap();
    assert_eq!(fitted.stop, StopReason::EarlyStopping);
    assert_eq!(fitted.best_epoch, Some(3));
    assert_eq!(
        fitted.history.epochs.len(),
        8,
        "four epochs of patience after epoch 3"
    );
    assert_eq!(fitted.learner.module().values(), weights[3]);
    assert_ne!(weights[3], weights[7]);
}

#[test]
fn early_stopping_without_a_validation_loss_is_an_error() {
    let config = FitConfig::new(3, 0.1).with_early_stopping(EarlyStopping::new(1));
    let result = fit(
        learner(OptimizerConfig::sgd(0.0)),
        batches(5),
        |_| Ok(None),
        &config,
        &mut (),
    );
    assert!(matches!(result, Err(Error::NothingToValidate { epoch: 0 })));
}

#[test]
fn a_diverging_run_ends_with_the_place_where_it_did() {
    let config = FitConfig::new(1000, 1e6);
    let error = fit(
        learner(OptimizerConfig::sgd(0.9)),
        batches(5),
        validate,
        &config,
        &mut (),
    )
    .map(|fitted| fitted.history.iterations.len())
    .unwrap_err();
    let Error::Diverged {
        loss,
        epoch,
        iteration,
        learning_rate,
        checkpoint,
    } = &error
    else {
        panic!("{error}");
    };
    assert!(!loss.is_finite());
    assert_eq!(*epoch, iteration / 2);
    assert_eq!(*learning_rate, 1e6);
    assert!(checkpoint.is_none());
    assert!(
        error.to_string().contains("no checkpoint was written"),
        "{error}"
    );
}

/// Counts what it is told and stops the run after a number of iterations.
#[derive(Default)]
struct Counter {
    plan: Option<Plan>,
    iterations: usize,
    epochs: usize,
    stop_after: Option<usize>,
}

impl<S> Observer<S> for Counter {
    fn on_start(&mut self, plan: &Plan, _learner: &S) {
        self.plan = Some(*plan);
    }

    fn on_iteration(&mut self, record: &IterationRecord, _learner: &S) -> ControlFlow<()> {
        assert_eq!(record.iteration, self.iterations);
        self.iterations += 1;
        match self.stop_after {
            Some(stop) if self.iterations == stop => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    fn on_epoch(&mut self, record: &EpochRecord, _learner: &S) -> ControlFlow<()> {
        assert_eq!(record.epoch, self.epochs);
        self.epochs += 1;
        ControlFlow::Continue(())
    }
}

#[test]
fn observers_see_everything_and_may_stop_the_run() {
    let config = FitConfig::new(4, 0.1);
    let (mut first, mut second) = (Counter::default(), Counter::default());
    let mut observers = (&mut first, &mut second);
    fit(
        learner(OptimizerConfig::sgd(0.0)),
        batches(3),
        validate,
        &config,
        &mut observers,
    )
    .unwrap();
    for counter in [&first, &second] {
        let plan = Plan {
            epochs: 4,
            iterations_per_epoch: 4,
            first_iteration: 0,
        };
        assert_eq!(counter.plan, Some(plan));
        assert_eq!((counter.iterations, counter.epochs), (16, 4));
    }

    let mut stopping = Counter {
        stop_after: Some(6),
        ..Counter::default()
    };
    let fitted = fit(
        learner(OptimizerConfig::sgd(0.0)),
        batches(3),
        validate,
        &config,
        &mut stopping,
    )
    .unwrap();
    assert_eq!(fitted.stop, StopReason::Observer);
    assert_eq!(fitted.history.iterations.len(), 6);
}

#[test]
fn wrong_settings_and_wrong_batches_are_named() {
    let run = |config: FitConfig, size: usize| {
        let fitted = fit(
            learner(OptimizerConfig::sgd(0.0)),
            batches(size),
            validate,
            &config,
            &mut (),
        );
        fitted.map(|_| ()).unwrap_err().to_string()
    };
    assert!(run(FitConfig::new(0, 0.1), 5).starts_with("epochs must be at least 1"));
    for rate in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(run(FitConfig::new(1, rate), 5).starts_with("learning_rate must be positive"));
    }
    let patience = FitConfig::new(1, 0.1).with_early_stopping(EarlyStopping::new(0));
    assert!(run(patience, 5).starts_with("early_stopping.patience"));

    let none = |_: &mut _| Vec::<support::Batch>::new().into_iter();
    let config = FitConfig::new(1, 0.1);
    let result = fit(
        learner(OptimizerConfig::sgd(0.0)),
        none,
        validate,
        &config,
        &mut (),
    );
    assert!(matches!(result, Err(Error::NoBatches { epoch: 0 })));

    let mut calls = 0;
    let shrinking = |generator: &mut _| {
        calls += 1;
        batches(if calls < 3 { 2 } else { 5 })(generator)
    };
    let config = FitConfig::new(3, 0.1);
    let result = fit(
        learner(OptimizerConfig::sgd(0.0)),
        shrinking,
        validate,
        &config,
        &mut (),
    );
    let found = result.map(|_| ()).unwrap_err();
    assert!(
        matches!(
            found,
            Error::BatchCountChanged {
                epoch: 1,
                expected: 5,
                found: 2
            }
        ),
        "{found}"
    );
}

#[test]
fn a_failing_validation_keeps_its_cause() {
    let config = FitConfig::new(2, 0.1);
    let fails = |_: &_| Err("the cat sat on the cable".into());
    let result = fit(
        learner(OptimizerConfig::sgd(0.0)),
        batches(5),
        fails,
        &config,
        &mut (),
    );
    let error = result.map(|_| ()).unwrap_err();
    let source = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(source, "the cat sat on the cable");
}
