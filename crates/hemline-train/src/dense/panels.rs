//! The layout of a matrix that a product reads: in panels of a few vectors, each panel row after row.
//!
//! A tile of the product walks one panel from its first row to its last. Laid out like this, that walk is
//! one straight run through memory, which a core fetches ahead of its use.

use std::ops::Range;

use wide::f32x4;

use super::aligned::Aligned;
use super::tiles::panels;

/// The numbers that the end of a column is filled up to a multiple of, and a cache line's.
pub(super) const LINE: usize = 16;
/// The most columns beyond whole lines that are laid out by themselves.
const TAIL: usize = 4;

/// The columns of `columns` that are laid out by themselves, column by column: few that would take a vector
/// almost full of zeros. The same for every processor, since products sum over them in another order.
fn tail(columns: usize) -> usize {
    let beyond = columns % LINE;
    if columns > LINE && beyond <= TAIL {
        beyond
    } else {
        0
    }
}

/// A matrix of `rows` times `columns` numbers: panels whose rows are filled up with zeros to whole vectors, and
/// the tail, whose columns are filled up to whole lines.
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
        let mut panels = Self {
            values: Aligned::default(),
            rows,
            columns,
            lanes,
        };
        let numbers = rows * panels.vectors() * lanes + panels.tail() * panels.height();
        panels.values = Aligned::zeros(numbers);
        panels
    }

    pub(super) fn rows(&self) -> usize {
        self.rows
    }

    /// The number of vectors in a row of all panels.
    pub(super) fn vectors(&self) -> usize {
        (self.columns - self.tail()).div_ceil(self.lanes)
    }

    /// The number of columns in the tail.
    pub(super) fn tail(&self) -> usize {
        tail(self.columns)
    }

    /// The numbers in a column of the tail.
    pub(super) fn height(&self) -> usize {
        self.rows.next_multiple_of(LINE)
    }

    /// The panels: the first column, the numbers in a row, and where the rows lie.
    fn panels(&self) -> impl Iterator<Item = (usize, usize, Range<usize>)> + use<> {
        let (rows, lanes) = (self.rows, self.lanes);
        panels(self.vectors(), lanes).map(move |(before, width)| {
            let (first, width) = (before * lanes, width * lanes);
            (first, width, rows * first..rows * (first + width))
        })
    }

    /// Where column `number` of the tail lies, with what fills it up.
    pub(super) fn tail_place(&self, number: usize) -> Range<usize> {
        let begin = self.rows * self.vectors() * self.lanes + number * self.height();
        begin..begin + self.height()
    }

    /// The columns of the tail, and where their rows lie.
    fn tails(&self) -> impl Iterator<Item = (usize, Range<usize>)> + use<> {
        let (first, rows, height) = (self.columns - self.tail(), self.rows, self.height());
        let begins = (self.tail_place(0).start..).step_by(height.max(1));
        let columns = (first..self.columns).zip(begins);
        columns.map(move |(column, begin)| (column, begin..begin + rows))
    }

    /// Calls `visit` with each column's number and the numbers in it, row after row.
    pub(super) fn each_column(&self, mut visit: impl FnMut(usize, &mut dyn Iterator<Item = f32>)) {
        let most = self.columns - self.tail();
        for (first, width, place) in self.panels() {
            let panel = &self.values[place];
            for column in first..most.min(first + width) {
                let mut numbers = panel[column - first..].iter().copied().step_by(width);
                visit(column, &mut numbers);
            }
        }
        for (column, place) in self.tails() {
            visit(column, &mut self.values[place].iter().copied());
        }
    }

    /// Sets every number, from its row and column.
    pub(super) fn fill(&mut self, mut value: impl FnMut(usize, usize) -> f32) {
        let most = self.columns - self.tail();
        for (first, width, place) in self.panels() {
            let rows = self.values[place].chunks_exact_mut(width);
            for (row, numbers) in rows.enumerate() {
                for (number, column) in numbers.iter_mut().zip(first..most) {
                    *number = value(row, column);
                }
            }
        }
        for (column, place) in self.tails() {
            for (row, number) in self.values[place].iter_mut().enumerate() {
                *number = value(row, column);
            }
        }
    }

    /// Copies the transposed matrix into `other`, of `columns` times `rows` numbers.
    pub(super) fn transpose_into(&self, other: &mut Self) {
        let most = self.columns - self.tail();
        let other_most = other.columns - other.tail();
        for (first, width, place) in self.panels() {
            let columns = first..most.min(first + width);
            let rows = &self.values[place];
            for (left, span, place) in other.panels() {
                let to = &mut other.values[place];
                let height = other_most.min(left + span) - left;
                let from = (&rows[left * width..], width);
                let to = (&mut to[first * span..], span);
                transpose(from, to, [height, columns.len()]);
            }
            for (row, place) in other.tails() {
                let from = &rows[row * width..][..columns.len()];
                other.values[place][columns.clone()].copy_from_slice(from);
            }
        }
        for (column, place) in self.tails() {
            let from = &self.values[place];
            for (left, span, place) in other.panels() {
                let to = other.values[place][column * span..].iter_mut();
                let rows = left..other_most.min(left + span);
                for (number, row) in to.zip(rows) {
                    *number = from[row];
                }
            }
            for (row, place) in other.tails() {
                other.values[place][column] = from[row];
            }
        }
    }
}

/// The rows and columns that are transposed at a time.
const SQUARE: usize = 4;

/// Number `column` of row `row` of `from` to number `row` of row `column` of `to`, for some rows and columns; rows of
/// either have so many numbers.
///
/// By squares in registers, which are written down four numbers at a time and not one by one. Not inlined, since the
/// loops of who calls it take the registers.
#[inline(never)]
fn transpose(from: (&[f32], usize), to: (&mut [f32], usize), [rows, columns]: [usize; 2]) {
    let ((from, from_width), (to, to_width)) = (from, to);
    let [whole_rows, whole_columns] = [rows, columns].map(|count| count / SQUARE * SQUARE);
    for row in (0..whole_rows).step_by(SQUARE) {
        let line = |i| {
            let line = &from[(row + i) * from_width..][..whole_columns];
            line.as_chunks::<SQUARE>().0.iter()
        };
        let lines = line(0).zip(line(1)).zip(line(2).zip(line(3)));
        for (index, ((a, b), (c, d))) in lines.enumerate() {
            let square = f32x4::transpose([a, b, c, d].map(|line| f32x4::new(*line)));
            let to = &mut to[index * SQUARE * to_width + row..];
            for (i, line) in square.into_iter().enumerate() {
                to[i * to_width..][..SQUARE].copy_from_slice(line.as_array());
            }
        }
    }
    for row in 0..rows {
        let begin = if row < whole_rows { whole_columns } else { 0 };
        for column in begin..columns {
            to[column * to_width + row] = from[row * from_width + column];
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_comes_back_from_its_panels_and_their_transpose() {
        for (rows, columns) in [
            (1, 1),
            (3, 50),
            (50, 3),
            (17, 24),
            (112, 9),
            (50, 50),
            (20, 36),
        ] {
            for lanes in [1, 4, 8, 16] {
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
