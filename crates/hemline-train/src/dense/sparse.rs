//! The gradients of weights whose inputs are mostly zero: sums over the examples that have the inputs.

use pulp::Simd;

use super::block::EXAMPLES;
use super::gradient::Examples;
use super::tiles::add_outer;

/// Examples one by one, and which of them have an input.
#[derive(Debug)]
pub(super) struct Sparse<'a, S: Simd> {
    /// What went in, and the gradients by what came out.
    examples: [(&'a [f32], &'a [S::f32s]); EXAMPLES],
    /// For each input, a bit for each of the first 32 examples, and for each of the others if there are any.
    nonzero: [&'a [u32]; 2],
}

impl<'a, S: Simd> Sparse<'a, S> {
    /// `width` numbers make a row of gradients.
    #[inline(always)]
    pub(super) fn new(parts: &[Examples<'a>], width: usize, nonzero: [&'a [u32]; 2]) -> Self {
        let mut examples: [(&[f32], &[S::f32s]); EXAMPLES] = [(&[], &[]); EXAMPLES];
        let mut places = examples.iter_mut();
        for part in parts {
            let inputs = part.inputs.chunks(part.stride);
            let gradients = part.gradients.chunks(width);
            for ((inputs, gradients), place) in inputs.zip(gradients).zip(&mut places) {
                *place = (inputs, S::as_simd_f32s(gradients).0);
            }
        }
        Self { examples, nonzero }
    }

    /// Adds what they make to the sums of a tile: of the inputs from number `row` on, by the outputs after
    /// `before` vectors.
    #[inline(always)]
    pub(super) fn add<const V: usize, const R: usize>(
        &self,
        simd: S,
        mut sums: [[S::f32s; V]; R],
        [before, row]: [usize; 2],
    ) -> [[S::f32s; V]; R] {
        let [mut low, mut high] = [0, 0];
        let mut r = 0;
        while r < R {
            low |= self.nonzero[0][row + r];
            high |= self.nonzero[1].get(row + r).copied().unwrap_or(0);
            r += 1;
        }
        let mut bits = u64::from(low) | u64::from(high) << u32::BITS;
        while bits != 0 {
            let (inputs, gradients) = self.examples[bits.trailing_zeros() as usize % EXAMPLES];
            bits &= bits - 1;
            let (Some(factors), Some(vectors)) = (
                inputs[row..].first_chunk::<R>(),
                gradients[before..].first_chunk::<V>(),
            ) else {
                unreachable!("every example has all inputs and outputs");
            };
            sums = add_outer(simd, sums, *factors, *vectors);
        }
        sums
    }
}
