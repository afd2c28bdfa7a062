//! Inputs of zero are left out of the first layer's products, and change no bit by it.

use hemline_train::{DenseBatch, DenseInputs};

use super::{images, learner, numbers, step, wide};

/// The same examples with zeros among the inputs, mostly neighbours, or with `zero` in their place.
fn with_zeros(zero: f32) -> DenseBatch {
    let mut numbers = numbers(images());
    for (index, number) in numbers.iter_mut().enumerate() {
        let (example, input) = (index / 600, index % 600);
        if ((input + 3 * example) / 20).is_multiple_of(2) || index.is_multiple_of(13) {
            *number = zero;
        }
    }
    DenseBatch {
        inputs: DenseInputs::Values(numbers),
        ..images()
    }
}

/// The losses of 70 steps, and the layers after them. The targets are always those with zeros.
fn train(threads: usize, zero: f32) -> (Vec<f64>, Vec<hemline_train::DenseLayer>) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
    pool.build().expect("threads can be had").install(|| {
        let mut learner = learner(wide());
        let targets = hemline_train::DenseTargets::Values(numbers(with_zeros(0.0)));
        let losses = (0..70).map(|number| {
            // Some steps without any zero: whether to look for them is decided anew now and then.
            let batch = if number % 9 == 4 {
                images()
            } else {
                with_zeros(zero)
            };
            let targets = targets.clone();
            step(&mut learner, DenseBatch { targets, ..batch }).expect("the batch fits")
        });
        (losses.collect(), learner.layers())
    })
}

#[test]
fn zeros_left_out_change_no_bit() {
    let left_out = train(1, 0.0);
    // So near to zero that no sum changes, and yet not to be left out.
    assert_eq!(train(1, f32::from_bits(1)), left_out);
    for threads in [2, 5] {
        assert_eq!(train(threads, 0.0), left_out);
    }
    assert!(left_out.0[69] < left_out.0[0]);
}
