//! Every step holds where its assumptions do, fails where they do not, and gives the same bits on any threads.

use hemline_init::{
    AnyLaw, Check, CounterExample, DensityRow, Error, IndependentNeuron, Law, Plan,
    WeightDistribution, check_all, check_product_rule, check_product_variance, constant_law,
    counter_examples, density_rows, normal_law, rectified_normal_law, uniform_law, weight_law,
};
use proptest::prelude::*;
use rand_distr::{Beta, Cauchy, Gumbel, Pareto, Poisson, StudentT, Triangular};

const STEPS: [&str; 9] = ["1.1", "product rule", "1.2", "1.3", "a", "b", "c", "d", "e"];

fn plan(draws: u64, seed: u64) -> Plan {
    Plan {
        draws,
        seed,
        workers: 2,
        alpha: 1e-4,
    }
}

fn all_hold(weights: impl Law, inputs: impl Law, fan_in: usize, seed: u64) {
    let neuron = IndependentNeuron { weights, inputs };
    let checks = check_all(&neuron, fan_in, &plan(1_000_000, seed)).unwrap();
    assert_eq!(
        checks.iter().map(|check| check.step).collect::<Vec<_>>(),
        STEPS
    );
    for check in &checks {
        assert!(check.holds, "seed {seed}, n = {fan_in}: {check:?}");
    }
    assert!(checks.iter().map(|check| check.draws).sum::<u64>() <= 1_000_000);
}

#[test]
fn laws_with_and_without_stated_moments_hold() {
    let he = |n: f64| weight_law(WeightDistribution::TruncatedNormal, 2.0 / n).unwrap();
    all_hold(he(8.0), rectified_normal_law(1.0).unwrap(), 8, 0);
    all_hold(he(1.0), constant_law(-3.0).unwrap(), 1, 1);
    // Nothing stated: moments and F_w are measured.
    all_hold(
        AnyLaw::new(Triangular::new(-1.0, 1.0, 0.0).unwrap()),
        AnyLaw::new(Gumbel::new(0.0, 1.0).unwrap()),
        3,
        2,
    );
    all_hold(
        AnyLaw::new(StudentT::new(12.0).unwrap()),
        AnyLaw::new(Poisson::new(2.0).unwrap()),
        5,
        3,
    );
    all_hold(
        Box::new(normal_law(0.0, 1.0).unwrap()),
        AnyLaw::new(Beta::new(2.0, 5.0).unwrap()),
        2,
        4,
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: proptest::test_runner::RngSeed::Fixed(4), ..ProptestConfig::default() })]
    #[test]
    fn random_n_and_laws_hold(n in 1_usize..24, seed in 0_u64..1_000_000, shape in 0_usize..3, variance in 0.01_f64..10.0, low in -3.0_f64..3.0, width in 0.1_f64..5.0) {
        let shapes = [WeightDistribution::Normal, WeightDistribution::Uniform, WeightDistribution::TruncatedNormal];
        all_hold(weight_law(shapes[shape], variance).unwrap(), uniform_law(low, low + width).unwrap(), n, seed);
    }
}

#[test]
fn every_check_fails_on_its_counter_example() {
    for (n, seed) in [(2, 0), (4, 1), (7, 2)] {
        let examples = counter_examples(n, &plan(3_000_000, seed)).unwrap();
        for example in &examples {
            assert!(example.caught, "n = {n}: not caught {example:?}");
            assert!(
                example.agrees,
                "n = {n}: not the predicted deviation {example:?}"
            );
        }
        for step in STEPS.into_iter().filter(|step| *step != "product rule") {
            assert!(
                examples.iter().any(|example| example.check.step == step),
                "none for {step}"
            );
        }
        let columns = CounterExample::CSV_HEADER.split(',').count();
        assert!(
            examples
                .iter()
                .all(|example| example.csv_row().split(',').count() == columns)
        );
    }
}

#[test]
fn the_product_rule_holds_where_the_short_form_fails() {
    let neuron = IndependentNeuron {
        weights: normal_law(0.5, 1.0).unwrap(),
        inputs: uniform_law(0.0, 2.0).unwrap(),
    };
    let plan = plan(200_000, 0);
    assert!(check_product_rule(&neuron, &plan).unwrap().holds);
    assert!(!check_product_variance(&neuron, &plan).unwrap().holds);
    // A law that states a wrong variance fails the rule.
    let lying = normal_law(0.5, 1.0)
        .unwrap()
        .with_moments(0.5, 1.1)
        .unwrap();
    let neuron = IndependentNeuron {
        weights: lying,
        inputs: uniform_law(0.0, 2.0).unwrap(),
    };
    assert!(!check_product_rule(&neuron, &plan).unwrap().holds);
}

#[test]
fn any_number_of_workers_gives_the_same_bits() {
    let run = |workers: usize| {
        let plan = Plan {
            workers,
            ..plan(1_500_000, 11)
        };
        let neuron = IndependentNeuron {
            weights: AnyLaw::new(Triangular::new(-1.0, 1.0, 0.0).unwrap()),
            inputs: rectified_normal_law(1.0).unwrap(),
        };
        let checks: Vec<Check> = check_all(&neuron, 6, &plan).unwrap();
        (
            checks,
            counter_examples(3, &plan).unwrap(),
            density_rows(&neuron, 20, &plan).unwrap(),
        )
    };
    let one = run(1);
    for workers in [2, 3, 16] {
        assert_eq!(run(workers), one);
    }
}

#[test]
fn the_histogram_lies_on_the_density() {
    let neuron = IndependentNeuron {
        weights: weight_law(WeightDistribution::Uniform, 0.5).unwrap(),
        inputs: uniform_law(0.0, 4.0).unwrap(),
    };
    let rows: Vec<DensityRow> = density_rows(&neuron, 64, &plan(1_000_000, 5)).unwrap();
    let inside = |row: &&DensityRow| row.predicted.is_some_and(|p| row.low <= p && p <= row.high);
    assert_eq!(rows.iter().filter(inside).count(), 64);
    let mass: f64 = rows
        .iter()
        .map(|row| row.measured * (rows[1].z - rows[0].z))
        .sum();
    assert!((mass - 1.0).abs() < 1e-9, "{mass}");
}

#[test]
fn laws_without_a_finite_draw_are_an_error() {
    let neuron = IndependentNeuron {
        weights: AnyLaw::new(Pareto::new(1.0, 1e-3).unwrap()),
        inputs: AnyLaw::new(Cauchy::new(0.0, 1.0).unwrap()),
    };
    let error = check_all(&neuron, 2, &plan(100_000, 0)).unwrap_err();
    assert!(matches!(error, Error::DrawNotFinite { .. }), "{error}");
}

#[test]
fn a_check_is_written_with_exactly_these_fields() {
    let neuron = IndependentNeuron {
        weights: normal_law(0.0, 1.0).unwrap(),
        inputs: uniform_law(0.0, 1.0).unwrap(),
    };
    let check = check_product_variance(&neuron, &plan(10_000, 0)).unwrap();
    let value = serde_json::to_value(&check).unwrap();
    let mut fields: Vec<&str> = value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "draws",
            "formula",
            "high",
            "holds",
            "low",
            "measured",
            "predicted",
            "step"
        ]
    );
}
