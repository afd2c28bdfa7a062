//! The gradients of weights whose inputs are mostly zero: sums over the examples that have the inputs.

use pulp::Simd;

use super::block::EXAMPLES;
use super::gradient::Examples;
use super::nonzero::PAIR;
use super::tiles::add_outer;

/// Examples one by one, and which of them have an input.
#[derive(Debug)]
pub(super) struct Sparse<'a, S: Simd> {
    /// What went in, and the gradients by what came out.
    examples: [(&'a [f32], &'a [S::f32s]); EXAMPLES],
    count: usize,
    /// For each two inputs, a bit for each of the first 32 examples, and for each of the others if there are any.
    nonzero: [&'a [u32]; 2],
}

/// The same for the tiles of a panel, of `R` inputs by `V` vectors of outputs: looked up here, an example costs a tile
/// little more than its arithmetic.
#[derive(Debug)]
pub(super) struct Tiles<'a, S: Simd, const V: usize, const R: usize> {
    /// The inputs of each tile.
    inputs: [&'a [[f32; R]]; EXAMPLES],
    gradients: [&'a [S::f32s; V]; EXAMPLES],
    /// Bits for the inputs of the first tile, and for the others.
    nonzero: [&'a [u32]; 2],
}

impl<'a, S: Simd> Sparse<'a, S> {
    /// `width` numbers make a row of gradients.
    #[inline(always)]
    pub(super) fn new(parts: &[Examples<'a>], width: usize, nonzero: [&'a [u32]; 2]) -> Self {
        let mut examples: [(&[f32], &[S::f32s]); EXAMPLES] = [(&[], &[]); EXAMPLES];
        let mut places = examples.iter_mut();
        let mut count = 0;
        for part in parts {
            let inputs = part.inputs.chunks(part.stride);
            let gradients = part.gradients.chunks(width);
            for ((inputs, gradients), place) in inputs.zip(gradients).zip(&mut places) {
                *place = (inputs, S::as_simd_f32s(gradients).0);
                count += 1;
            }
        }
        Self {
            examples,
            count,
            nonzero,
        }
    }

    /// For the tiles from input number `row` on, by the outputs after `before` vectors. What there is no example for
    /// has `nothing`.
    #[inline(always)]
    pub(super) fn tiles<const V: usize, const R: usize>(
        &self,
        [before, row]: [usize; 2],
        nothing: &'a [S::f32s; V],
    ) -> Tiles<'a, S, V, R> {
        let mut tiles = Tiles {
            inputs: [&[][..]; EXAMPLES],
            gradients: [nothing; EXAMPLES],
            nonzero: self
                .nonzero
                .map(|bits| bits.get(row / PAIR..).unwrap_or_default()),
        };
        let mut number = 0;
        while number < self.count.min(EXAMPLES) {
            let (inputs, gradients) = self.examples[number];
            let Some(vectors) = gradients[before..].first_chunk() else {
                unreachable!("every example has all outputs");
            };
            tiles.inputs[number] = inputs[row..].as_chunks().0;
            tiles.gradients[number] = vectors;
            number += 1;
        }
        tiles
    }
}

impl<S: Simd, const V: usize, const R: usize> Tiles<'_, S, V, R> {
    /// Adds what the examples make to the sums of tile number `tile`.
    #[inline(always)]
    pub(super) fn add(
        &self,
        simd: S,
        mut sums: [[S::f32s; V]; R],
        tile: usize,
    ) -> [[S::f32s; V]; R] {
        let [mut low, mut high] = [0, 0];
        let mut pair = tile * R / PAIR;
        while pair < (tile * R + R).div_ceil(PAIR) {
            low |= self.nonzero[0][pair];
            high |= self.nonzero[1].get(pair).copied().unwrap_or(0);
            pair += 1;
        }
        let mut bits = u64::from(low) | u64::from(high) << u32::BITS;
        while bits != 0 {
            let example = bits.trailing_zeros() as usize % EXAMPLES;
            bits &= bits - 1;
            sums = add_outer(
                simd,
                sums,
                self.inputs[example][tile],
                *self.gradients[example],
            );
        }
        sums
    }
}
