//! The gradients of weights whose inputs are mostly zero: sums over the examples that have the inputs.

use pulp::Simd;

use super::block::EXAMPLES;
use super::gradient::Examples;
use super::share::BLOCK_INPUTS;
use super::tiles::{SPARSE, add_outer};

/// Examples one by one as the tiles of a panel meet them, of `R` inputs by `V` vectors of outputs; and which of them
/// have an input. Looked up here, an example costs a tile little more than its arithmetic.
#[derive(Debug)]
pub(super) struct Tiles<'a, S: Simd, const V: usize, const R: usize> {
    /// What went in, and what follows: as much as a block may have, so that no tile need ask whether it is there.
    inputs: [&'a [f32; BLOCK_INPUTS]; EXAMPLES],
    /// The gradients by what came out.
    gradients: [&'a [S::f32s; V]; EXAMPLES],
    /// For each [`SPARSE`] inputs, of one tile or two, a bit for each of the first 32 examples, and for each of the
    /// others if there are any.
    nonzero: [&'a [u32]; 2],
}

impl<'a, S: Simd, const V: usize, const R: usize> Tiles<'a, S, V, R> {
    /// For the tiles from input number `row` on, the first of [`SPARSE`] or among the last ones, by the outputs after
    /// `before` vectors. `width` numbers make a row of gradients; what there is no example for has `nothing`.
    #[inline(always)]
    pub(super) fn new(
        parts: &[Examples<'a>],
        width: usize,
        nonzero: [&'a [u32]; 2],
        [before, row]: [usize; 2],
        nothing: &'a [S::f32s; V],
    ) -> Self {
        let mut tiles = Self {
            inputs: [&[0.0; BLOCK_INPUTS]; EXAMPLES],
            gradients: [nothing; EXAMPLES],
            nonzero: nonzero.map(|bits| bits.get(row / SPARSE..).unwrap_or_default()),
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
                let inputs = left[row..].first_chunk();
                let (Some(inputs), Some(vectors)) = (inputs, vectors[before..].first_chunk())
                else {
                    unreachable!(
                        "an example has all outputs, and as much follows it as a block has"
                    );
                };
                tiles.inputs[number] = inputs;
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
        let [low, high] = self
            .nonzero
            .map(|bits| bits.get(tile * R / SPARSE).copied().unwrap_or(0));
        let mut bits = u64::from(low) | u64::from(high) << u32::BITS;
        let first = (tile * R).min(BLOCK_INPUTS - R);
        while bits != 0 {
            let example = bits.trailing_zeros() as usize % EXAMPLES;
            bits &= bits - 1;
            let mut factors = [0.0; R];
            let mut r = 0;
            while r < R {
                factors[r] = self.inputs[example][first + r];
                r += 1;
            }
            sums = add_outer(simd, sums, &factors, self.gradients[example]);
        }
        sums
    }
}
