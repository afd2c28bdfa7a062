//! The built-in set: the same bits everywhere, and neither trivial nor hopeless.

use hemline_data::{Error, LabelledImages, SyntheticGarments, freeze};

/// SHA-256 of the default set when it was drawn first; another value is another data set.
const DEFAULT_SHA256: &str = "85d1993d9644b8adfd2d3930338b92648f6e80422f64a034c74c4564fb21d9a7";

#[test]
fn the_default_set_is_pinned() {
    let data = SyntheticGarments::default().draw().unwrap();
    assert_eq!(
        (data.development().count(), data.test().count()),
        (60_000, 10_000)
    );
    assert_eq!(data.development().class_counts(), [6_000; 10]);
    assert_eq!(data.provenance().sha256, DEFAULT_SHA256);
}

#[test]
fn threads_do_not_matter_and_seeds_do() {
    let draw = |threads, seed| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .unwrap();
        let recipe = SyntheticGarments {
            seed,
            train: 500,
            test: 100,
        };
        pool.install(|| recipe.draw().unwrap().provenance().sha256.clone())
    };
    assert_eq!(draw(1, 5), draw(7, 5));
    assert_ne!(draw(1, 5), draw(1, 6));
}

#[test]
fn a_smaller_set_is_the_beginning_of_a_larger_one() {
    let draw = |train| {
        SyntheticGarments {
            train,
            test: 1,
            ..Default::default()
        }
        .draw()
        .unwrap()
    };
    let (small, large) = (draw(20), draw(50));
    assert_eq!(
        small.development().images().pixels(),
        &large.development().images().pixels()[..20 * 784]
    );
}

#[test]
fn impossible_sizes() {
    for (train, test) in [(0, 1), (1, 0), (usize::MAX, 1)] {
        let error = SyntheticGarments {
            seed: 0,
            train,
            test,
        }
        .draw()
        .unwrap_err();
        assert!(matches!(error, Error::SyntheticSize { .. }), "{error}");
    }
}

/// Softmax regression by stochastic gradient descent, one image a step and in order.
fn softmax_accuracy(train: &LabelledImages, test: &LabelledImages) -> f64 {
    const EPOCHS: usize = 5;
    let (pixels, classes) = (train.images().pixels_per_image(), train.classes());
    let mut weights = vec![vec![0.0_f32; pixels + 1]; classes];
    let scores = |weights: &[Vec<f32>], image: &[f32]| -> Vec<f32> {
        let score =
            |row: &Vec<f32>| row[pixels] + row.iter().zip(image).map(|(w, x)| w * x).sum::<f32>();
        weights.iter().map(score).collect()
    };
    let images = train.images().to_f32();
    for epoch in 0..EPOCHS {
        let rate = 0.01 / (1 + epoch) as f32;
        for (image, &label) in images.chunks_exact(pixels).zip(train.labels()) {
            let scores = scores(&weights, image);
            let largest = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
            let powers: Vec<f32> = scores.iter().map(|score| (score - largest).exp()).collect();
            let total: f32 = powers.iter().sum();
            for (class, (row, power)) in weights.iter_mut().zip(&powers).enumerate() {
                let step = rate * (power / total - f32::from(u8::from(class == label as usize)));
                row.iter_mut()
                    .zip(image)
                    .for_each(|(weight, x)| *weight -= step * x);
                row[pixels] -= step;
            }
        }
    }
    let images = test.images().to_f32();
    let right = images
        .chunks_exact(pixels)
        .zip(test.labels())
        .filter(|&(image, &label)| {
            let scores = scores(&weights, image);
            let best = (0..classes).max_by(|&a, &b| scores[a].total_cmp(&scores[b]));
            best == Some(label as usize)
        });
    right.count() as f64 / test.count() as f64
}

#[test]
fn a_linear_classifier_learns_much_and_not_all() {
    let recipe = SyntheticGarments {
        seed: 1,
        train: 10_000,
        test: 4_000,
    };
    let (_, development, test) = recipe.draw().unwrap().into_parts();
    let accuracy = softmax_accuracy(&development, &test.open(&freeze(())));
    assert!((0.75..0.92).contains(&accuracy), "{accuracy}");
}
