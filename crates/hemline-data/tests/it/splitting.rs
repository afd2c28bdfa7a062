//! Splits are exact, stratified, seeded and complete.

use hemline_data::{Error, Images, LabelledImages, split};
use proptest::prelude::*;
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

/// Images whose single pixel pair tells which they are.
fn numbered(labels: Vec<u32>) -> LabelledImages {
    let pixels = (0..labels.len() as u16)
        .flat_map(u16::to_le_bytes)
        .collect();
    LabelledImages::new(Images::new(pixels, labels.len(), 1, 2).unwrap(), labels, 5).unwrap()
}

fn numbers(part: &LabelledImages) -> Vec<u16> {
    let (pairs, _) = part.images().pixels().as_chunks();
    pairs.iter().map(|&pair| u16::from_le_bytes(pair)).collect()
}

proptest! {
    #[test]
    fn parts_make_up_the_whole(
        labels in prop::collection::vec(0_u32..5, 2..300), part in 0.0_f64..1.0, seed: u64,
    ) {
        let whole = numbered(labels);
        let count = whole.count();
        let validation = ((part * count as f64) as usize).clamp(1, count - 1);
        let parts = split(&whole, validation, &mut ChaCha8Rng::seed_from_u64(seed)).unwrap();
        prop_assert_eq!(parts.validation.count(), validation);
        let (train, held_out) = (numbers(&parts.train), numbers(&parts.validation));
        prop_assert!(train.is_sorted() && held_out.is_sorted());
        let mut all = [train, held_out].concat();
        all.sort_unstable();
        prop_assert_eq!(all, (0..count as u16).collect::<Vec<_>>());
        for (class, size) in parts.validation.class_counts().into_iter().zip(whole.class_counts()) {
            let fair = size as f64 * validation as f64 / count as f64;
            prop_assert!((class as f64 - fair).abs() < 1.0);
        }
        for (number, &label) in numbers(&parts.train).iter().zip(parts.train.labels()) {
            prop_assert_eq!(label, whole.labels()[*number as usize]);
        }
    }
}

#[test]
fn the_seed_decides() {
    let whole = numbered((0..200).map(|index| index % 5).collect());
    let draw = |seed| {
        numbers(
            &split(&whole, 50, &mut ChaCha8Rng::seed_from_u64(seed))
                .unwrap()
                .validation,
        )
    };
    assert_eq!(draw(3), draw(3));
    assert_ne!(draw(3), draw(4));
}

#[test]
fn impossible_sizes() {
    let whole = numbered(vec![0, 1, 2]);
    for validation in [0, 3, usize::MAX] {
        let error = split(&whole, validation, &mut ChaCha8Rng::seed_from_u64(0)).unwrap_err();
        assert!(
            matches!(error, Error::SplitSize { available: 3, .. }),
            "{error}"
        );
    }
    assert!(matches!(
        whole.subset(&[3]),
        Err(Error::IndexOutOfRange { index: 3, count: 3 })
    ));
    assert!(matches!(whole.subset(&[]), Err(Error::PixelCount { .. })));
}

#[test]
fn a_large_choice_has_the_images_in_its_order() {
    // 24 MiB, which lie in large pages where there are any.
    let size = 1 << 23;
    let pixels = (0..2 * size).map(|index| (index * 7 / 3) as u8).collect();
    let images = Images::new(pixels, 2, 1 << 11, 1 << 12).unwrap();
    let chosen = images.subset(&[1, 0, 1]).unwrap();
    assert_eq!(
        (chosen.count(), chosen.height(), chosen.width()),
        (3, 1 << 11, 1 << 12)
    );
    for (place, index) in [1, 0, 1].into_iter().enumerate() {
        assert!(chosen.image(place) == images.image(index));
    }
    assert_ne!(images.image(0), images.image(1));
    assert!(matches!(
        images.subset(&[0, 1, 2]),
        Err(Error::IndexOutOfRange { index: 2, count: 2 })
    ));
}
