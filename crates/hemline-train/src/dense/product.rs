//! The product of rows with panels: forward through a layer, and back from its outputs to its inputs.
//!
//! A tile of a few rows and one panel is summed up in registers: Goto & van de Geijn, *Anatomy of
//! high-performance matrix multiplication*, 2008. Each sum runs over its terms in their order and by fused
//! multiplication and addition, so a number does not depend on the tile that it was computed in.

use pulp::{Simd, WithSimd};

use super::ahead::Ahead;
use super::nonzero::{Nonzero, WORD};
use super::panels::Panels;
use super::strip::STRIP;
use super::tail;
use super::tiles::{WIDE, add_outer, height, most, panel, sparse_height};

/// What the sums of a product begin with.
#[derive(Clone, Copy, Debug)]
pub(super) enum Start<'a> {
    /// Zero.
    Zero,
    /// One number for each column.
    Row(&'a [f32]),
    /// What the output holds.
    Output,
}

/// Adds A·B to what `start` says, and writes it to `output`.
#[derive(Debug)]
pub(super) struct Product<'a> {
    /// A, of `rows` rows, `stride` numbers apart.
    pub(super) left: &'a [f32],
    pub(super) stride: usize,
    pub(super) rows: usize,
    /// B, of as many rows as A has columns.
    pub(super) right: &'a Panels,
    pub(super) start: Start<'a>,
    /// As many rows of `output_stride` numbers, a whole number of vectors; B's columns from the first on.
    pub(super) output: &'a mut [f32],
    pub(super) output_stride: usize,
    /// Which numbers of A, of no more rows than a strip has, are other than zero, where the others are left out.
    pub(super) nonzero: Option<&'a Nonzero>,
    /// What to ask for in between.
    pub(super) ahead: Option<&'a Ahead<'a>>,
}

/// A product in vectors of a processor.
struct Vectors<'a, S: Simd> {
    simd: S,
    left: &'a [f32],
    stride: usize,
    depth: usize,
    start: Option<&'a [S::f32s]>,
    add: bool,
    output_stride: usize,
    nonzero: Option<&'a Nonzero>,
    ahead: Option<&'a Ahead<'a>>,
}

impl WithSimd for Product<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, simd: S) {
        let (depth, vectors) = (self.right.rows(), self.right.vectors());
        let mut column = 0;
        while column < self.right.tail() {
            column += match S::F32_LANES {
                16 => self.one_or_two::<S, 8, 1>(simd, column),
                8 => self.one_or_two::<S, 2, 2>(simd, column),
                4 => self.one_or_two::<S, 1, 4>(simd, column),
                2 => self.one_or_two::<S, 1, 8>(simd, column),
                _ => self.one_or_two::<S, 1, 16>(simd, column),
            };
        }
        let (panels, _) = S::as_simd_f32s(&self.right.values);
        let (output, _) = S::as_mut_simd_f32s(self.output);
        let start = match self.start {
            Start::Row(row) => Some(S::as_simd_f32s(row).0),
            Start::Zero | Start::Output => None,
        };
        let product = Vectors {
            simd,
            left: self.left,
            stride: self.stride,
            depth,
            start,
            add: matches!(self.start, Start::Output),
            output_stride: self.output_stride / S::F32_LANES,
            nonzero: self.nonzero,
            ahead: self.ahead,
        };
        let mut before = 0;
        while before < vectors {
            let width = panel(vectors - before, S::F32_LANES);
            let these = &panels[before * depth..][..width * depth];
            match width {
                6 if S::F32_LANES < WIDE => product.panel::<6>(these, output, before, self.rows),
                4 => product.panel::<4>(these, output, before, self.rows),
                3 => product.panel::<3>(these, output, before, self.rows),
                2 => product.panel::<2>(these, output, before, self.rows),
                _ => product.panel::<1>(these, output, before, self.rows),
            }
            before += width;
        }
    }
}

impl Product<'_> {
    /// Two columns of the tail of B from number `column` on, or the last one; `R` rows at a time.
    #[inline(always)]
    fn one_or_two<S: Simd, const R: usize, const G: usize>(
        &mut self,
        simd: S,
        column: usize,
    ) -> usize {
        if column + 1 < self.right.tail() {
            self.columns::<S, R, 2, G>(simd, column)
        } else {
            self.columns::<S, R, 1, G>(simd, column)
        }
    }

    /// `C` columns of the tail of B from number `column` on. `G` vectors make a line.
    #[inline(always)]
    fn columns<S: Simd, const R: usize, const C: usize, const G: usize>(
        &mut self,
        simd: S,
        column: usize,
    ) -> usize {
        let depth = self.right.rows();
        let right = &self.right.values[self.right.tail_place(column).start..];
        let place = self.right.vectors() * S::F32_LANES + column;
        let start = match self.start {
            Start::Row(row) => row[place..].first_chunk::<C>(),
            Start::Zero | Start::Output => None,
        };
        let add = matches!(self.start, Start::Output);
        let mut row = 0;
        while row < self.rows {
            let left = &self.left[row * self.stride..];
            let some = R.min(self.rows - row);
            let mut dots = [[0.0; C]; R];
            if some == R {
                dots = tail::dots::<S, R, C, G>(simd, left, self.stride, right, depth);
            } else {
                let mut r = 0;
                while r < some {
                    let left = &left[r * self.stride..];
                    [dots[r]] = tail::dots::<S, 1, C, G>(simd, left, self.stride, right, depth);
                    r += 1;
                }
            }
            let outputs = self.output[row * self.output_stride..].chunks_mut(self.output_stride);
            for (output, dots) in outputs.zip(&dots[..some]) {
                let output = &mut output[place..][..C];
                let mut c = 0;
                while c < C {
                    output[c] = match start {
                        Some(start) => start[c] + dots[c],
                        None if add => output[c] + dots[c],
                        None => dots[c],
                    };
                    c += 1;
                }
            }
            row += some;
        }
        C
    }
}

