//! Wrong input is a typed error that names the value.

use hemline_init::{
    Activation, AnyLaw, Error, FanMode, FromFunctions, IndependentNeuron, Initializer,
    KolmogorovSmirnov, Moments, Plan, Propagation, WeightDistribution, check_all, counter_examples,
    density_rows, gain, gain_of, mean_field, measure_weights, normal_law, propagate,
    second_moment_at, two_sided_quantile, uniform_law, weight_law,
};
use rand::SeedableRng;

fn neuron() -> IndependentNeuron<impl hemline_init::Law, impl hemline_init::Law> {
    IndependentNeuron {
        weights: normal_law(0.0, 1.0).unwrap(),
        inputs: uniform_law(0.0, 1.0).unwrap(),
    }
}

#[test]
fn fans_and_gains() {
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(0);
    for (fan_in, fan_out) in [(0, 3), (3, 0)] {
        let rules = [
            Initializer::default(),
            Initializer::zeros(),
            Initializer::Orthogonal { gain: 1.0 },
        ];
        for rule in rules {
            let error = rule
                .sample(fan_in, fan_out, Activation::Relu, &mut rng)
                .unwrap_err();
            assert!(matches!(error, Error::ZeroFan { .. }), "{error}");
        }
    }
    for gain in [f64::NAN, f64::INFINITY, -1.0] {
        let scaled = Initializer::VarianceScaling {
            gain,
            distribution: WeightDistribution::Normal,
            fan: FanMode::FanIn,
        };
        for rule in [scaled, Initializer::Orthogonal { gain }] {
            let error = rule.sample(2, 2, Activation::Relu, &mut rng).unwrap_err();
            assert!(
                matches!(error, Error::Parameter { name: "gain", .. }),
                "{error}"
            );
        }
    }
    for (fan_in, fan_out) in [(usize::MAX, 2), (1 << 40, 1 << 20)] {
        let error = Initializer::default()
            .sample(fan_in, fan_out, Activation::Relu, &mut rng)
            .unwrap_err();
        assert!(matches!(error, Error::TooLarge { .. }), "{error}");
    }
    let huge = Initializer::Constant { value: 1e300 };
    assert!(matches!(
        huge.sample(1, 1, Activation::Relu, &mut rng),
        Err(Error::DrawNotFinite { .. })
    ));
    assert!(huge.sample(0, 1, Activation::Relu, &mut rng).is_err());
}

#[test]
fn activations() {
    let nan = FromFunctions::new(|z: f64| z.sqrt(), |_| 1.0, vec![]);
    assert!(matches!(gain_of(&nan), Err(Error::ActivationNotFinite { input, .. }) if input < 0.0));
    let zero = FromFunctions::new(|_| 0.0, |_| 0.0, vec![]);
    assert_eq!(gain_of(&zero), Err(Error::NoGain));
    assert!(matches!(
        gain(Activation::Elu { alpha: f64::NAN }),
        Err(Error::Parameter { name: "alpha", .. })
    ));
    assert!(matches!(
        second_moment_at(&Activation::Tanh, -1.0),
        Err(Error::Parameter {
            name: "variance",
            ..
        })
    ));
    let error = propagate(
        &nan,
        &Propagation::uniform(2, 4, Initializer::Orthogonal { gain: 1.0 }),
        &Plan::default(),
    );
    assert!(matches!(error, Err(Error::ActivationNotFinite { .. })));
}

#[test]
fn plans_and_draws() {
    let plan = Plan {
        draws: 10_000,
        ..Plan::default()
    };
    assert_eq!(
        check_all(&neuron(), 0, &plan),
        Err(Error::ZeroFan { name: "fan_in" })
    );
    for draws in [0, 1, 20] {
        let error = check_all(&neuron(), 4, &Plan { draws, ..plan }).unwrap_err();
        assert!(matches!(error, Error::TooFewDraws { .. }), "{error}");
    }
    assert!(matches!(
        check_all(&neuron(), usize::MAX, &plan),
        Err(Error::TooLarge { .. })
    ));
    for alpha in [0.0, 1.0, -0.5, f64::NAN] {
        let error = check_all(&neuron(), 2, &Plan { alpha, ..plan }).unwrap_err();
        assert!(
            matches!(error, Error::Parameter { name: "alpha", .. }),
            "{error}"
        );
        assert!(two_sided_quantile(alpha).is_err());
    }
    assert!(matches!(
        check_all(&neuron(), 2, &Plan { workers: 0, ..plan }),
        Err(Error::Parameter {
            name: "workers",
            ..
        })
    ));
    assert!(
        check_all(
            &neuron(),
            2,
            &Plan {
                workers: usize::MAX,
                draws: 10_000,
                ..plan
            }
        )
        .is_ok()
    );
    assert!(counter_examples(1, &plan).is_err());
    assert!(density_rows(&neuron(), 0, &plan).is_err());
    assert!(density_rows(&neuron(), usize::MAX, &plan).is_err());
}

