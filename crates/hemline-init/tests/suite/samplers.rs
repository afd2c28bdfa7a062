//! Samplers: pinned bits, the law's variance, the right shape of law, orthogonality. α = 10⁻⁴, fixed seeds.

use hemline_init::{
    Activation, FanMode, Initializer, KolmogorovSmirnov, Moments, WeightDistribution,
    two_sided_quantile,
};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

const ALPHA: f64 = 1e-4;
const SHAPES: [WeightDistribution; 3] = [
    WeightDistribution::Normal,
    WeightDistribution::Uniform,
    WeightDistribution::TruncatedNormal,
];

fn sample(initializer: Initializer, fan_in: usize, fan_out: usize, seed: u64) -> Vec<f32> {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    initializer
        .sample(fan_in, fan_out, Activation::Relu, &mut rng)
        .unwrap()
}

#[test]
fn the_bits_are_pinned() {
    let pinned = [
        (Initializer::default(), PINS[0]),
        (Initializer::he(WeightDistribution::Uniform), PINS[1]),
        (
            Initializer::he(WeightDistribution::TruncatedNormal),
            PINS[2],
        ),
        (
            Initializer::Glorot {
                distribution: WeightDistribution::Uniform,
            },
            PINS[3],
        ),
        (
            Initializer::LeCun {
                distribution: WeightDistribution::Normal,
            },
            PINS[4],
        ),
        (Initializer::Orthogonal { gain: 1.0 }, PINS[5]),
    ];
    for (initializer, bits) in pinned {
        let found: Vec<u32> = sample(initializer, 3, 2, 42)
            .iter()
            .take(4)
            .map(|w| w.to_bits())
            .collect();
        assert_eq!(found, bits, "{initializer:?}: {found:#x?}");
    }
}

const PINS: [[u32; 4]; 6] = [
    [0x3ec7_d17a, 0x3f8b_6d01, 0xbe30_4dd6, 0x3ec7_2292],
    [0x3f03_b4f8, 0x3fa3_0461, 0xbe51_ef57, 0x3eb8_700f],
    [0x3ee3_29b0, 0x3f9e_817f, 0xbe48_6e47, 0x3ee2_62d9],
    [0x3ecc_0a1b, 0x3f7c_8b87, 0xbe22_9d6a, 0x3e8e_dd67],
    [0x3e8d_4af8, 0x3f45_2d88, 0xbdf9_54e3, 0x3e8c_cf4b],
    [0x3eaa_d01b, 0x3f6e_5fb6, 0xbe16_b645, 0x3eee_4e27],
];

#[test]
fn variances_are_the_published_formulas() {
    let distribution = WeightDistribution::Normal;
    let he = |fan| Initializer::He { distribution, fan };
    let (fan_in, fan_out) = (300, 100);
    let table = [
        (he(FanMode::FanIn), 2.0 / 300.0),
        (he(FanMode::FanOut), 2.0 / 100.0),
        (he(FanMode::Average), 2.0 / 200.0),
        (Initializer::Glorot { distribution }, 2.0 / 400.0),
        (Initializer::LeCun { distribution }, 1.0 / 300.0),
        (
            Initializer::VarianceScaling {
                gain: 3.0,
                distribution,
                fan: FanMode::FanIn,
            },
            9.0 / 300.0,
        ),
        (Initializer::Orthogonal { gain: 2.0 }, 4.0 / 300.0),
        (Initializer::Constant { value: 3.0 }, 0.0),
    ];
    for (initializer, variance) in table {
        let found = initializer
            .variance(fan_in, fan_out, Activation::Relu)
            .unwrap();
        assert!(
            (found - variance).abs() <= 1e-15,
            "{initializer:?}: {found}"
        );
    }
    let leaky = Activation::LeakyRelu { slope: 0.5 };
    let found = he(FanMode::FanIn).variance(fan_in, fan_out, leaky).unwrap();
    assert!((found - 2.0 / (1.25 * 300.0)).abs() < 1e-15);
}

