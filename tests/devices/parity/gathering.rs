//! A minibatch out of a set that is far larger: its numbers, and that the size of the set costs nothing.

#![allow(clippy::print_stderr, reason = "what was measured is worth reading")]

use std::time::{Duration, Instant};

use burn::tensor::Device;
use hemline_data::{Images, LabelledImages, TensorSet};

use super::Likeness;

/// The side of an image.
const SIDE: usize = 28;
/// The images of the large set, whose numbers take 38 MB: to copy them takes milliseconds.
const LARGE: usize = 12_000;

/// Gathers images from the sets of one image and of many.
pub(super) fn agrees(device: &Device, _likeness: Likeness) {
    let (small, large) = (set(1, device), set(LARGE, device));
    assert_eq!(first_pixel(&large, 0), first_pixel(&small, 0));
    for index in [1, 254, 255, LARGE - 1] {
        assert_eq!(first_pixel(&large, index), (index % 256) as f32 / 255.0);
    }
    // The two in turn, and the fastest of each: what else the machine does only adds time.
    let (mut few, mut many) = (Duration::MAX, Duration::MAX);
    for _ in 0..20 {
        few = few.min(time(&small));
        many = many.min(time(&large));
    }
    eprintln!("an image out of 1 took {few:?}, out of {LARGE} {many:?}");
    assert!(
        many < 2 * few + Duration::from_millis(1),
        "an image out of 1 took {few:?}, out of {LARGE} {many:?}"
    );
}

/// Images of one grey each: the image of number i has the grey i mod 256.
fn set(count: usize, device: &Device) -> TensorSet {
    let greys = (0..count).flat_map(|image| std::iter::repeat_n(image as u8, SIDE * SIDE));
    let images = Images::new(greys.collect(), count, SIDE, SIDE).unwrap();
    TensorSet::new(
        &LabelledImages::new(images, vec![0; count], 1).unwrap(),
        device,
    )
}

/// How long it takes until one image has been gathered and read.
fn time(set: &TensorSet) -> Duration {
    let start = Instant::now();
    first_pixel(set, 0);
    start.elapsed()
}

/// What the device holds in the corner of an image.
fn first_pixel(set: &TensorSet, index: usize) -> f32 {
    let corner = set.rows(&[index]).unwrap().images.slice([0..1, 0..1]);
    corner.try_into_scalar::<f32>().unwrap()
}
