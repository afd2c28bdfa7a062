//! The few columns of a product that are no whole vector: computed along the other side of the matrix.
//!
//! Fifty outputs are three vectors of AVX-512 and two numbers. Those two would take a fourth vector, a quarter
//! of the arithmetic; along the inputs of the layer they take an eighth of that. Two columns go together, so that
//! each row is read once for both.

use pulp::Simd;
use wide::f32x4;

use super::gradient::Examples;
use super::panels::LINE;
use super::tiles::{WIDE, add_outer};

/// Σₖ aₖbₖ of `R` rows a, `stride` numbers apart, and `C` columns b of `depth` numbers, each filled up to whole lines.
///
/// In sixteen sums at once, whatever the processor, and these two by two in the end. `G` vectors make a line.
#[inline(always)]
pub(super) fn dots<S: Simd, const R: usize, const C: usize, const G: usize>(
    simd: S,
    rows: &[f32],
    stride: usize,
    columns: &[f32],
    depth: usize,
) -> [[f32; C]; R] {
    let (whole, rest) = (depth / LINE, depth % LINE);
    let mut right: [&[[S::f32s; G]]; C] = [&[]; C];
    let mut c = 0;
    while c < C {
        let height = depth.next_multiple_of(LINE);
        let (column, _) = S::as_simd_f32s(&columns[c * height..][..height]);
        right[c] = column.as_chunks().0;
        c += 1;
    }
    let mut left: [&[[S::f32s; G]]; R] = [&[]; R];
    let mut r = 0;
    while r < R {
        let (vectors, _) = S::as_simd_f32s(&rows[r * stride..][..whole * LINE]);
        left[r] = vectors.as_chunks().0;
        r += 1;
    }
    let mut sums = [[[simd.splat_f32s(0.0); G]; C]; R];
    let mut line = 0;
    while line < whole {
        let columns = at(simd, right, line);
        let mut r = 0;
        while r < R {
            sums[r] = add_line(simd, sums[r], left[r][line], columns);
            r += 1;
        }
        line += 1;
    }
    if rest > 0 {
        let columns = at(simd, right, whole);
        let mut parts = [Part::new(simd, 0); G];
        let mut g = 0;
        while g < G {
            parts[g] = Part::new(simd, rest.saturating_sub(g * S::F32_LANES));
            g += 1;
        }
        let mut r = 0;
        while r < R {
            let row = &rows[r * stride + whole * LINE..];
            let mut numbers = [simd.splat_f32s(0.0); G];
            let mut g = 0;
            while g < G {
                let first = (g * S::F32_LANES).min(rest);
                numbers[g] = parts[g].load(simd, &row[first..]);
                g += 1;
            }
            sums[r] = add_line(simd, sums[r], numbers, columns);
            r += 1;
        }
    }
    // Written down once, so that the sums themselves stay in registers.
    let mut numbers = [[[0.0_f32; LINE]; C]; R];
    let mut r = 0;
    while r < R {
        let mut c = 0;
        while c < C {
            let (vectors, _) = S::as_mut_simd_f32s(&mut numbers[r][c]);
            let mut g = 0;
            while g < G {
                vectors[g] = sums[r][c][g];
                g += 1;
            }
            c += 1;
        }
        r += 1;
    }
    let mut totals = [[0.0; C]; R];
    add_up(numbers.as_flattened(), totals.as_flattened_mut());
    totals
}

/// Line number `line` of each column.
#[inline(always)]
fn at<S: Simd, const C: usize, const G: usize>(
    simd: S,
    columns: [&[[S::f32s; G]]; C],
    line: usize,
) -> [[S::f32s; G]; C] {
    let mut lines = [[simd.splat_f32s(0.0); G]; C];
    let mut c = 0;
    while c < C {
        lines[c] = columns[c][line];
        c += 1;
    }
    lines
}

/// Adds a line of a row times a line of each column to the sums of a row.
#[inline(always)]
fn add_line<S: Simd, const C: usize, const G: usize>(
    simd: S,
    mut sums: [[S::f32s; G]; C],
    row: [S::f32s; G],
    columns: [[S::f32s; G]; C],
) -> [[S::f32s; G]; C] {
    let mut c = 0;
    while c < C {
        let mut g = 0;
        while g < G {
            sums[c][g] = simd.mul_add_f32s(row[g], columns[c][g], sums[c][g]);
            g += 1;
        }
        c += 1;
    }
    sums
}

/// The first numbers of a vector, and zeros: a mask takes a dozen instructions, so it is made once for all rows.
#[derive(Clone, Copy, Debug)]
struct Part<S: Simd> {
    some: usize,
    mask: S::m32s,
}

impl<S: Simd> Part<S> {
    /// The first `some`, or all if that is more.
    #[inline(always)]
    fn new(simd: S, some: usize) -> Self {
        let some = some.min(S::F32_LANES);
        let mask = simd.mask_between_m32s(0, some as u32).mask();
        Self { some, mask }
    }

