//! The product of a weight matrix and the activations of a piece, in registers.

use pulp::{NullaryFnOnce, Simd, WithSimd};

/// The most outputs of a tile: with two vectors of examples each they are twelve sums, which with their
/// three operands fit the sixteen vector registers of AVX2 and hide the latency of its multiply-adds.
const TILE: usize = 6;

/// z = Wᵀh + b for one layer, feature by feature: h is [inputs, PIECE], z [outputs, PIECE], W
/// [inputs, outputs]. The examples lie side by side, so nothing has to be rearranged for the vectors, and
/// each z is summed up over the inputs in their order, whatever the vectors' width.
///
/// It replaces a general matrix product, which packs both operands anew at each point: that took as long
/// again as the multiplications.
pub(super) struct Product<'a, const PIECE: usize> {
    pub(super) inputs: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) bias: Option<&'a [f32]>,
    pub(super) outputs: &'a mut [f32],
}

impl<const PIECE: usize> WithSimd for Product<'_, PIECE> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.outputs.len() / PIECE;
        // Tiles of nearly the same size: a last one of a single output would wait for its own sums.
        let tiles = width.div_ceil(TILE);
        let mut first = 0;
        let mut rest = self.outputs;
        for tile in 0..tiles {
            let next = (tile + 1) * width / tiles;
            let (outputs, behind) = rest.split_at_mut((next - first) * PIECE);
            rest = behind;
            let bias = self.bias.map(|bias| &bias[first..next]);
            let part = (self.inputs, self.weight, bias);
            match next - first {
                1 => columns::<S, PIECE, 1>(simd, part, width, first, outputs),
                2 => columns::<S, PIECE, 2>(simd, part, width, first, outputs),
                3 => columns::<S, PIECE, 3>(simd, part, width, first, outputs),
                4 => columns::<S, PIECE, 4>(simd, part, width, first, outputs),
                5 => columns::<S, PIECE, 5>(simd, part, width, first, outputs),
                _ => columns::<S, PIECE, TILE>(simd, part, width, first, outputs),
            }
            first = next;
        }
    }
}

/// `T` outputs of all examples of a piece, the first of which is `first`.
#[inline(always)]
fn columns<S: Simd, const PIECE: usize, const T: usize>(
    simd: S,
    (inputs, weight, bias): (&[f32], &[f32], Option<&[f32]>),
    width: usize,
    first: usize,
    outputs: &mut [f32],
) {
    let start = bias.and_then(|bias| bias.first_chunk::<T>());
    let start = start.copied().unwrap_or([0.0; T]);
    let (rows, _) = inputs.as_chunks::<PIECE>();
    let (outputs, _) = outputs.as_chunks_mut::<PIECE>();
    // PIECE is a multiple of two vectors of any width.
    for place in 0..PIECE / (2 * S::F32_LANES) {
        simd.vectorize(Tile {
            simd,
            rows,
            place,
            weight: &weight[first..],
            width,
            start,
            outputs,
        });
    }
}

/// `T` outputs of two vectors of examples. A function of its own, since all of its sums have to stay in
/// registers; with loops over indices, since iterators were not inlined, which cost five times the
/// multiplications.
struct Tile<'a, S, const PIECE: usize, const T: usize> {
    simd: S,
    rows: &'a [[f32; PIECE]],
    place: usize,
    /// From the first of these outputs on.
    weight: &'a [f32],
    width: usize,
    start: [f32; T],
    outputs: &'a mut [[f32; PIECE]],
}

impl<S: Simd, const PIECE: usize, const T: usize> NullaryFnOnce for Tile<'_, S, PIECE, T> {
    type Output = ();

    #[allow(clippy::needless_range_loop, reason = "iterators are not inlined here")]
    #[inline(always)]
    fn call(self) {
        let Self { simd, place, .. } = self;
        let mut left = [simd.splat_f32s(0.0); T];
        for t in 0..T {
            left[t] = simd.splat_f32s(self.start[t]);
        }
        let mut right = left;
        let mut from = 0;
        for row in self.rows {
            let (examples, _) = S::as_simd_f32s(row);
            let (a, b) = (examples[2 * place], examples[2 * place + 1]);
            let Some(weights) = self.weight.get(from..).and_then(<[f32]>::first_chunk::<T>) else {
                return;
            };
            for t in 0..T {
                let weight = simd.splat_f32s(weights[t]);
                left[t] = simd.mul_add_f32s(a, weight, left[t]);
                right[t] = simd.mul_add_f32s(b, weight, right[t]);
            }
            from += self.width;
        }
        for (t, row) in self.outputs.iter_mut().enumerate().take(T) {
            let (vectors, _) = S::as_mut_simd_f32s(row);
            vectors[2 * place] = left[t];
            vectors[2 * place + 1] = right[t];
        }
    }
}
