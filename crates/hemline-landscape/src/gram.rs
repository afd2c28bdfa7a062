//! The products of all pairs of rows, in registers: half of a matrix product, since they are symmetric.

use pulp::{Arch, Simd, WithSimd};

/// Rows and columns of a tile: twelve sums, and what is multiplied, fill the sixteen vector registers of AVX2
/// and hide the delay of an addition.
const TILE: [usize; 2] = [3, 4];
/// The columns of G that stay in the cache nearest to the core while its rows pass by: whole tiles.
const PANEL: usize = 12;
/// The numbers that a row is filled up to a multiple of: a vector of any processor.
const VECTOR: usize = 8;

/// G = XXᵀ for X of `count` rows, its lower triangle: a sum over blocks of columns of X.
#[derive(Clone, Debug)]
pub(crate) struct Gram {
    count: usize,
    /// Row-major, with as many rows and columns as make whole panels.
    sums: Vec<f64>,
    arch: Arch,
}

/// Some columns of X, row-major, and zeros behind each row and behind all rows.
#[derive(Clone, Debug, Default)]
pub(crate) struct Block {
    values: Vec<f64>,
    count: usize,
    width: usize,
    stride: usize,
}

impl Block {
    /// Makes room for `width` columns of `count` rows, all of whose numbers have to be written then.
    pub(crate) fn resize(&mut self, count: usize, width: usize) {
        if (self.count, self.width) == (count, width) {
            return;
        }
        let stride = width.next_multiple_of(VECTOR);
        self.values.clear();
        self.values
            .resize(count.next_multiple_of(PANEL) * stride, 0.0);
        (self.count, self.width, self.stride) = (count, width, stride);
    }

    /// Row `index`.
    pub(crate) fn row_mut(&mut self, index: usize) -> &mut [f64] {
        &mut self.values[index * self.stride..][..self.width]
    }
}

impl Gram {
    /// Zeros.
    pub(crate) fn new(count: usize) -> Self {
        let size = count.next_multiple_of(PANEL);
        Self {
            count,
            sums: vec![0.0; size * size],
            arch: Arch::new(),
        }
    }

    /// Adds the products of a block's rows.
    pub(crate) fn add(&mut self, block: &Block) {
        self.arch.dispatch(Products {
            block,
            size: self.count.next_multiple_of(PANEL),
            sums: &mut self.sums,
        });
    }

    /// Adds what was summed up over other blocks.
    pub(crate) fn add_sums(&mut self, other: &Self) {
        for (sum, other) in self.sums.iter_mut().zip(&other.sums) {
            *sum += other;
        }
    }

    /// The whole of G, row-major.
    pub(crate) fn into_matrix(self) -> Vec<f64> {
        let (count, size) = (self.count, self.count.next_multiple_of(PANEL));
        let at = |row: usize, column: usize| self.sums[row.max(column) * size + row.min(column)];
        let rows = (0..count).flat_map(|row| (0..count).map(move |column| (row, column)));
        rows.map(|(row, column)| at(row, column)).collect()
    }
}

struct Products<'a> {
    block: &'a Block,
    size: usize,
    sums: &'a mut [f64],
}

impl WithSimd for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (vectors, _) = S::as_simd_f64s(&self.block.values);
        let stride = self.block.stride / S::F64_LANES;
        let row = |index: usize| &vectors[index * stride..][..stride];
        for panel in (0..self.size).step_by(PANEL) {
            for i in (panel..self.size).step_by(TILE[0]) {
                for j in (panel..panel + PANEL).step_by(TILE[1]) {
                    if j >= i + TILE[0] {
                        // Above the diagonal.
                        break;
                    }
                    let left = [row(i), row(i + 1), row(i + 2)];
                    let right = [row(j), row(j + 1), row(j + 2), row(j + 3)];
                    let sums = tile(simd, stride, left, right);
                    let mut r = 0;
                    while r < TILE[0] {
                        let to = &mut self.sums[(i + r) * self.size + j..][..TILE[1]];
                        let mut s = 0;
                        while s < TILE[1] {
                            to[s] += simd.reduce_sum_f64s(sums[r][s]);
                            s += 1;
                        }
                        r += 1;
                    }
                }
            }
        }
    }
}

/// Σₖ lᵣₖ rₛₖ in vectors, for all r and s.
#[inline(always)]
fn tile<S: Simd>(
    simd: S,
    length: usize,
    left: [&[S::f64s]; TILE[0]],
    right: [&[S::f64s]; TILE[1]],
) -> [[S::f64s; TILE[1]]; TILE[0]] {
    let mut sums = [[simd.splat_f64s(0.0); TILE[1]]; TILE[0]];
    // Plain loops: what is not inlined here is called for every vector.
    let left = [&left[0][..length], &left[1][..length], &left[2][..length]];
    let right = [
        &right[0][..length],
        &right[1][..length],
        &right[2][..length],
        &right[3][..length],
    ];
    let mut k = 0;
    while k < length {
        let mut s = 0;
        while s < TILE[1] {
            let factor = right[s][k];
            let mut r = 0;
            while r < TILE[0] {
                sums[r][s] = simd.mul_add_f64s(left[r][k], factor, sums[r][s]);
                r += 1;
            }
            s += 1;
        }
        k += 1;
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_products_of_all_pairs_of_rows() {
        for (count, width) in [(1_usize, 1_usize), (3, 40), (13, 7), (25, 260)] {
            let value = |row: usize, column: usize| ((row * 31 + column * 17) % 23) as f64 - 11.0;
            let mut gram = Gram::new(count);
            let mut block = Block::default();
            // A wide block first, so that what it leaves behind would show.
            for columns in [0..width.div_ceil(2), width.div_ceil(2)..width] {
                block.resize(count, columns.len());
                for row in 0..count {
                    for (number, column) in block.row_mut(row).iter_mut().zip(columns.clone()) {
                        *number = value(row, column);
                    }
                }
                gram.add(&block);
            }
            let product =
                |a: usize, b: usize| -> f64 { (0..width).map(|k| value(a, k) * value(b, k)).sum() };
            let matrix = gram.into_matrix();
            for (index, found) in matrix.iter().enumerate() {
                let (row, column) = (index / count, index % count);
                assert_eq!(
                    *found,
                    product(row, column),
                    "{count} {width}: {row}, {column}"
                );
            }
        }
    }
}
