//! Rows that will soon be read, asked for while there is something else to do.
//!
//! The rows of a minibatch lie anywhere, mostly in no cache. A core has room for a dozen requests to memory or so:
//! whoever asks for more at once waits as if it read them; who asks for a row between one tile of a product and another
//! need not wait at all.

use std::cell::Cell;
use std::ops::Range;

use prefetch_index::prefetch_index;

/// The bytes that come at a time.
const LINE: usize = 64;

/// The same columns of some rows of a matrix of bytes.
#[derive(Clone, Debug)]
pub(super) struct Rows<'a> {
    /// Row-major.
    pub(super) matrix: &'a [u8],
    /// The numbers in a row.
    pub(super) stride: usize,
    /// Which rows, in the order in which they will be read.
    pub(super) numbers: &'a [usize],
    pub(super) columns: Range<usize>,
}

impl Rows<'_> {
    /// Asks for all of them.
    pub(super) fn ask(&self) {
        for &number in self.numbers {
            self.ask_for(number);
        }
    }

    #[inline(always)]
    fn ask_for(&self, number: usize) {
        let begin = number * self.stride;
        let end = begin + self.columns.end;
        let mut place = begin + self.columns.start;
        while place < end {
            prefetch_index(self.matrix, place);
            place += LINE;
        }
        // A row begins anywhere in a line, and may end in one more.
        prefetch_index(self.matrix, end - 1);
    }
}

/// Rows that are asked for little by little.
#[derive(Clone, Debug)]
pub(super) struct Ahead<'a> {
    rows: Rows<'a>,
    /// The work in between one row and the next.
    each: usize,
    /// The rows that were asked for, and the work that is left until the next.
    asked: Cell<(usize, usize)>,
}

impl<'a> Ahead<'a> {
    /// To be asked for in the course of so much `work`, of no less than there are rows.
    pub(super) fn new(rows: Rows<'a>, work: usize) -> Self {
        Self {
            each: (work / rows.numbers.len().max(1)).max(1),
            rows,
            asked: Cell::default(),
        }
    }

    /// Asks for what is due, before so much work is done.
    #[inline(always)]
    pub(super) fn ask(&self, mut work: usize) {
        let (mut asked, mut left) = self.asked.get();
        while work > left {
            if let Some(&number) = self.rows.numbers.get(asked) {
                self.rows.ask_for(number);
            }
            asked += 1;
            work -= left;
            left = self.each;
        }
        self.asked.set((asked, left - work));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_asked_for_evenly_and_in_time() {
        let numbers: Vec<usize> = (0..32).rev().collect();
        for (tiles, work) in [(32, 12), (88, 12), (16, 24), (64, 1)] {
            let rows = Rows {
                matrix: &[0; 32 * 100],
                stride: 100,
                numbers: &numbers,
                columns: 3..90,
            };
            let ahead = Ahead::new(rows, tiles * work);
            for tile in 0..tiles {
                ahead.ask(work);
                let (asked, _) = ahead.asked.get();
                let due = (tile + 1) * 32 / tiles;
                assert!(
                    (due..=due + 4).contains(&asked),
                    "{asked} by tile {tile} of {tiles}"
                );
            }
        }
    }
}
