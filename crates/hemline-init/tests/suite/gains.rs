//! Gains against 30-digit values; `fixtures/gains.py` printed them.

use hemline_init::{Activation, FromFunctions, Pointwise, gain, gain_of, second_moment};

const FIXTURE: &str = include_str!("../fixtures/gains.csv");

fn named(name: &str) -> Activation {
    match name.rsplit_once('_') {
        Some(("leaky_relu", slope)) => Activation::LeakyRelu {
            slope: slope.parse().unwrap(),
        },
        Some(("elu", alpha)) => Activation::Elu {
            alpha: alpha.parse().unwrap(),
        },
        _ => serde_json::from_str(&format!("\"{name}\"")).unwrap(),
    }
}

#[test]
fn gains_meet_the_fixture() {
    let rows: Vec<&str> = FIXTURE.lines().skip(1).collect();
    assert_eq!(rows.len(), 14);
    for row in rows {
        let cells: Vec<&str> = row.split(',').collect();
        let activation = named(cells[0]);
        let (moment, exact): (f64, f64) = (cells[1].parse().unwrap(), cells[2].parse().unwrap());
        let found = [gain(activation).unwrap(), gain_of(&activation).unwrap()];
        assert!(
            (second_moment(activation).unwrap() - moment).abs() < 1e-12,
            "{row}"
        );
        for gain in found {
            assert!((gain - exact).abs() < 1e-12, "{row}: {gain}");
        }
    }
}

#[test]
fn gains_meet_the_published_digits() {
    let table = [
        (Activation::Tanh, 1.592_537),
        (Activation::Sigmoid, 1.846_229),
        (Activation::Elu { alpha: 1.0 }, 1.245_198),
        (Activation::Selu, 1.0),
        (Activation::Gelu, 1.533_530),
        (Activation::Silu, 1.676_532),
        (Activation::Mish, 1.486_848),
        (Activation::Softplus, 1.041_867),
    ];
    for (activation, digits) in table {
        assert!(
            (gain(activation).unwrap() - digits).abs() < 6e-7,
            "{activation:?}"
        );
    }
    assert_eq!(gain(Activation::Relu).unwrap(), std::f64::consts::SQRT_2);
}

#[test]
fn a_kink_away_from_zero_costs_no_digits() {
    // E[max(0, z − 1)²] = 2Φ(−1) − φ(1), with the kink named and not.
    let exact: f64 = 2.0 * 0.158_655_253_931_457_05 - 0.241_970_724_519_143_37;
    for kinks in [vec![1.0], vec![], vec![1.0, f64::NAN, -3.0]] {
        let shifted = FromFunctions::new(
            |z: f64| (z - 1.0).max(0.0),
            |z: f64| f64::from(z > 1.0),
            kinks,
        );
        assert!((gain_of(&shifted).unwrap() - exact.sqrt().recip()).abs() < 1e-10);
    }
}

#[test]
fn derivatives_are_those_of_the_values() {
    let all = FIXTURE
        .lines()
        .skip(1)
        .map(|row| named(row.split(',').next().unwrap()));
    for activation in all {
        for z in [-30.0, -3.0, -0.7, 0.2, 1.3, 30.0] {
            let step = 1e-5;
            let slope = (activation.value(z + step) - activation.value(z - step)) / (2.0 * step);
            assert!(
                (slope - activation.derivative(z)).abs() < 1e-8,
                "{activation:?} at {z}"
            );
        }
        for z in [-1e300, -800.0, 800.0, 1e100] {
            assert!(
                !activation.value(z).is_nan() && !activation.derivative(z).is_nan(),
                "{activation:?} at {z}"
            );
        }
    }
}
