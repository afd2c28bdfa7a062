//! The table, the importances, and the numbers behind the chart.

use std::time::{Duration, Instant};

use hemline_train::tune::{
    Dimension, Direction, Halving, SamplerChoice, Space, StopToken, StudyOptions, StudyResult,
    Trial, TrialStatus, TuneError, assignment_space, hyperparam_tuning,
};

fn four() -> Space {
    let linear = |name| Dimension::linear(name, 0.0, 1.0);
    Space::new(vec![
        linear("strong"),
        linear("weak"),
        linear("idle"),
        Dimension::categorical("fixed", ["only"]),
        linear("sometimes").when("fixed", ["only"]),
    ])
    .unwrap()
}

fn study(trials: usize, score: fn(&Trial) -> f64) -> StudyResult {
    let options = StudyOptions {
        trials,
        sampler: sobol(),
        ..StudyOptions::default()
    };
    hyperparam_tuning(
        four(),
        options,
        move |trial: &Trial, _: u64, _: &StopToken| Ok(score(trial)),
    )
    .unwrap()
}

fn sobol() -> SamplerChoice {
    "sobol".parse().unwrap()
}

fn additive(trial: &Trial) -> f64 {
    let x = |name| trial.params.float(name).unwrap();
    2.0 * x("strong") + x("weak")
}

#[test]
fn importance_recovers_an_additive_function() {
    // Var(2u) : Var(u) = 4 : 1, so the shares are 0.8 and 0.2.
    let importance = study(128, additive).importance().unwrap();
    let share: Vec<f64> = importance.dimensions.iter().map(|d| d.share).collect();
    assert!((share[0] - 0.8).abs() < 0.08, "{share:?}");
    assert!((share[1] - 0.2).abs() < 0.08, "{share:?}");
    assert!(share[2] < 0.03 && share[4] < 0.03, "{share:?}");
    assert_eq!(share[3], 0.0);
    let total = share.iter().sum::<f64>() + importance.interactions;
    assert!((total - 1.0).abs() < 1e-9, "{total}");
    assert_eq!(importance, study(128, additive).importance().unwrap());
}

#[test]
fn one_diverged_score_does_not_take_all_the_importance() {
    let plain = study(64, additive).importance().unwrap();
    let diverged = study(64, |trial| {
        if additive(trial) > 2.8 {
            1e30
        } else {
            additive(trial)
        }
    });
    let diverged = diverged.importance().unwrap();
    for (a, b) in plain.dimensions.iter().zip(&diverged.dimensions) {
        assert!((a.share - b.share).abs() < 0.05, "{a:?} against {b:?}");
    }
}

#[test]
fn a_product_is_interaction() {
    let product = |trial: &Trial| {
        let x = |name| trial.params.float(name).unwrap() - 0.5;
        x("strong") * x("weak")
    };
    let importance = study(256, product).importance().unwrap();
    assert!(importance.interactions > 0.6, "{importance:?}");
}

#[test]
fn too_few_or_equal_scores_have_no_importance() {
    assert!(matches!(
        study(9, additive).importance(),
        Err(TuneError::TooFewTrials {
            needed: 10,
            found: 9
        })
    ));
    assert!(matches!(
        study(20, |_| 1.0).importance(),
        Err(TuneError::ConstantScores { trials: 20 })
    ));
    // Nearly equal scores leave many trees without variance; the rest decide.
    let importance = study(10, |trial| f64::from(u8::from(trial.number == 3)))
        .importance()
        .unwrap();
    assert!(
        importance
            .dimensions
            .iter()
            .all(|d| (0.0..=1.0).contains(&d.share)),
        "{importance:?}"
    );
}

#[test]
fn importance_of_hundreds_of_trials_is_quick() {
    let result = study(300, additive);
    let begun = Instant::now();
    result.importance().unwrap();
    assert!(
        begun.elapsed() < Duration::from_secs(5),
        "{:?}",
        begun.elapsed()
    );
}

#[test]
fn the_table_is_best_first_in_both_directions() {
    for direction in [Direction::Minimise, Direction::Maximise] {
        let objective = |trial: &Trial, budget: u64, _: &StopToken| match trial.number % 7 {
            3 => Err("no".into()),
            // Ties on purpose.
            _ => Ok((trial.params.float("learning_rate")? * 20.0).floor() + 1.0 / budget as f64),
        };
        let halving = Halving::new(1, 9, 3).unwrap();
        let options = StudyOptions {
            trials: 40,
            direction,
            halving,
            ..StudyOptions::default()
        };
        let result = hyperparam_tuning(assignment_space(), options, objective).unwrap();
        let table = result.table();
        assert_eq!(table.len(), 40);
        assert_eq!(table[0], result.best().unwrap());
        let place = |status| match status {
            TrialStatus::Completed => 0,
            TrialStatus::Pruned => 1,
            _ => 2,
        };
        for pair in table.windows(2) {
            let (a, b) = (pair[0], pair[1]);
            assert!(place(a.status) <= place(b.status));
            if a.status == b.status && a.budget() == b.budget() {
                let (better, worse) = match direction {
                    Direction::Minimise => (a.score(), b.score()),
                    Direction::Maximise => (b.score(), a.score()),
                };
                assert!(better < worse || (better == worse && a.trial < b.trial));
            }
        }
    }
}

#[test]
fn parallel_coordinates_draw_the_best_last() {
    let result = study(100, additive);
    let chart = result.parallel_coordinates();
    assert_eq!((chart.axes.len(), chart.lines.len()), (5, 100));
    assert_eq!(chart.lines[99].trial, result.best().unwrap().trial);
    assert_eq!(
        (chart.lines[0].standing, chart.lines[99].standing),
        (0.0, 1.0)
    );
    for line in &chart.lines {
        assert_eq!(line.positions.len(), 5);
        assert!(
            line.positions
                .iter()
                .flatten()
                .all(|height| (0.0..=1.0).contains(height))
        );
    }
    assert_eq!(chart.axes[3].labels, [(0.5, "only".to_owned())]);

    let options = StudyOptions {
        trials: 4,
        ..StudyOptions::default()
    };
    let constant = |_: &Trial, _: u64, _: &StopToken| Ok(0.0);
    let chart = hyperparam_tuning(assignment_space(), options, constant)
        .unwrap()
        .parallel_coordinates();
    let labels = |axis: usize| {
        chart.axes[axis]
            .labels
            .iter()
            .map(|(_, label)| label.as_str())
            .collect::<Vec<_>>()
    };
    assert_eq!(labels(1), ["30", "40", "50"]);
    assert_eq!(labels(2), ["0.001", "0.00473", "0.0224", "0.106", "0.5"]);
}
