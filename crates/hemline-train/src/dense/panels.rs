//! The layout of a matrix that a product reads: in panels of a few vectors, each panel row after row.
//!
//! A tile of the product walks one panel from its first row to its last. Laid out like this, that walk is
//! one straight run through memory, which a core fetches ahead of its use.

use super::aligned::Aligned;

/// The lanes of AVX-512, which has 32 registers instead of 16.
pub(super) const WIDE: usize = 16;

/// The number of vectors of `lanes` numbers in the next panel where `left` are left.
///
/// Two suit the registers of AVX2: six rows of two make twelve sums, and leave room for what is multiplied;
/// four those of AVX-512. A single vector would leave the arithmetic units waiting for memory, so it is kept
/// together with others where that can be.
#[inline(always)]
pub(super) fn panel(left: usize, lanes: usize) -> usize {
    match (lanes, left) {
        (_, 3) | (WIDE, 5 | 6) => 3,
        (WIDE, _) => left.min(4),
        _ => left.min(2),
    }
}

/// For each panel of rows of `vectors` vectors of `lanes` numbers: the number of vectors before it, and in it.
pub(super) fn panels(vectors: usize, lanes: usize) -> impl Iterator<Item = (usize, usize)> {
    let mut before = 0;
    std::iter::from_fn(move || {
        let width = panel(vectors - before, lanes);
        before += width;
        (width > 0).then_some((before - width, width))
    })
}

/// A matrix of `rows` times `columns` numbers, its rows filled up with zeros to whole vectors.
#[derive(Clone, Debug)]
pub(super) struct Panels {
    pub(super) values: Aligned,
    rows: usize,
    columns: usize,
    /// The numbers in a vector.
    lanes: usize,
}

impl Panels {
    pub(super) fn zeros(rows: usize, columns: usize, lanes: usize) -> Self {
        Self {
            values: Aligned::zeros(rows * columns.next_multiple_of(lanes)),
            rows,
            columns,
            lanes,
        }
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// Calls `visit` with each column's number and the numbers in it, row after row.
    pub(super) fn each_column(&self, mut visit: impl FnMut(usize, &mut dyn Iterator<Item = f32>)) {
        for (before, width) in panels(self.columns.div_ceil(self.lanes), self.lanes) {
            let (first, width) = (before * self.lanes, width * self.lanes);
            let panel = &self.values[self.rows * first..][..self.rows * width];
            for column in first..self.columns.min(first + width) {
                let mut numbers = panel[column - first..].iter().copied().step_by(width);
                visit(column, &mut numbers);
            }
        }
    }

    /// Sets every number, from its row and column.
    pub(super) fn fill(&mut self, mut value: impl FnMut(usize, usize) -> f32) {
        for (before, width) in panels(self.columns.div_ceil(self.lanes), self.lanes) {
            let (first, width) = (before * self.lanes, width * self.lanes);
            let panel = &mut self.values[self.rows * first..][..self.rows * width];
            for (row, numbers) in panel.chunks_exact_mut(width).enumerate() {
                let columns = first..self.columns.min(first + width);
                for (number, column) in numbers.iter_mut().zip(columns) {
                    *number = value(row, column);
                }
            }
        }
    }

    /// Copies the transposed matrix into `other`, of `columns` times `rows` numbers.
    pub(super) fn transpose_into(&self, other: &mut Self) {
        let lanes = self.lanes;
        for (before, width) in panels(self.columns.div_ceil(lanes), lanes) {
            let (first, width) = (before * lanes, width * lanes);
            let from = &self.values[self.rows * first..][..self.rows * width];
            let columns = first..self.columns.min(first + width);
            for (left, span) in panels(self.rows.div_ceil(lanes), lanes) {
                let (left, span) = (left * lanes, span * lanes);
                let to = &mut other.values[self.columns * left..][..self.columns * span];
                let height = self.rows.min(left + span) - left;
                let from = from[left * width..].chunks_exact(width);
                for (row, from) in from.take(height).enumerate() {
                    for (column, &number) in columns.clone().zip(from) {
                        to[column * span + row] = number;
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_cover_every_vector_once() {
        for (vectors, lanes) in (0..20).flat_map(|vectors| [(vectors, 8), (vectors, WIDE)]) {
            let mut next = 0;
            for (before, width) in panels(vectors, lanes) {
                assert_eq!(before, next);
                assert!((1..=4).contains(&width));
                next += width;
            }
            assert_eq!(next, vectors);
        }
    }

    #[test]
    fn a_matrix_comes_back_from_its_panels_and_their_transpose() {
        for (rows, columns) in [(1, 1), (3, 50), (50, 3), (17, 24), (112, 9)] {
            for lanes in [1, 4, 8, WIDE] {
                let value = |row: usize, column: usize| (row * 1000 + column) as f32;
                let mut matrix = Panels::zeros(rows, columns, lanes);
                matrix.fill(value);
                let mut transposed = Panels::zeros(columns, rows, lanes);
                matrix.transpose_into(&mut transposed);
                let mut seen = 0;
                matrix.each_column(|column, numbers| {
                    let expected: Vec<f32> = (0..rows).map(|row| value(row, column)).collect();
                    assert_eq!(numbers.collect::<Vec<_>>(), expected);
                    seen += 1;
                });
                assert_eq!(seen, columns);
                transposed.each_column(|row, numbers| {
                    let expected: Vec<f32> =
                        (0..columns).map(|column| value(row, column)).collect();
                    assert_eq!(numbers.collect::<Vec<_>>(), expected);
                });
            }
        }
    }
}
