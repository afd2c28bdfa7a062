//! Spaces: every sampler stays inside, whatever the space; broken spaces are refused.

use hemline_train::tune::{
    Dimension, Direction, Params, SampleRequest, Sampler, SamplerChoice, Space, TrialRecord,
    TrialStatus, TuneError, Value, assignment_space,
};
use proptest::prelude::*;

/// A dimension of any kind; parents are named later.
fn dimension() -> impl Strategy<Value = Dimension> {
    let integer = (-1000i64..1000, 0i64..50, 1i64..9)
        .prop_map(|(low, steps, step)| Dimension::integer_steps("", low, low + steps * step, step));
    let categorical = (1usize..6)
        .prop_map(|count| Dimension::categorical("", ["a", "b", "c", "d", "e"][..count].to_vec()));
    let linear = (-1e6..1e6f64, 1e-6..1e6f64)
        .prop_map(|(low, width)| Dimension::linear("", low, low + width));
    let log = (1e-9..1e3f64, 1.01..1e6f64)
        .prop_map(|(low, factor)| Dimension::log_uniform("", low, low * factor));
    prop_oneof![integer, categorical, linear, log]
}

/// Up to six dimensions; about half of those that can depend on the first one do.
fn any_space() -> impl Strategy<Value = Space> {
    proptest::collection::vec((dimension(), any::<bool>()), 1..7).prop_map(|drawn| {
        let parent = drawn[0].0.range.cell(0);
        let name = |(index, (mut dimension, conditional)): (usize, (Dimension, bool))| {
            dimension.name = format!("d{index}");
            match (&parent, conditional && index > 0) {
                (Some(value), true) => dimension.when("d0", [value.clone()]),
                _ => dimension,
            }
        };
        Space::new(drawn.into_iter().enumerate().map(name).collect()).unwrap()
    })
}

fn record(trial: usize, params: Params) -> TrialRecord {
    let rungs = Vec::new();
    let status = TrialStatus::Failed;
    TrialRecord {
        trial,
        status,
        seed: 0,
        params,
        rungs,
        failure: None,
        seconds: 0.0,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_sampler_draws_points_of_the_space(space in any_space(), seed in any::<u64>()) {
        for name in ["random", "sobol", "tree_parzen"] {
            let sampler: SamplerChoice = name.parse().unwrap();
            let mut history = Vec::new();
            for trial in 0..20 {
                let direction = Direction::Minimise;
                let (space, known, pending) = (&space, &history[..], &[]);
                let request =
                    SampleRequest { space, seed, trial, history: known, pending, direction };
                let params = sampler.sample(&request).unwrap();
                prop_assert!(space.check(&params).is_ok(), "{name}: {params}");
                prop_assert_eq!(&sampler.sample(&request).unwrap(), &params);
                history.push(record(trial, params));
            }
        }
    }

    #[test]
    fn units_and_values_are_inverse(space in any_space(), unit in proptest::collection::vec(0.0..1.0f64, 7)) {
        let params = space.params_at(&unit);
        prop_assert!(space.check(&params).is_ok());
        for (dimension, found) in space.dimensions().iter().zip(space.unit_of(&params)) {
            match (params.get(&dimension.name), found) {
                (None, None) => prop_assert!(!dimension.is_active(&params)),
                (Some(value), Some(unit)) => match (dimension.range.value_at(unit), value) {
                    (Value::Float(back), Value::Float(value)) => {
                        prop_assert!((back - value).abs() <= 1e-9 * value.abs().max(1.0));
                    }
                    (back, value) => prop_assert_eq!(&back, value),
                },
                other => prop_assert!(false, "{:?}", other),
            }
        }
    }

    #[test]
    fn spaces_and_params_survive_json(space in any_space(), unit in proptest::collection::vec(0.0..1.0f64, 7)) {
        let text = serde_json::to_string(&space).unwrap();
        prop_assert_eq!(serde_json::from_str::<Space>(&text).unwrap(), space.clone());
        let params = space.params_at(&unit);
        let text = serde_json::to_string(&params).unwrap();
        prop_assert_eq!(serde_json::from_str::<Params>(&text).unwrap(), params);
    }
}

#[test]
fn extreme_ranges_neither_overflow_nor_leave_their_bounds() {
    let widest = Dimension::integer("i", i64::MIN, i64::MAX - 1);
    let space = Space::new(vec![widest, Dimension::linear("x", -8e307, 8e307)]).unwrap();
    for unit in [0.0, 0.25, 0.5, 1.0 - f64::EPSILON, 1.0, 7.0, f64::NAN] {
        let params = space.params_at(&[unit, unit]);
        space.check(&params).unwrap();
    }
}

#[test]
fn broken_spaces_are_refused_by_name() {
    let nan = f64::NAN;
    let broken = [
        vec![Dimension::integer("a", 3, 2)],
        vec![Dimension::integer_steps("a", 0, 5, 2)],
        vec![Dimension::integer_steps("a", 0, 5, 0)],
        vec![Dimension::integer("a", i64::MIN, i64::MAX)],
        vec![Dimension::categorical("a", Vec::<i64>::new())],
        vec![Dimension::categorical("a", ["x", "x"])],
        vec![Dimension::categorical("a", [0.1, nan])],
        vec![Dimension::linear("a", 1.0, 1.0)],
        vec![Dimension::linear("a", 0.0, f64::INFINITY)],
        vec![Dimension::linear("a", f64::MIN, f64::MAX)],
        vec![Dimension::linear("a", nan, 1.0)],
        vec![Dimension::log_uniform("a", 0.0, 1.0)],
        vec![Dimension::log_uniform("a", 2.0, 1.0)],
        vec![Dimension::linear("", 0.0, 1.0)],
        vec![
            Dimension::linear("a", 0.0, 1.0),
            Dimension::linear("a", 0.0, 1.0),
        ],
        vec![Dimension::linear("a", 0.0, 1.0).when("b", [1])],
        vec![Dimension::linear("a", 0.0, 1.0).when("a", [1])],
        vec![
            Dimension::integer("a", 0, 3),
            Dimension::linear("b", 0.0, 1.0).when("a", [4]),
        ],
        vec![
            Dimension::integer("a", 0, 3),
            Dimension::linear("b", 0.0, 1.0).when("a", Vec::<i64>::new()),
        ],
        vec![
            Dimension::linear("a", 0.0, 1.0),
            Dimension::linear("b", 0.0, 1.0).when("a", [0.5]),
        ],
        vec![],
    ];
    for dimensions in broken {
        let text = serde_json::to_string(&dimensions).unwrap();
        let error = Space::new(dimensions).unwrap_err();
        assert!(!error.to_string().is_empty());
        assert!(serde_json::from_str::<Space>(&text).is_err(), "read {text}");
    }
}

#[test]
fn parameters_are_asked_for_by_type() {
    let params = assignment_space().params_at(&[0.5; 6]);
    assert_eq!(params.count("units").unwrap(), 40);
    // A whole number is a number too.
    assert_eq!(params.float("epochs").unwrap(), 9.0);
    assert!(matches!(
        params.int("unit"),
        Err(TuneError::ParamAbsent { .. })
    ));
    assert!(matches!(params.int("l2"), Err(TuneError::ParamType { .. })));
    assert!(matches!(
        params.text("units"),
        Err(TuneError::ParamType { .. })
    ));
    assert!(matches!(
        params.boolean("units"),
        Err(TuneError::ParamType { .. })
    ));
    let negative = Params::from_pairs([("n", Value::Int(-1))]);
    assert_eq!(negative.int("n").unwrap(), -1);
    assert!(negative.count("n").is_err());
}