impl<S: Simd> Vectors<'_, S> {
    #[inline(always)]
    fn panel<const V: usize>(
        &self,
        panel: &[S::f32s],
        output: &mut [S::f32s],
        before: usize,
        rows: usize,
    ) {
        let mut row = 0;
        while row < rows {
            let left = rows - row;
            row += match self.nonzero {
                Some(nonzero) => match sparse_height(V, left) {
                    4 => self.tile::<V, 4>(panel, output, [before, row], Some(nonzero)),
                    3 => self.tile::<V, 3>(panel, output, [before, row], Some(nonzero)),
                    2 => self.tile::<V, 2>(panel, output, [before, row], Some(nonzero)),
                    _ => self.tile::<V, 1>(panel, output, [before, row], Some(nonzero)),
                },
                None => match height::<S>(V, left) {
                    8 => self.tile::<V, 8>(panel, output, [before, row], None),
                    6 => self.tile::<V, 6>(panel, output, [before, row], None),
                    4 => self.tile::<V, 4>(panel, output, [before, row], None),
                    3 => self.tile::<V, 3>(panel, output, [before, row], None),
                    2 => self.tile::<V, 2>(panel, output, [before, row], None),
                    _ => self.tile::<V, 1>(panel, output, [before, row], None),
                },
            };
        }
    }

    #[inline(always)]
    fn tile<const V: usize, const R: usize>(
        &self,
        panel: &[S::f32s],
        output: &mut [S::f32s],
        [before, row]: [usize; 2],
        nonzero: Option<&Nonzero>,
    ) -> usize {
        if V * R > most::<S>() {
            // No such tile is asked for; this keeps the compiler from making it.
            return R;
        }
        if let Some(ahead) = self.ahead {
            ahead.ask(R * V);
        }
        let simd = self.simd;
        let depth = self.depth;
        let mut left: [&[f32]; R] = [&[]; R];
        let mut rows = [0; R];
        let output = &mut output[before..];
        let mut sums = [[simd.splat_f32s(0.0); V]; R];
        let mut r = 0;
        while r < R {
            rows[r] = match nonzero {
                Some(nonzero) => usize::from(nonzero.order[row + r]),
                None => row + r,
            };
            left[r] = &self.left[rows[r] * self.stride..][..depth];
            if self.add {
                sums[r] = first(&output[rows[r] * self.output_stride..]);
            } else if let Some(start) = self.start {
                sums[r] = first(&start[before..]);
            }
            r += 1;
        }
        // Plain loops throughout: what is not inlined here is called for every number.
        let panel = &panel.as_chunks::<V>().0[..depth];
        if V > R && nonzero.is_none() {
            let mut k = 0;
            while k < depth {
                sums = add(simd, sums, left, panel, k);
                k += 1;
            }
        } else {
            // Of many rows by few vectors all terms, too, go by bits: where they are counted the compiler keeps the
            // sums of AVX2 and the addresses of AVX-512 in memory.
            let mut word = 0;
            while word * WORD < depth {
                let mut bits = u64::MAX >> (WORD - WORD.min(depth - word * WORD));
                if let Some(nonzero) = nonzero {
                    bits = 0;
                    let mut r = 0;
                    while r < R {
                        bits |= nonzero.rows[word][rows[r] % STRIP];
                        r += 1;
                    }
                }
                while bits != 0 {
                    let k = word * WORD + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    sums = add(simd, sums, left, panel, k);
                }
                word += 1;
            }
        }
        let mut r = 0;
        while r < R {
            if let Some(output) = output[rows[r] * self.output_stride..].first_chunk_mut() {
                *output = sums[r];
            }
            r += 1;
        }
        R
    }
}

/// Adds term number `k` to the sums of a tile.
#[inline(always)]
fn add<S: Simd, const V: usize, const R: usize>(
    simd: S,
    sums: [[S::f32s; V]; R],
    left: [&[f32]; R],
    right: &[[S::f32s; V]],
    k: usize,
) -> [[S::f32s; V]; R] {
    let right = &right[k];
    let mut factors = [0.0; R];
    let mut r = 0;
    while r < R {
        factors[r] = left[r][k];
        r += 1;
    }
    add_outer(simd, sums, &factors, right)
}

/// The first `V` vectors.
///
/// # Panics
///
/// Where there are fewer.
#[inline(always)]
fn first<T: Copy, const V: usize>(vectors: &[T]) -> [T; V] {
    match vectors.first_chunk() {
        Some(vectors) => *vectors,
        None => unreachable!("every row holds the whole panel"),
    }
}