    #[inline(always)]
    fn load(self, simd: S, numbers: &[f32]) -> S::f32s {
        match S::as_simd_f32s(numbers).0.first() {
            // Rows mostly are filled up or followed by others, and to load a part of a vector takes longer.
            Some(&vector) => simd.select_f32s(self.mask, vector, simd.splat_f32s(0.0)),
            None => simd.partial_load_f32s(&numbers[..self.some]),
        }
    }
}

/// The sum of each line of numbers: of its halves, of the halves of these, and so on.
///
/// Four lines at a time, since within a line each addition would wait for the one before.
#[inline(always)]
fn add_up(lines: &[[f32; LINE]], totals: &mut [f32]) {
    let (fours, last) = lines.as_chunks::<4>();
    let (totals, last_totals) = totals.as_chunks_mut::<4>();
    for (totals, lines) in totals.iter_mut().zip(fours) {
        *totals = add_up_four(lines);
    }
    let mut lines = [[0.0; LINE]; 4];
    lines[..last.len()].copy_from_slice(last);
    if !last.is_empty() {
        last_totals.copy_from_slice(&add_up_four(&lines)[..last.len()]);
    }
}

#[inline(always)]
fn add_up_four(lines: &[[f32; LINE]; 4]) -> [f32; 4] {
    let mut quarters = [f32x4::ZERO; 4];
    for (quarter, line) in quarters.iter_mut().zip(lines) {
        let (parts, _) = line.as_chunks();
        let part = |number: usize| f32x4::new(parts[number]);
        *quarter = (part(0) + part(2)) + (part(1) + part(3));
    }
    let [a, b, c, d] = f32x4::transpose(quarters);
    ((a + c) + (b + d)).to_array()
}

/// Adds Σₙ xₙᵢ δₙⱼ to `sums`, for each of `rows` inputs i and the outputs j from number `output` on, in rows of `width`
/// gradients: one column after the other, of `height` vectors each.
#[inline(always)]
pub(super) fn gradients<S: Simd>(
    simd: S,
    examples: &[Examples<'_>],
    rows: usize,
    [output, width]: [usize; 2],
    sums: &mut [S::f32s],
    height: usize,
) {
    let mut output = output;
    for sums in sums.chunks_mut(2 * height) {
        let (first, second) = sums.split_at_mut(height);
        if second.is_empty() {
            columns(simd, examples, rows, [output, width], [first]);
        } else {
            columns(simd, examples, rows, [output, width], [first, second]);
        }
        output += 2;
    }
}

/// The same for `C` columns.
#[inline(always)]
fn columns<S: Simd, const C: usize>(
    simd: S,
    examples: &[Examples<'_>],
    rows: usize,
    output: [usize; 2],
    mut sums: [&mut [S::f32s]; C],
) {
    let height = rows.div_ceil(S::F32_LANES);
    let mut before = 0;
    while before < height {
        let sums = &mut sums;
        let inputs = [before, rows];
        before += match height - before {
            8.. if S::F32_LANES == WIDE => vectors::<S, 8, C>(simd, examples, inputs, output, sums),
            6.. if S::F32_LANES < WIDE && C == 2 => {
                vectors::<S, 6, C>(simd, examples, inputs, output, sums)
            }
            3 | 6 => vectors::<S, 3, C>(simd, examples, inputs, output, sums),
            4.. => vectors::<S, 4, C>(simd, examples, inputs, output, sums),
            2 => vectors::<S, 2, C>(simd, examples, inputs, output, sums),
            _ => vectors::<S, 1, C>(simd, examples, inputs, output, sums),
        };
    }
}

/// The same for `V` vectors of inputs after `before` others, the last of which may end with input number `rows`.
#[inline(always)]
fn vectors<S: Simd, const V: usize, const C: usize>(
    simd: S,
    examples: &[Examples<'_>],
    [before, rows]: [usize; 2],
    [output, width]: [usize; 2],
    sums: &mut [&mut [S::f32s]; C],
) -> usize {
    let first = before * S::F32_LANES;
    let last = (V - 1) * S::F32_LANES;
    let part = Part::new(simd, rows - first - last);
    let mut local = [[simd.splat_f32s(0.0); V]; C];
    let mut c = 0;
    while c < C {
        local[c] = sums[c][before..].as_chunks().0[0];
        c += 1;
    }
    let mut number = 0;
    while number < examples.len() {
        let Examples {
            inputs,
            stride,
            gradients,
        } = examples[number];
        let pairs = (inputs[first..].chunks(stride)).zip(gradients[output..].chunks(width));
        for (row, gradients) in pairs {
            // The last row may end early.
            let (Some((whole, rest)), Some(factors)) =
                (row.split_at_checked(last), gradients.first_chunk())
            else {
                break;
            };
            let (whole, _) = S::as_simd_f32s(whole);
            let mut numbers = [part.load(simd, rest); V];
            let mut v = 0;
            while v < V - 1 {
                numbers[v] = whole[v];
                v += 1;
            }
            local = add_outer(simd, local, factors, &numbers);
        }
        number += 1;
    }
    let mut c = 0;
    while c < C {
        sums[c][before..].as_chunks_mut().0[0] = local[c];
        c += 1;
    }
    V
}
