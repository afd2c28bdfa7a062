//! The product of a weight matrix and the activations of a piece, in registers.

use std::ops::Range;

use pulp::{NullaryFnOnce, Simd, WithSimd};

/// The most outputs of a tile: with two vectors of examples each they are twelve sums, which with their
/// three operands fit the sixteen vector registers of AVX2 and hide the latency of its multiply-adds. The 32
/// registers of AVX-512 have room for four vectors each: ten loads for 24 multiply-adds instead of eight for twelve.
const TILE: usize = 6;
/// The lanes of AVX-512.
const WIDE: usize = 16;

/// z = max(floor, Wᵀh + b) for one layer, feature by feature: h is [inputs, PIECE], z [outputs, PIECE], W
/// [inputs, outputs] but tile after tile, see [`tiles`]. The examples lie side by side, so nothing has to be
/// rearranged for the vectors, and each z is summed up over the inputs in their order, whatever the vectors'
/// width.
///
/// It replaces a general matrix product, which packs both operands anew at each point: that took as long
/// again as the multiplications.
pub(super) struct Product<'a, const PIECE: usize> {
    pub(super) inputs: &'a [f32],
    pub(super) weight: &'a [f32],
    pub(super) bias: Option<&'a [f32]>,
    /// 0 where a ReLU follows, else −∞.
    pub(super) floor: f32,
    pub(super) outputs: &'a mut [f32],
}

impl<const PIECE: usize> WithSimd for Product<'_, PIECE> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let width = self.outputs.len() / PIECE;
        let (rows, _) = self.inputs.as_chunks::<PIECE>();
        let (mut weights, mut rest) = (self.weight, self.outputs);
        for tile in tiles(width) {
            let (weight, others) = weights.split_at(rows.len() * tile.len());
            let (outputs, behind) = rest.split_at_mut(tile.len() * PIECE);
            (weights, rest) = (others, behind);
            let bias = self.bias.map(|bias| &bias[tile.clone()]);
            let part = Part {
                rows,
                weight,
                bias,
                floor: self.floor,
            };
            match tile.len() {
                1 => columns::<S, PIECE, 1>(simd, part, outputs),
                2 => columns::<S, PIECE, 2>(simd, part, outputs),
                3 => columns::<S, PIECE, 3>(simd, part, outputs),
                4 => columns::<S, PIECE, 4>(simd, part, outputs),
                5 => columns::<S, PIECE, 5>(simd, part, outputs),
                _ => columns::<S, PIECE, TILE>(simd, part, outputs),
            }
        }
    }
}

/// The outputs that are computed together, tile by tile, of a layer with `width` of them: tiles of nearly
/// the same size, since a last one of a single output would wait for its own sums.
pub(super) fn tiles(width: usize) -> impl Iterator<Item = Range<usize>> {
    let tiles = width.div_ceil(TILE);
    (0..tiles).map(move |tile| tile * width / tiles..(tile + 1) * width / tiles)
}

/// What the outputs of a tile are made of.
#[derive(Clone, Copy)]
struct Part<'a, const PIECE: usize> {
    rows: &'a [[f32; PIECE]],
    weight: &'a [f32],
    bias: Option<&'a [f32]>,
    floor: f32,
}

/// `T` outputs of all examples of a piece.
#[inline(always)]
fn columns<S: Simd, const PIECE: usize, const T: usize>(
    simd: S,
    part: Part<'_, PIECE>,
    outputs: &mut [f32],
) {
    if S::F32_LANES == WIDE {
        vectors::<S, PIECE, T, 4>(simd, part, outputs);
    } else {
        vectors::<S, PIECE, T, 2>(simd, part, outputs);
    }
}

/// The same, `V` vectors of examples at a time.
#[inline(always)]
fn vectors<S: Simd, const PIECE: usize, const T: usize, const V: usize>(
    simd: S,
    part: Part<'_, PIECE>,
    outputs: &mut [f32],
) {
    const {
        assert!(
            PIECE.is_multiple_of(V * S::F32_LANES),
            "no example is left over"
        )
    };
    let rows = part.rows;
    let start = part.bias.and_then(|bias| bias.first_chunk::<T>());
    let start = start.copied().unwrap_or([0.0; T]);
    let (weights, _) = part.weight.as_chunks::<T>();
    let (outputs, _) = outputs.as_chunks_mut::<PIECE>();
    for place in 0..PIECE / (V * S::F32_LANES) {
        simd.vectorize(Tile::<S, PIECE, T, V> {
            simd,
            rows,
            place,
            weights: &weights[..rows.len()],
            start,
            floor: part.floor,
            outputs,
        });
    }
}

/// `T` outputs of `V` vectors of examples. A function of its own, since all of its sums have to stay in
/// registers; with loops over indices, since iterators were not inlined, which cost five times the
/// multiplications.
struct Tile<'a, S, const PIECE: usize, const T: usize, const V: usize> {
    simd: S,
    rows: &'a [[f32; PIECE]],
    place: usize,
    weights: &'a [[f32; T]],
    start: [f32; T],
    floor: f32,
    outputs: &'a mut [[f32; PIECE]],
}

impl<S: Simd, const PIECE: usize, const T: usize, const V: usize> NullaryFnOnce
    for Tile<'_, S, PIECE, T, V>
{
    type Output = ();

    #[allow(clippy::needless_range_loop, reason = "iterators are not inlined here")]
    #[inline(always)]
    fn call(self) {
        let Self { simd, place, .. } = self;
        let mut sums = [[simd.splat_f32s(0.0); V]; T];
        for t in 0..T {
            sums[t] = [simd.splat_f32s(self.start[t]); V];
        }
        for i in 0..self.weights.len() {
            let (examples, _) = S::as_simd_f32s(&self.rows[i]);
            let (examples, weights) = (examples.as_chunks::<V>().0[place], &self.weights[i]);
            for t in 0..T {
                let weight = simd.splat_f32s(weights[t]);
                for v in 0..V {
                    sums[t][v] = simd.mul_add_f32s(examples[v], weight, sums[t][v]);
                }
            }
        }
        let floor = simd.splat_f32s(self.floor);
        for (t, row) in self.outputs.iter_mut().enumerate().take(T) {
            let vectors = &mut S::as_mut_simd_f32s(row).0.as_chunks_mut::<V>().0[place];
            for v in 0..V {
                vectors[v] = at_least(simd, floor, sums[t][v]);
            }
        }
    }
}

/// The greater of both, but NaN where z is, which a processor's own maximum may leave out.
#[inline(always)]
pub(super) fn at_least<S: Simd>(simd: S, floor: S::f32s, z: S::f32s) -> S::f32s {
    simd.select_f32s(simd.less_than_f32s(z, floor), floor, z)
}
