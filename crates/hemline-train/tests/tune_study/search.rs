//! Whether the samplers search: each claim with the margin it is stated at.

use hemline_train::tune::{
    Dimension, Direction, Halving, SampleRequest, Sampler, SamplerChoice, Space, StopToken,
    StudyOptions, Trial, hyperparam_tuning,
};

fn cube(dimensions: usize) -> Space {
    let axis = |index| Dimension::linear(format!("x{index}"), 0.0, 1.0);
    Space::new((0..dimensions).map(axis).collect()).unwrap()
}

fn points(sampler: &str, space: &Space, seed: u64, count: usize) -> Vec<Vec<f64>> {
    let sampler: SamplerChoice = sampler.parse().unwrap();
    let direction = Direction::Minimise;
    let point = |trial| {
        let request = SampleRequest {
            space,
            seed,
            trial,
            history: &[],
            pending: &[],
            direction,
        };
        let params = sampler.sample(&request).unwrap();
        space.unit_of(&params).into_iter().flatten().collect()
    };
    (0..count).map(point).collect()
}

/// The squared L2 star discrepancy, by Warnock's formula.
fn discrepancy(points: &[Vec<f64>]) -> f64 {
    let (n, d) = (points.len() as f64, points[0].len() as i32);
    let single: f64 = points
        .iter()
        .map(|p| p.iter().map(|x| (1.0 - x * x) / 2.0).product::<f64>())
        .sum();
    let pair = |p: &Vec<f64>, q: &Vec<f64>| -> f64 {
        p.iter().zip(q).map(|(x, y)| 1.0 - x.max(*y)).product()
    };
    let double: f64 = points
        .iter()
        .flat_map(|p| points.iter().map(move |q| pair(p, q)))
        .sum();
    3f64.powi(-d) - 2.0 * single / n + double / (n * n)
}

#[test]
fn sobol_points_are_spread_more_evenly_than_random_ones() {
    let space = cube(4);
    for seed in 0..20 {
        let [sobol, random] =
            ["sobol", "random"].map(|sampler| discrepancy(&points(sampler, &space, seed, 64)));
        assert!(
            sobol < 0.5 * random,
            "seed {seed}: {sobol} against {random}"
        );
    }
}

#[test]
fn each_of_32_sobol_points_has_a_part_of_every_axis_to_itself() {
    let points = points("sobol", &cube(7), 5, 32);
    for axis in 0..7 {
        let mut parts: Vec<usize> = points.iter().map(|p| (p[axis] * 32.0) as usize).collect();
        parts.sort_unstable();
        assert_eq!(parts, (0..32).collect::<Vec<_>>());
    }
}

#[test]
fn random_points_follow_the_log_uniform_law() {
    // Kolmogorov–Smirnov at α = 0.001: the statistic of 1000 points is below 1.95 / √1000.
    let space = Space::new(vec![Dimension::log_uniform("x", 1e-6, 1e-2)]).unwrap();
    let mut units: Vec<f64> = points("random", &space, 3, 1000).concat();
    units.sort_by(f64::total_cmp);
    let gap = |(index, unit): (usize, &f64)| (unit - (index as f64 + 0.5) / 1000.0).abs();
    let statistic = units.iter().enumerate().map(gap).fold(0.0, f64::max);
    assert!(statistic < 1.95 / 1000f64.sqrt(), "{statistic}");
}

/// A valley in the learning rate with a good and a bad category: minimum 0.
fn valley(
    trial: &Trial,
    _budget: u64,
    _stop: &StopToken,
) -> Result<f64, hemline_train::tune::ObjectiveError> {
    let rate = (trial.params.float("rate")? / 0.03).ln();
    let decay = (trial.params.float("decay")? / 1e-4).ln() / 3.0;
    let width = (trial.params.float("units")? - 70.0) / 40.0;
    let penalty = if trial.params.text("activation")? == "relu" {
        0.0
    } else {
        0.5
    };
    Ok(rate * rate + decay * decay + width * width + penalty)
}

