//! Networks against the recursion: He keeps the variance, a framework's default does not, width adds spread.

use hemline_init::{
    Activation, Error, FanMode, FromFunctions, Initializer, LayerRow, Plan, Propagation,
    WeightDistribution, mean_field, measure_weights, propagate, relu_log_norm_step,
};
use rand::SeedableRng;

fn plan() -> Plan {
    Plan {
        workers: 2,
        seed: 6,
        ..Plan::default()
    }
}

fn run(
    activation: Activation,
    initializer: Initializer,
    widths: &[usize],
    networks: u64,
) -> Vec<LayerRow> {
    let networks = Propagation {
        widths: widths.to_vec(),
        initializer,
        batch: 4,
        networks,
    };
    propagate(&activation, &networks, &plan()).unwrap()
}

fn assert_predicted(rows: &[LayerRow]) {
    for row in rows {
        let second = row.second_moment_low..=row.second_moment_high;
        assert!(second.contains(&row.predicted_second_moment), "{row:?}");
        let gradient = row.gradient_second_moment_low..=row.gradient_second_moment_high;
        assert!(
            gradient.contains(&row.predicted_gradient_second_moment),
            "{row:?}"
        );
    }
}

#[test]
fn he_keeps_the_forward_variance_at_any_widths() {
    let rows = run(
        Activation::Relu,
        Initializer::default(),
        &[60, 200, 40, 100, 80],
        400,
    );
    assert_predicted(&rows);
    assert!(
        rows.iter()
            .all(|row| (row.predicted_second_moment - 1.0).abs() < 1e-12)
    );
    // By fan-in the gradient picks up n_out/n_in at each layer: 80/60 over the whole network.
    assert!((rows[0].predicted_gradient_second_moment - 80.0 / 60.0).abs() < 1e-12);
}

#[test]
fn fan_out_keeps_the_gradient() {
    let distribution = WeightDistribution::Uniform;
    let he = Initializer::He {
        distribution,
        fan: FanMode::FanOut,
    };
    let rows = run(Activation::Relu, he, &[60, 120, 90, 100], 400);
    assert_predicted(&rows);
    assert!(
        rows.iter()
            .all(|row| (row.predicted_gradient_second_moment - 1.0).abs() < 1e-12)
    );
}

#[test]
fn a_frameworks_default_loses_a_factor_of_six_a_layer() {
    let default = Initializer::VarianceScaling {
        gain: 1.0 / 3.0_f64.sqrt(),
        distribution: WeightDistribution::Uniform,
        fan: FanMode::FanIn,
    };
    let rows = run(Activation::Relu, default, &[128; 101], 3);
    // Variances of 10⁻⁷⁸: far below what f32 can hold, and still in proportion.
    let exact = 6.0_f64.powi(-100);
    assert!((rows[100].predicted_second_moment / exact - 1.0).abs() < 1e-9);
    assert!(rows[100].second_moment > exact * 1e-6 && rows[100].second_moment < exact * 1e6);
    let rows = run(Activation::Relu, default, &[128; 5], 200);
    assert_predicted(&rows);
}

#[test]
fn other_activations_follow_their_own_gain() {
    for activation in [
        Activation::Tanh,
        Activation::Gelu,
        Activation::LeakyRelu { slope: 0.2 },
    ] {
        let rows = run(activation, Initializer::default(), &[256; 5], 64);
        for row in &rows {
            let error = row.second_moment / row.predicted_second_moment - 1.0;
            assert!(error.abs() < 0.08, "{activation:?} {row:?}");
        }
    }
}

#[test]
fn silent_and_dead_shares_are_predicted() {
    let rows = run(Activation::Relu, Initializer::default(), &[128; 13], 100);
    for row in &rows[1..] {
        assert!((row.silent - row.predicted_silent).abs() < 0.03, "{row:?}");
        assert!((row.dead - row.predicted_dead).abs() < 0.03, "{row:?}");
    }
    // Four independent inputs at first: ½⁴.
    assert!((rows[1].predicted_dead - 0.0625).abs() < 1e-6);
}