#[test]
fn samples_follow_their_law() {
    for shape in SHAPES {
        let initializer = Initializer::he(shape);
        let weights = sample(initializer, 500, 400, 9);
        let deviation = (2.0_f64 / 500.0).sqrt();
        let mut scaled: Vec<f64> = weights.iter().map(|w| f64::from(*w) / deviation).collect();
        let mut moments = Moments::new();
        moments.extend(&scaled).unwrap();
        let (low, high) = moments
            .variance_estimate()
            .unwrap()
            .interval(ALPHA)
            .unwrap();
        assert!(low < 1.0 && 1.0 < high, "{shape:?}: [{low}, {high}]");
        // An untruncated variance would be 1.29 times as large: the interval has to be able to see that.
        assert!(high - low < 0.05);
        let (low, high) = moments.mean_estimate().unwrap().interval(ALPHA).unwrap();
        assert!(low < 0.0 && 0.0 < high);
        assert!(
            (moments.kurtosis() - shape.kurtosis()).abs() < 0.06,
            "{}",
            moments.kurtosis()
        );
        if let Some(bound) = shape.bound() {
            assert!(scaled.iter().all(|w| w.abs() <= bound * (1.0 + 1e-6)));
        }
        let test =
            KolmogorovSmirnov::one_sample(&mut scaled, |w| shape.cumulative(w), ALPHA).unwrap();
        assert!(test.holds(), "{shape:?}: {test:?}");
        for other in SHAPES.into_iter().filter(|other| *other != shape) {
            let test =
                KolmogorovSmirnov::one_sample(&mut scaled, |w| other.cumulative(w), ALPHA).unwrap();
            assert!(!test.holds(), "{shape:?} taken for {other:?}");
        }
    }
}

#[test]
fn orthogonal_matrices_are_orthogonal_and_unbiased() {
    for (fan_in, fan_out) in [(5, 5), (3, 7), (7, 3), (1, 4), (64, 32)] {
        let weights = sample(Initializer::Orthogonal { gain: 2.0 }, fan_in, fan_out, 3);
        let entry = |row: usize, column: usize| f64::from(weights[row * fan_in + column]);
        let by_rows = fan_out <= fan_in;
        let (count, length) = (fan_in.min(fan_out), fan_in.max(fan_out));
        for i in 0..count {
            for j in 0..=i {
                let dot: f64 = (0..length)
                    .map(|k| {
                        if by_rows {
                            entry(i, k) * entry(j, k)
                        } else {
                            entry(k, i) * entry(k, j)
                        }
                    })
                    .sum();
                let exact = if i == j { 4.0 } else { 0.0 };
                assert!(
                    (dot - exact).abs() < 1e-5,
                    "{fan_out}×{fan_in}: ({i}, {j}) = {dot}"
                );
            }
        }
    }
    // A QR without a sign rule gives a first entry of one sign only.
    let positive =
        (0..400).filter(|seed| sample(Initializer::Orthogonal { gain: 1.0 }, 2, 2, *seed)[0] > 0.0);
    assert!((140..260).contains(&positive.count()));
}

#[test]
fn rules_survive_a_file() {
    let text = r#"{"he":{"distribution":"truncated_normal","fan":"fan_out"}}"#;
    let rule: Initializer = serde_json::from_str(text).unwrap();
    let distribution = WeightDistribution::TruncatedNormal;
    assert_eq!(
        rule,
        Initializer::He {
            distribution,
            fan: FanMode::FanOut
        }
    );
    assert_eq!(serde_json::to_string(&rule).unwrap(), text);
    assert_eq!(
        serde_json::from_str::<Initializer>(r#"{"he":{}}"#).unwrap(),
        Initializer::default()
    );
}

proptest! {
    #[test]
    fn the_mean_square_follows_any_fans(fan_in in 1_usize..200, fan_out in 1_usize..200, seed: u64, shape in 0_usize..3) {
        let initializer = Initializer::he(SHAPES[shape]);
        let weights = sample(initializer, fan_in, fan_out, seed);
        prop_assert_eq!(weights.len(), fan_in * fan_out);
        let law = initializer.variance(fan_in, fan_out, Activation::Relu).unwrap();
        let count = weights.len() as f64;
        let square: f64 = weights.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / count;
        // α = 10⁻⁹ over 256 cases; a normal approximation of χ² needs some count.
        if count > 200.0 {
            let error = ((SHAPES[shape].kurtosis() - 1.0) / count).sqrt() * law;
            prop_assert!((square - law).abs() < 1.3 * two_sided_quantile(1e-9).unwrap() * error);
        }
    }
}
