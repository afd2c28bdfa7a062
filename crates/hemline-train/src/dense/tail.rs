//! The few columns of a product that are no whole vector: computed along the other side of the matrix.
//!
//! Fifty outputs are three vectors of AVX-512 and two numbers. Those two would take a fourth vector, a quarter
//! of the arithmetic; along the inputs of the layer they take an eighth of that.

use pulp::Simd;
use wide::f32x4;

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
    let mut left: [&[[S::f32s; G]]; R] = [&[]; R];
    let whole = depth / LINE;
    let mut r = 0;
    while r < R {
        let (vectors, _) = S::as_simd_f32s(&rows[r * stride..][..depth]);
        left[r] = &vectors.as_chunks::<G>().0[..whole];
        r += 1;
    }
    let mut line = 0;
    while line < whole {
        let right = lines[line];
        let mut r = 0;
        while r < R {
            let mut g = 0;
            while g < G {
                sums[r][g] = simd.mul_add_f32s(left[r][line][g], right[g], sums[r][g]);
                g += 1;
            }
            r += 1;
        }
        line += 1;
    }
    let rest = depth % LINE;
    if rest > 0 {
        let mut r = 0;
        while r < R {
            let row = &rows[r * stride + whole * LINE..][..rest];
            let mut g = 0;
            while g < G {
                let place = (g * S::F32_LANES).min(rest)..((g + 1) * S::F32_LANES).min(rest);
                let vector = simd.partial_load_f32s(&row[place]);
                sums[r][g] = simd.mul_add_f32s(vector, lines[whole][g], sums[r][g]);
                g += 1;
            }
            r += 1;
        }
    }
    // Written down once, so that the sums themselves stay in registers.
    let mut numbers = [[0.0_f32; LINE]; R];
    let mut r = 0;
    while r < R {
        let (vectors, _) = S::as_mut_simd_f32s(&mut numbers[r]);
        let mut g = 0;
        while g < G {
            vectors[g] = sums[r][g];
            g += 1;
        }
        r += 1;
    }
    totals(&numbers)
}

/// The sum of each line of numbers: of its halves, of the halves of these, and so on.
///
/// Four lines at a time, since within a line each addition would wait for the one before.
#[inline(always)]
fn totals<const R: usize>(lines: &[[f32; LINE]; R]) -> [f32; R] {
    let mut totals = [0.0; R];
    for (totals, lines) in totals.chunks_mut(4).zip(lines.chunks(4)) {
        let mut quarters = [f32x4::ZERO; 4];
        for (quarter, line) in quarters.iter_mut().zip(lines) {
            let (parts, _) = line.as_chunks();
            let part = |number: usize| f32x4::new(parts[number]);
            *quarter = (part(0) + part(2)) + (part(1) + part(3));
        }
        let [a, b, c, d] = f32x4::transpose(quarters);
        let sums = (a + c) + (b + d);
        totals.copy_from_slice(&sums.as_array()[..totals.len()]);
    }
    totals
}

/// Adds Σₙ xₙᵢ δₙ to `sums`, for each of `rows` inputs i and the δ of output `output` in rows of `width`.
#[inline(always)]
pub(super) fn gradients<S: Simd>(
    simd: S,
    examples: &[Examples<'_>],
    rows: usize,
    [output, width]: [usize; 2],
    sums: &mut [S::f32s],
) {
    let whole = rows / S::F32_LANES;
    let mut before = 0;
    while before * S::F32_LANES < rows {
        let first = before * S::F32_LANES;
        let inputs = [first, S::F32_LANES.min(rows - first)];
        let (sums, output) = (&mut sums[before..], [output, width]);
        before += match whole.saturating_sub(before) {
            8.. => vectors::<S, 8>(simd, examples, inputs, output, sums),
            6.. => vectors::<S, 6>(simd, examples, inputs, output, sums),
            3.. => vectors::<S, 3>(simd, examples, inputs, output, sums),
            _ => vectors::<S, 1>(simd, examples, inputs, output, sums),
        };
    }
}

/// The same for `V` vectors of inputs from number `first` on; of a single vector only `some` inputs count.
#[inline(always)]
fn vectors<S: Simd, const V: usize>(
    simd: S,
    examples: &[Examples<'_>],
    [first, some]: [usize; 2],
    [output, width]: [usize; 2],
    sums: &mut [S::f32s],
) -> usize {
    let (sums, _) = sums.as_chunks_mut::<V>();
    let mut local = sums[0];
    let mut number = 0;
    while number < examples.len() {
        let Examples {
            inputs,
            stride,
            gradients,
        } = examples[number];
        // The last row may end early.
        let count = gradients.len().div_ceil(width);
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
    V
}