#[test]
fn the_spread_over_networks_grows_like_depth_over_width() {
    let (depth, width) = (24, 48);
    let rows = run(
        Activation::Relu,
        Initializer::default(),
        &vec![width; depth + 1],
        1_500,
    );
    let last = rows[depth];
    let exact = 2.0 / width as f64 + depth as f64 * relu_log_norm_step(width).unwrap().variance;
    assert!(
        last.log_variance_low.unwrap() < exact && exact < last.log_variance_high.unwrap(),
        "{last:?} {exact}"
    );
    // The first-order prediction 5L/n misses terms of order L/n² only; 2/n at the input is first order too.
    assert!((last.predicted_log_variance - (2.0 + 5.0 * depth as f64) / width as f64).abs() < 1e-9);
    assert!((last.predicted_log_variance / exact - 1.0).abs() < 0.1);
    // A saturating activation forgets the deviation.
    let gain = hemline_init::gain(Activation::Tanh).unwrap();
    let tanh = mean_field(&Activation::Tanh, &[48; 200], &[gain * gain / 48.0; 199], 1).unwrap();
    assert!(tanh[199].log_variance < 0.1);
}

#[test]
fn the_random_walk_has_its_exact_step() {
    // By mpmath, with binomial weights and polygamma functions to 30 digits.
    for (width, mean, variance) in STEPS {
        let step = relu_log_norm_step(width).unwrap();
        assert!(
            (step.mean - mean).abs() < 1e-11 && (step.variance - variance).abs() < 1e-11,
            "{step:?}"
        );
    }
}

const STEPS: [(usize, f64, f64); 3] = [
    (1, -0.577_215_664_901_532_9, 4.934_802_200_544_679),
    (8, -0.398_777_269_866_756_6, 1.246_989_127_766_658_6),
    (64, -0.040_108_598_835_745_69, 0.082_997_350_556_447_6),
];

#[test]
fn any_number_of_workers_gives_the_same_rows() {
    let networks = Propagation::uniform(6, 20, Initializer::Orthogonal { gain: 1.4 });
    let run =
        |workers| propagate(&Activation::Mish, &networks, &Plan { workers, ..plan() }).unwrap();
    let one = run(1);
    assert_eq!(run(3), one);
    assert!(
        one.iter()
            .all(|row| row.csv_row().split(',').count() == LayerRow::CSV_HEADER.split(',').count())
    );
}

#[test]
fn closures_and_dead_networks_work() {
    let zero = FromFunctions::new(|_| 0.0, |_| 0.0, vec![]);
    let scaled = Initializer::LeCun {
        distribution: WeightDistribution::Normal,
    };
    let networks = Propagation {
        widths: vec![4, 4, 4],
        initializer: scaled,
        batch: 2,
        networks: 3,
    };
    let rows = propagate(&zero, &networks, &plan()).unwrap();
    assert_eq!(
        (rows[2].second_moment, rows[2].dead, rows[2].log_variance),
        (0.0, 1.0, None)
    );
    let he = Propagation {
        initializer: Initializer::default(),
        ..networks
    };
    assert_eq!(propagate(&zero, &he, &plan()).unwrap_err(), Error::NoGain);
}

#[test]
fn trained_weights_are_told_from_fresh_ones() {
    let he = Initializer::he(WeightDistribution::Uniform);
    let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(8);
    let mut weights = he.sample(200, 60, Activation::Relu, &mut rng).unwrap();
    let measure =
        |weights: &[f32]| measure_weights("1", weights, (200, 60), &he, Activation::Relu).unwrap();
    let fresh = measure(&weights);
    assert!(
        fresh.mean_z_score.abs() < 4.0 && fresh.variance_z_score.abs() < 4.0,
        "{fresh:?}"
    );
    assert!((fresh.kurtosis - 1.8).abs() < 0.05);
    weights
        .iter_mut()
        .for_each(|weight| *weight = *weight * 1.05 + 0.01);
    let moved = measure(&weights);
    assert!(
        moved.mean_z_score > 8.0 && moved.variance_z_score > 8.0,
        "{moved:?}"
    );
}
