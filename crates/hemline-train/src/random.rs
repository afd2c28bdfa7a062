//! The generators of a run, each a pure function of the seed and of what it is for.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

/// What a generator's numbers are used for. Different purposes never share a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Purpose {
    /// The initial weights; the index is free for the caller (0 for a single model).
    Weights,
    /// The division of the data into parts.
    Split,
    /// The order of the examples; the index is the epoch.
    Shuffle,
    /// Dropout masks and other noise within a step; the index is the iteration.
    Step,
    /// What a trained model is measured on beside the data, such as images of noise; the index is
    /// free for the caller.
    Evaluation,
}

impl Purpose {
    /// The upper byte of the ChaCha stream number, which keeps the purposes apart for the first
    /// 2⁵⁶ indices.
    fn tag(self) -> u64 {
        match self {
            Self::Weights => 1,
            Self::Split => 2,
            Self::Shuffle => 3,
            Self::Step => 4,
            Self::Evaluation => 5,
        }
    }
}

/// The ChaCha8 generator for one purpose and one index of a run.
///
/// The key comes from `seed`, the 64-bit stream number from `purpose` and `index`. Streams of one
/// key are independent (Bernstein, *ChaCha, a variant of Salsa20*, 2008), so the state of all
/// generators of a run is described by three integers, and nothing has to be carried from one
/// iteration to the next.
///
/// ```
/// use hemline_train::{Purpose, generator};
/// use rand_chacha::rand_core::Rng;
///
/// let first = generator(7, Purpose::Shuffle, 0).next_u64();
/// assert_eq!(first, generator(7, Purpose::Shuffle, 0).next_u64());
/// assert_ne!(first, generator(7, Purpose::Shuffle, 1).next_u64());
/// assert_ne!(first, generator(7, Purpose::Step, 0).next_u64());
/// ```
pub fn generator(seed: u64, purpose: Purpose, index: u64) -> ChaCha8Rng {
    const INDEX_BITS: u32 = 56;
    let mut generator = ChaCha8Rng::seed_from_u64(seed);
    generator.set_stream((purpose.tag() << INDEX_BITS) | (index & ((1 << INDEX_BITS) - 1)));
    generator
}
