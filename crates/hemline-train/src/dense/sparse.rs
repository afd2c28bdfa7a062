//! The gradients of weights whose inputs are mostly zero: sums over the examples that have the inputs.

use pulp::Simd;

use super::block::EXAMPLES;
use super::gradient::Examples;
use super::nonzero::PAIR;
use super::tiles::add_outer;

/// Examples one by one as the tiles of a panel meet them, of `R` inputs by `V` vectors of outputs; and which of them
/// have an input. Looked up here, an example costs a tile little more than its arithmetic.
#[derive(Debug)]
pub(super) struct Tiles<'a, S: Simd, const V: usize, const R: usize> {
    /// What went in, for each tile.
    inputs: [&'a [[f32; R]]; EXAMPLES],
    /// The gradients by what came out.
    gradients: [&'a [S::f32s; V]; EXAMPLES],
    /// For each two inputs from the first tile on, a bit for each of the first 32 examples, and for each of the
    /// others if there are any.
    nonzero: [&'a [u32]; 2],
}

impl<'a, S: Simd, const V: usize, const R: usize> Tiles<'a, S, V, R> {
    /// For the tiles from input number `row` on, which is even, by the outputs after `before` vectors. `width` numbers
    /// make a row of gradients; what there is no example for has `nothing`.
    #[inline(always)]
    pub(super) fn new(
        parts: &[Examples<'a>],
        width: usize,
        nonzero: [&'a [u32]; 2],
        [before, row]: [usize; 2],
        nothing: &'a [S::f32s; V],
    ) -> Self {
        let mut tiles = Self {
            inputs: [&[]; EXAMPLES],
            gradients: [nothing; EXAMPLES],
            nonzero: nonzero.map(|bits| bits.get(row / PAIR..).unwrap_or_default()),
        };
        // Plain loops: what is not inlined here is called for every example.
        let (mut part, mut number) = (0, 0);
        while part < parts.len() {
            let Examples {
                inputs,
                stride,
                gradients,
            } = parts[part];
            let (mut left, mut right) = (inputs, gradients);
            while !right.is_empty() && number < EXAMPLES {
                let (vectors, _) = S::as_simd_f32s(right);
                let Some(vectors) = vectors[before..].first_chunk() else {
                    unreachable!("every example has all outputs");
                };
                tiles.inputs[number] = left[row..].as_chunks().0;
                tiles.gradients[number] = vectors;
                left = &left[stride.min(left.len())..];
                right = &right[width.min(right.len())..];
                number += 1;
            }
            part += 1;
        }
        tiles
    }

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