#[test]
fn laws() {
    for variance in [f64::NAN, f64::INFINITY, -1.0, 0.0] {
        assert!(weight_law(WeightDistribution::Normal, variance).is_err());
    }
    assert!(normal_law(f64::NAN, 1.0).is_err());
    assert!(uniform_law(1.0, 1.0).is_err() && uniform_law(-f64::MAX, f64::MAX).is_err());
    assert!(
        AnyLaw::new(WeightDistribution::Normal)
            .with_moments(0.0, -1.0)
            .is_err()
    );
    // An F that is no distribution function is named, not believed.
    let weights = AnyLaw::new(WeightDistribution::Normal).with_cumulative(|_| 2.0);
    let neuron = IndependentNeuron {
        weights,
        inputs: uniform_law(0.0, 1.0).unwrap(),
    };
    let error = hemline_init::check_density(
        &neuron,
        &Plan {
            draws: 1_000,
            ..Plan::default()
        },
    );
    assert!(matches!(error, Err(Error::DrawNotFinite { .. })));
}

#[test]
fn statistics() {
    let mut moments = Moments::new();
    assert!(matches!(
        moments.variance(),
        Err(Error::TooFewDraws { found: 0, .. })
    ));
    moments.push(1.0).unwrap();
    assert!(matches!(
        moments.mean_estimate(),
        Err(Error::TooFewDraws { found: 1, .. })
    ));
    let before = moments;
    assert!(moments.extend(&[2.0, f64::NAN]).is_err() && moments.extend(&[1e200, -1e200]).is_err());
    assert_eq!(moments, before);
    assert!(KolmogorovSmirnov::one_sample(&mut [0.5], |x| x, 0.1).is_err());
    assert!(KolmogorovSmirnov::two_sample(&mut [0.5, f64::NAN], &mut [0.1, 0.2], 0.1).is_err());
}

#[test]
fn networks_and_weights() {
    let networks = Propagation::uniform(3, 4, Initializer::default());
    let run = |networks: &Propagation| {
        propagate(&Activation::Relu, networks, &Plan::default()).unwrap_err()
    };
    assert!(matches!(
        run(&Propagation {
            networks: 1,
            ..networks.clone()
        }),
        Error::TooFewDraws { .. }
    ));
    assert!(matches!(
        run(&Propagation {
            widths: vec![3, 0, 2],
            ..networks.clone()
        }),
        Error::ZeroFan { .. }
    ));
    assert!(matches!(
        run(&Propagation {
            widths: vec![3],
            ..networks.clone()
        }),
        Error::Parameter { .. }
    ));
    assert!(matches!(
        run(&Propagation {
            batch: 0,
            ..networks.clone()
        }),
        Error::Parameter { .. }
    ));
    assert!(matches!(
        run(&Propagation {
            widths: vec![1 << 40, 1 << 40],
            ..networks
        }),
        Error::TooLarge { .. }
    ));
    assert!(mean_field(&Activation::Relu, &[2, 2], &[], 1).is_err());
    let he = Initializer::default();
    let measure =
        |weights: &[f32], rule| measure_weights("w", weights, (2, 2), rule, Activation::Relu);
    assert!(matches!(
        measure(&[0.0; 3], &he),
        Err(Error::Parameter {
            name: "weights.len()",
            ..
        })
    ));
    assert!(matches!(
        measure(&[0.0, 1.0, f32::NAN, 0.0], &he),
        Err(Error::DrawNotFinite { .. })
    ));
    assert!(measure(&[0.0; 4], &Initializer::Orthogonal { gain: 1.0 }).is_err());
    assert!(measure(&[0.0; 4], &Initializer::zeros()).is_err());
}
