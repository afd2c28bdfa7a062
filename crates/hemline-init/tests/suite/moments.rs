//! Streaming moments against two passes, at awkward offsets, and the coverage of their intervals.

use hemline_init::Moments;
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, StandardNormal};

fn central(values: &[f64], power: i32) -> f64 {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    values
        .iter()
        .map(|value| (value - mean).powi(power))
        .sum::<f64>()
        / values.len() as f64
}

fn close(found: f64, exact: f64, relative: f64) -> bool {
    (found - exact).abs() <= relative * exact.abs().max(1e-12)
}

proptest! {
    #[test]
    fn any_split_gives_the_two_pass_moments(
        values in prop::collection::vec(-1e3_f64..1e3, 8..200),
        cuts in prop::collection::vec(0_usize..200, 0..6),
    ) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|cut| cut.min(values.len())).collect();
        cuts.extend([0, values.len()]);
        cuts.sort_unstable();
        let mut merged = Moments::new();
        for ends in cuts.windows(2) {
            let mut part = Moments::new();
            part.extend(&values[ends[0]..ends[1]]).unwrap();
            merged.merge(&part);
        }
        let mut pushed = Moments::new();
        values.iter().for_each(|value| pushed.push(*value).unwrap());
        let (m2, m3, m4) = (central(&values, 2), central(&values, 3), central(&values, 4));
        for found in [merged, pushed] {
            prop_assert_eq!(found.count(), values.len() as u64);
            let count = values.len() as f64;
            prop_assert!(close(found.variance().unwrap(), m2 * count / (count - 1.0), 1e-11));
            prop_assert!(close(found.kurtosis(), m4 / (m2 * m2), 1e-10));
            prop_assert!((found.skewness() - m3 / m2.powf(1.5)).abs() < 1e-9);
            let square = values.iter().map(|value| value * value).sum::<f64>() / count;
            prop_assert!(close(found.second_moment(), square, 1e-11));
        }
    }
}

#[test]
fn a_large_mean_does_not_eat_the_variance() {
    let mut rng = ChaCha8Rng::seed_from_u64(0);
    let (mut plain, mut shifted) = (Moments::new(), Moments::new());
    for _ in 0..2_000 {
        let block: Vec<f64> = (0..500).map(|_| StandardNormal.sample(&mut rng)).collect();
        // 2³⁰ has no rounding against 20 bits of fraction.
        let block: Vec<f64> = block
            .iter()
            .map(|x: &f64| (x * 1_048_576.0).round() / 1_048_576.0)
            .collect();
        plain.extend(&block).unwrap();
        shifted
            .extend(
                &block
                    .iter()
                    .map(|x| x + 1_073_741_824.0)
                    .collect::<Vec<f64>>(),
            )
            .unwrap();
    }
    assert!(close(
        shifted.variance().unwrap(),
        plain.variance().unwrap(),
        1e-9
    ));
    assert!(close(shifted.kurtosis(), plain.kurtosis(), 1e-8));
}

#[test]
fn intervals_cover_as_often_as_they_say() {
    // Exponential draws have kurtosis 9, where the χ² interval of a normal sample would cover 68 % of 95 %.
    let mut rng = ChaCha8Rng::seed_from_u64(1);
    let (runs, mut mean_hits, mut variance_hits) = (2_000, 0, 0);
    for _ in 0..runs {
        let values: Vec<f64> = (0..2_000).map(|_| Exp1.sample(&mut rng)).collect();
        let mut moments = Moments::new();
        moments.extend(&values).unwrap();
        let holds = |(low, high): (f64, f64)| low <= 1.0 && 1.0 <= high;
        mean_hits += u32::from(holds(
            moments.mean_estimate().unwrap().interval(0.05).unwrap(),
        ));
        variance_hits += u32::from(holds(
            moments.variance_estimate().unwrap().interval(0.05).unwrap(),
        ));
    }
    let share = |hits: u32| f64::from(hits) / f64::from(runs);
    // ±0.02 is four standard errors; the variance's interval is a little short at 2 000 skewed draws.
    assert!(
        (share(mean_hits) - 0.95).abs() < 0.02,
        "{}",
        share(mean_hits)
    );
    assert!(
        (0.91..0.97).contains(&share(variance_hits)),
        "{}",
        share(variance_hits)
    );
}