fn mean_best(sampler: &str, trials: usize, seeds: u64) -> f64 {
    let space = Space::new(vec![
        Dimension::log_uniform("rate", 1e-3, 0.5),
        Dimension::log_uniform("decay", 1e-6, 1e-2),
        Dimension::integer_steps("units", 10, 100, 10),
        Dimension::categorical("activation", ["relu", "tanh", "sigmoid"]),
    ])
    .unwrap();
    let best = |seed| {
        let sampler = sampler.parse().unwrap();
        let options = StudyOptions {
            seed,
            trials,
            workers: 1,
            sampler,
            ..StudyOptions::default()
        };
        let result = hyperparam_tuning(space.clone(), options, valley).unwrap();
        result.best().and_then(|best| best.score()).unwrap()
    };
    (0..seeds).map(best).sum::<f64>() / seeds as f64
}

#[test]
fn tree_parzen_finds_better_points_than_random_search() {
    let [parzen, random] = ["tree_parzen", "random"].map(|sampler| mean_best(sampler, 64, 100));
    assert!(
        parzen < 0.5 * random,
        "after 64 trials: {parzen} against {random}"
    );
    let [parzen, random] = ["tree_parzen", "random"].map(|sampler| mean_best(sampler, 32, 100));
    assert!(
        parzen < 0.8 * random,
        "after 32 trials: {parzen} against {random}"
    );
}

#[test]
fn halving_keeps_the_best_for_a_part_of_the_budget() {
    // Scores keep their order at every budget, so the best trial must come through.
    let halving = Halving::new(1, 27, 3).unwrap();
    let mut spent = 0;
    for seed in 0..20 {
        let objective = |trial: &Trial, budget: u64, _: &StopToken| {
            Ok(trial.params.float("x0")? + 1.0 / budget as f64)
        };
        let sampler = "random".parse().unwrap();
        let options = StudyOptions {
            seed,
            trials: 60,
            halving,
            sampler,
            ..StudyOptions::default()
        };
        let result = hyperparam_tuning(cube(1), options, objective).unwrap();
        let x = |record: &hemline_train::tune::TrialRecord| record.params.float("x0").unwrap();
        let least = result.records().iter().map(x).fold(f64::INFINITY, f64::min);
        assert_eq!(x(result.best().unwrap()), least);
        spent += result
            .records()
            .iter()
            .map(|record| record.budget())
            .sum::<u64>();
    }
    let whole = 20 * 60 * 27;
    assert!(spent < whole / 5, "spent {spent} of {whole}");
}

#[test]
fn given_points_come_first_and_the_model_learns_from_them() {
    let space = cube(3);
    let target = [0.31, 0.77, 0.52];
    let near = space.params_at(&target);
    let objective = move |trial: &Trial, _: u64, _: &StopToken| {
        let misses = target.iter().enumerate().map(|(axis, target)| {
            let x = trial.params.float(&format!("x{axis}"))?;
            Ok((x - target).powi(2))
        });
        misses
            .sum::<Result<f64, hemline_train::tune::TuneError>>()
            .map_err(Into::into)
    };
    let mut helped = 0;
    for seed in 0..10 {
        let plain = StudyOptions {
            seed,
            trials: 24,
            ..StudyOptions::default()
        };
        let given = StudyOptions {
            first: vec![near.clone()],
            ..plain.clone()
        };
        let with = hyperparam_tuning(space.clone(), given, objective).unwrap();
        let without = hyperparam_tuning(space.clone(), plain, objective).unwrap();
        assert_eq!(with.records()[0].params, near);
        // The points that the sampler draws before it has a model are the same.
        assert_eq!(with.records()[1].params, without.records()[1].params);
        let later = |result: &hemline_train::tune::StudyResult| -> f64 {
            result.records()[16..]
                .iter()
                .filter_map(|record| record.score())
                .sum()
        };
        helped += usize::from(later(&with) < later(&without));
    }
    assert!(helped >= 8, "the point helped in {helped} of 10 searches");
    let outside = StudyOptions {
        first: vec![cube(2).params_at(&[0.5, 0.5])],
        ..StudyOptions::default()
    };
    let error = hyperparam_tuning(space, outside, objective).unwrap_err();
    assert!(error.to_string().contains("x2"), "{error}");
}
