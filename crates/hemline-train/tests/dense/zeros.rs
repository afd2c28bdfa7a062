//! Inputs of zero are left out of the first layer's products, and change no number by it.

use hemline_train::{DenseActivation, DenseBatch, DenseInputs, DenseLayer, DenseTargets};

use super::{learner, step, wide};

/// Steps enough that it is decided three times whether to look for zeros: on and off and on again.
const STEPS: usize = 130;

/// The pixels of a step's examples: of varying number, and with zeros that are mostly neighbours but for some
/// steps, the 65th among them, that have none.
fn pixels(number: usize) -> Vec<u8> {
    let examples = if number.is_multiple_of(5) { 100 } else { 41 };
    let pixels = (0..600 * examples).map(|index| {
        let (example, input) = (index / 600, index % 600);
        let together = ((input + 3 * example + number) / 20).is_multiple_of(2);
        if number % 20 != 4 && (together || index.is_multiple_of(13)) {
            0
        } else {
            1 + (index * 29 % 255) as u8
        }
    });
    pixels.collect()
}

/// The losses, and the layers in the end, where inputs go in as bytes or, with `zero` for 0, as numbers.
fn train(threads: usize, zero: Option<f32>) -> (Vec<f64>, Vec<DenseLayer>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads can be had").install(|| {
        let mut learner = learner(wide());
        let losses = (0..STEPS).map(|number| {
            let pixels = pixels(number);
            let scaled = pixels.iter().map(|&pixel| f32::from(pixel) / 255.0);
            let targets = DenseTargets::Values(scaled.clone().collect());
            let inputs = match zero {
                None => DenseInputs::Bytes(pixels),
                Some(zero) => {
                    let numbers = scaled.map(|x| if x == 0.0 { zero } else { x });
                    DenseInputs::Values(numbers.collect())
                }
            };
            step(&mut learner, DenseBatch { inputs, targets }).expect("the batch fits")
        });
        (losses.collect(), learner.layers())
    })
}

#[test]
fn zeros_left_out_change_no_number() {
    let left_out = train(1, None);
    // So near to zero that no sum changes, and yet not to be left out.
    assert_eq!(train(1, Some(f32::from_bits(1))), left_out);
    assert_eq!(train(1, Some(-0.0)), left_out);
    for threads in [2, 5] {
        assert_eq!(train(threads, None), left_out);
    }
    assert!(left_out.0[STEPS - 1] < left_out.0[0]);
}

#[test]
fn few_inputs_may_be_zero_too() {
    for (inputs, examples) in [(1, 40), (6, 33), (20, 70), (130, 5)] {
        let train = |zero: f32| {
            let weight = (0..50 * inputs).map(|index| (index % 7) as f32 - 3.5);
            let activation = DenseActivation::Identity;
            let layer = DenseLayer::new(weight.collect(), vec![0.5; 50], activation);
            let mut learner = learner(vec![layer]);
            let losses = (0..3).map(|_| {
                let x = (0..inputs * examples).map(|index| match index % 5 {
                    0 => 1.0 + (index % 11) as f32,
                    _ => zero,
                });
                let batch = DenseBatch {
                    inputs: DenseInputs::Values(x.collect()),
                    targets: DenseTargets::Values(vec![0.25; 50 * examples]),
                };
                step(&mut learner, batch).expect("the batch fits")
            });
            (losses.collect::<Vec<_>>(), learner.layers())
        };
        let left_out = train(0.0);
        // So near to zero that no sum changes, and yet not to be left out.
        assert_eq!(train(f32::from_bits(1)), left_out, "{inputs}");
        assert!(left_out.0[2] < left_out.0[0]);
    }
}
