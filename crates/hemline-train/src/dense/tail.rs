//! The few columns of a product that are no whole vector: computed along the other side of the matrix.
//!
//! Fifty outputs are three vectors of AVX-512 and two numbers. Those two would take a fourth vector, a quarter
//! of the arithmetic; along the inputs of the layer they take an eighth of that.

use pulp::{Simd, bytemuck};

use super::gradient::Examples;
use super::panels::LINE;

/// Σₖ aₖbₖ of `R` rows a, `stride` numbers apart, and a column b of `depth` numbers filled up to whole lines.
///
/// In sixteen sums at once, whatever the processor, and these two by two in the end. `G` vectors make a line.
#[inline(always)]
pub(super) fn dots<S: Simd, const R: usize, const G: usize>(
    simd: S,
    rows: &[f32],
    stride: usize,
    column: &[f32],
    depth: usize,
) -> [f32; R] {
    let (column, _) = S::as_simd_f32s(column);
    let (lines, _) = column.as_chunks::<G>();
    let mut sums = [[simd.splat_f32s(0.0); G]; R];
    let mut left: [&[f32]; R] = [&[]; R];
    let mut r = 0;
    while r < R {
        left[r] = &rows[r * stride..][..depth];
        r += 1;
    }
    let whole = depth / LINE;
    let mut line = 0;
    while line < whole {
        let mut r = 0;
        while r < R {
            let (vectors, _) = S::as_simd_f32s(&left[r][line * LINE..][..LINE]);
            let mut g = 0;
            while g < G {
                sums[r][g] = simd.mul_add_f32s(vectors[g], lines[line][g], sums[r][g]);
                g += 1;
            }
            r += 1;
        }
        line += 1;
    }
    let rest = depth % LINE;
    let mut r = 0;
    while rest > 0 && r < R {
        let mut padded = [0.0; LINE];
        padded[..rest].copy_from_slice(&left[r][whole * LINE..]);
        let (vectors, _) = S::as_simd_f32s(&padded);
        let mut g = 0;
        while g < G {
            sums[r][g] = simd.mul_add_f32s(vectors[g], lines[whole][g], sums[r][g]);
            g += 1;
        }
        r += 1;
    }
    let mut dots = [0.0; R];
    let mut r = 0;
    while r < R {
        dots[r] = total(&sums[r]);
        r += 1;
    }
    dots
}

/// The sum of a line of numbers.
#[inline(always)]
fn total<T: bytemuck::Pod>(vectors: &[T]) -> f32 {
    let mut sums = [0.0_f32; LINE];
    sums.copy_from_slice(bytemuck::cast_slice(vectors));
    let mut half = LINE / 2;
    while half > 0 {
        let mut i = 0;
        while i < half {
            sums[i] += sums[i + half];
            i += 1;
        }
        half /= 2;
    }
    sums[0]
}

/// Adds Σₙ xₙᵢ δₙ to `sums`, for `V` vectors of inputs i from number `first` on and the δ of output `output` in
/// rows of `width`; of a single vector only the first `some` inputs count.
#[inline(always)]
pub(super) fn gradients<S: Simd, const V: usize>(
    simd: S,
    examples: &[Examples<'_>],
    [first, some]: [usize; 2],
    [output, width]: [usize; 2],
    sums: &mut [S::f32s],
) {
    let (sums, _) = sums.as_chunks_mut::<V>();
    let mut local = sums[0];
    let mut number = 0;
    while number < examples.len() {
        let Examples {
            inputs,
            stride,
            gradients,
        } = examples[number];
        let count = gradients.len() / width;
        let mut n = 0;
        while n < count {
            let factor = simd.splat_f32s(gradients[n * width + output]);
            let row = &inputs[n * stride + first..];
            if V == 1 {
                let vector = simd.partial_load_f32s(&row[..some]);
                local[0] = simd.mul_add_f32s(factor, vector, local[0]);
            } else {
                let (vectors, _) = S::as_simd_f32s(row);
                let (vectors, _) = vectors.as_chunks::<V>();
                let mut v = 0;
                while v < V {
                    local[v] = simd.mul_add_f32s(factor, vectors[0][v], local[v]);
                    v += 1;
                }
            }
            n += 1;
        }
        number += 1;
    }
    sums[0] = local;
}
