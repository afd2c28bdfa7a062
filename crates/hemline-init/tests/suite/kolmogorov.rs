//! The Kolmogorov–Smirnov test: published critical values, its level, its power, ties.

use hemline_init::KolmogorovSmirnov;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

fn uniform(x: f64) -> f64 {
    x.clamp(0.0, 1.0)
}

#[test]
fn critical_values_are_the_published_ones() {
    // Stephens 1974, table 1: λ at α, for D(√n + 0.12 + 0.11/√n).
    for (alpha, lambda) in [
        (0.15, 1.138),
        (0.10, 1.224),
        (0.05, 1.358),
        (0.025, 1.480),
        (0.01, 1.628),
    ] {
        let mut sample: Vec<f64> = (0..100).map(f64::from).collect();
        let test =
            KolmogorovSmirnov::one_sample(&mut sample, |x| uniform(x / 100.0), alpha).unwrap();
        assert!(
            (test.critical * (10.0 + 0.12 + 0.011) - lambda).abs() < 6e-4,
            "{alpha}: {test:?}"
        );
    }
}

#[test]
fn a_true_hypothesis_fails_with_probability_alpha() {
    let mut rng = ChaCha8Rng::seed_from_u64(2);
    let (runs, mut one, mut two) = (3_000, 0, 0);
    for _ in 0..runs {
        let mut left: Vec<f64> = (0..200).map(|_| rng.random()).collect();
        let mut right: Vec<f64> = (0..300).map(|_| rng.random()).collect();
        one += u32::from(
            !KolmogorovSmirnov::one_sample(&mut left, uniform, 0.05)
                .unwrap()
                .holds(),
        );
        two += u32::from(
            !KolmogorovSmirnov::two_sample(&mut left, &mut right, 0.05)
                .unwrap()
                .holds(),
        );
    }
    // 150 expected, standard error 12. The two-sample test has a lattice of distances and is conservative.
    assert!((100..200).contains(&one), "{one}");
    assert!((80..200).contains(&two), "{two}");
}

#[test]
fn ties_and_jumps_are_exact() {
    // A fair coin: F jumps at 0 and 1, and 40 heads of 100 lie 0.1 away from it.
    let mut coins: Vec<f64> = (0..100).map(|index| f64::from(index < 40)).collect();
    let fair = |x: f64| {
        if x < 0.0 {
            0.0
        } else if x < 1.0 {
            0.5
        } else {
            1.0
        }
    };
    let test = KolmogorovSmirnov::one_sample(&mut coins, fair, 0.01).unwrap();
    assert!((test.distance - 0.1).abs() < 1e-12, "{test:?}");
    let mut same = coins.clone();
    let test = KolmogorovSmirnov::two_sample(&mut coins, &mut same, 0.01).unwrap();
    assert_eq!(test.distance, 0.0);
    assert!((test.p_value - 1.0).abs() < 1e-12);
}
