//! Every device against flex: the same losses for 100 steps, weights, surfaces and files.
//!
//! Everything random is drawn on the host from the seed, so two devices differ by rounding alone.

#[path = "../../support/activations.rs"]
mod activations;
mod case;
mod gathering;
mod open;
mod saved;
mod surface;
mod training;

/// What a loss or an output of two devices may be apart, as a share of flex's.
const BOUND: f64 = 1e-4;

/// How alike a device and flex have to be.
#[derive(Clone, Copy)]
#[allow(dead_code, reason = "a build has some of the devices")]
enum Likeness {
    /// But for rounding, within the bounds.
    Rounded,
    /// To the last bit.
    Exact,
}

/// The largest difference of `found` from `expected`, as a share of the largest of `expected`, which is
/// taken to be `floor` at least.
fn apart(found: &[f32], expected: &[f32], floor: f32) -> f64 {
    assert_eq!(found.len(), expected.len());
    let largest = expected
        .iter()
        .fold(floor, |largest, value| largest.max(value.abs()));
    let shares = found
        .iter()
        .zip(expected)
        .map(|(found, expected)| f64::from((found - expected).abs() / largest));
    // Not `max`, which would pass over a NaN.
    shares.fold(
        0.0,
        |worst, share| if share <= worst { worst } else { share },
    )
}

/// The tests on one device.
macro_rules! parity {
    ($feature:literal, $device:ident) => {
        #[cfg(feature = $feature)]
        mod $device {
            #[test]
            fn a_minibatch_costs_the_same_out_of_any_set() {
                super::open::$device(super::gathering::agrees);
            }

            #[test]
            fn a_hundred_steps_agree_with_flex() {
                super::open::$device(super::training::agrees);
            }

            #[test]
            fn the_landscape_agrees_with_flex() {
                super::open::$device(super::surface::agrees);
            }

            #[test]
            fn saved_weights_are_exchanged_with_flex() {
                super::open::$device(super::saved::agrees);
            }
        }
    };
}

parity!("ndarray", ndarray);
parity!("wgpu", wgpu);
parity!("cuda", cuda);
parity!("remote", remote);
