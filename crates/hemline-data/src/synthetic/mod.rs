//! The built-in set: ten kinds of garments, drawn from a seed, for machines without data.

mod canvas;
mod fabric;
mod garment;
mod others;
mod pose;
mod shoes;
mod top;
mod tops;

pub use garment::CLASS_NAMES;

use crate::{DataSet, Error, Images, LabelledImages};
use canvas::{PIXELS, SIDE};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// The stream of the first test image; training images have the streams below it.
const TEST_STREAMS: u64 = 1 << 32;

/// The recipe of a synthetic set in the form of Fashion-MNIST: 28 × 28 pixels, ten classes.
///
/// Image i shows class i mod 10, so that the classes are balanced, and is drawn from ChaCha8 with
/// the recipe's seed and stream i (training) or 2³² + i (test). Any number of threads therefore
/// draws the same bits, a smaller set is the beginning of a larger one, and the two parts never
/// share a stream. Shapes are polygons with exact area coverage; size, cut, position, rotation,
/// shading, stripes, prints, occlusions and noise are random, and similar classes overlap.
/// `docs/data.md` says how hard the set is.
///
/// # Example
///
/// ```
/// use hemline_data::SyntheticGarments;
///
/// let data = SyntheticGarments { train: 50, test: 10, ..Default::default() }.draw()?;
/// assert_eq!(data.development().class_counts(), [5; 10]);
/// # Ok::<(), hemline_data::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SyntheticGarments {
    /// The seed of every image.
    pub seed: u64,
    /// Number of training images.
    pub train: usize,
    /// Number of test images.
    pub test: usize,
}

impl Default for SyntheticGarments {
    /// The sizes of Fashion-MNIST, with seed 0.
    fn default() -> Self {
        Self {
            seed: 0,
            train: 60_000,
            test: 10_000,
        }
    }
}

impl SyntheticGarments {
    /// Draws the set on all threads of the current rayon pool.
    ///
    /// # Errors
    ///
    /// [`Error::SyntheticSize`] unless both sizes lie in [1, 2³²).
    pub fn draw(&self) -> Result<DataSet, Error> {
        let train = self.part("training", self.train, 0)?;
        let test = self.part("test", self.test, TEST_STREAMS)?;
        let source = format!("built in, drawn from seed {}", self.seed);
        DataSet::new("synthetic garments", &source, train, test)
    }

    fn part(&self, part: &'static str, count: usize, first: u64) -> Result<LabelledImages, Error> {
        let wrong = || Error::SyntheticSize { part, found: count };
        if count == 0 || u32::try_from(count).is_err() {
            return Err(wrong());
        }
        let mut pixels = vec![0; count.checked_mul(PIXELS).ok_or_else(wrong)?];
        let seeded = ChaCha8Rng::seed_from_u64(self.seed);
        pixels
            .par_chunks_exact_mut(PIXELS)
            .enumerate()
            .for_each(|(index, image)| {
                let mut rng = seeded.clone();
                rng.set_stream(first + index as u64);
                garment::draw_garment(class_of(index), &mut rng, image);
            });
        let labels = (0..count).map(class_of).collect();
        let images = Images::new(pixels, count, SIDE, SIDE)?;
        LabelledImages::new(images, labels, CLASS_NAMES.len())
    }
}

fn class_of(index: usize) -> u32 {
    (index % CLASS_NAMES.len()) as u32
}
