//! Which inputs of the first layer are other than zero.
//!
//! A product with 0 adds nothing, and half of the pixels of Fashion-MNIST are 0, four fifths of MNIST's. So a tile
//! of the layer's product goes over the inputs that any of its examples has, and a tile of its gradients over the
//! examples that have any of its inputs. Only zeros are left out, so that sums of finite numbers keep their bits,
//! but for the sign of a zero.

use super::input::{Input, SIXTEEN};
use super::share::BLOCK_INPUTS;
use super::strip::STRIP;
use super::tiles::SPARSE;

const _: () = assert!(STRIP == u32::BITS as usize, "a column has a bit for each");
const _: () = assert!(
    (BLOCK_INPUTS + 2) * STRIP <= u16::MAX as usize,
    "a key is 16 bits"
);
/// The inputs of a word of [`Nonzero::rows`].
pub(super) const WORD: usize = u64::BITS as usize;
/// For each [`SPARSE`] of them, a bit for each example that has one of these.
pub(super) type Columns = [u32; WORD / SPARSE];
/// The greatest share of all terms for which it pays to go over these alone: to find each next one costs time.
const MOST: f64 = 0.9;
/// The steps for which a decision holds. It changes no number, so nobody need remember it.
const WAIT: u32 = 64;

/// A bit for each input of each of at most [`STRIP`] examples, set where it is other than zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Nonzero {
    /// For each [`SPARSE`] inputs, which a tile of gradients or two have together, a bit for each example that has one
    /// of them, the lowest for the first.
    pub(super) columns: Vec<u32>,
    /// A bit for each of [`WORD`] inputs of each example, then for each of the next inputs, and so on.
    pub(super) rows: Vec<[u64; STRIP]>,
    /// The examples by how many inputs they have: neighbours then have much the same.
    pub(super) order: [u8; STRIP],
    /// Whether a product should leave zeros out, and gradients.
    pub(super) for_product: bool,
    pub(super) for_gradients: bool,
    /// The steps begun, and whether this one decides.
    begun: u32,
    decides: bool,
}

impl Nonzero {
    pub(super) fn new(inputs: usize) -> Self {
        Self {
            columns: vec![0; inputs.next_multiple_of(WORD) / SPARSE],
            rows: vec![[0; STRIP]; inputs.div_ceil(WORD)],
            ..Self::default()
        }
    }

    /// Begins anew, and returns whether anyone wants to know.
    #[inline(always)]
    pub(super) fn wanted(&mut self) -> bool {
        self.decides = self.begun.is_multiple_of(WAIT);
        self.begun = self.begun.wrapping_add(1);
        self.decides || self.for_product || self.for_gradients
    }

    /// Takes note of the inputs from number `begin` on that an example has of word number `word`, and of some before it
    /// if the word begins with a later one; `columns` become columns of the examples so far.
    ///
    /// By value: what is lent might be where the bits go, for all that a compiler knows.
    #[inline(always)]
    pub(super) fn note<T: Input>(
        &mut self,
        [word, begin, example]: [usize; 3],
        inputs: [T; WORD],
        mut columns: Columns,
    ) -> Columns {
        let bit = 1 << example;
        for (column, inputs) in columns.iter_mut().zip(inputs.as_chunks().0) {
            *column |= if T::any(*inputs) { bit } else { 0 };
        }
        let mut bits = 0;
        for (number, inputs) in inputs.as_chunks().0.iter().enumerate() {
            bits |= u64::from(!T::zeros(*inputs)) << (number * SIXTEEN);
        }
        self.rows[word][example] = bits >> (word * WORD - begin);
        columns
    }

    /// Puts together what was noted of the first `examples` examples, of `inputs` inputs each.
    #[inline(always)]
    pub(super) fn put_together(&mut self, examples: usize, inputs: usize) {
        let mut set = [0; STRIP];
        for rows in &mut self.rows {
            rows[examples..].fill(0);
            for (set, row) in set.iter_mut().zip(rows) {
                *set += row.count_ones() as u16;
            }
        }
        // None has as many as what is no example.
        set[examples..].fill(inputs as u16 + 1);
        self.sort(set);
        if self.decides {
            self.decide(examples, inputs);
        }
    }

    /// Puts the examples in order, of which each has so many inputs: by how many come before it, for which the
    /// comparisons of one with all others are one of vectors.
    #[inline(always)]
    fn sort(&mut self, set: [u16; STRIP]) {
        let mut keys = [0; STRIP];
        for (example, (key, set)) in keys.iter_mut().zip(set).enumerate() {
            *key = set * STRIP as u16 + example as u16;
        }
        let mut before = [0_u16; STRIP];
        for one in keys {
            for (before, key) in before.iter_mut().zip(keys) {
                *before += u16::from(one < key);
            }
        }
        for (example, before) in before.into_iter().enumerate() {
            self.order[usize::from(before) % STRIP] = example as u8;
        }
    }

    /// Decides for now and later who should leave zeros out, of `examples` examples of `inputs` inputs each.
    #[inline(always)]
    fn decide(&mut self, examples: usize, inputs: usize) {
        let mut gradients = 0;
        for column in &self.columns {
            gradients += SPARSE * column.count_ones() as usize;
        }
        let mut product = 0;
        for tile in self.order[..examples].chunks(SPARSE) {
            for rows in &self.rows {
                let rows = tile.iter().map(|&example| rows[usize::from(example)]);
                let any = rows.fold(0, |any, row| any | row);
                product += tile.len() * any.count_ones() as usize;
            }
        }
        let pays = |terms: usize| terms as f64 <= MOST * (examples * inputs) as f64;
        (self.for_product, self.for_gradients) = (pays(product), pays(gradients));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::super::write::write;
    use super::*;

    type IsZero = fn(usize, usize) -> bool;

    /// Whether anyone wanted to know what is not zero in `x`.
    fn note(nonzero: &mut Nonzero, x: &[f32], inputs: usize) -> bool {
        let wanted = nonzero.clone().wanted();
        write(x, inputs, nonzero);
        wanted
    }

    #[test]
    fn zeros_are_left_out_where_tiles_have_few_others_and_looked_for_again_after_a_while() {
        let inputs = 112;
        let all = |is_zero: IsZero| -> Vec<f32> {
            let numbers = (0..STRIP * inputs).map(|i| is_zero(i / inputs, i % inputs));
            numbers.map(|zero| if zero { 0.0 } else { 0.5 }).collect()
        };
        let cases: [(IsZero, [bool; 2]); 5] = [
            (|_, _| false, [false, false]),
            (|_, _| true, [true, true]),
            // As many zeros as there are in what follows, but nowhere together.
            (
                |example, input| (example + input).is_multiple_of(2),
                [false, false],
            ),
            // Some inputs of all examples: neither examples nor neighbouring inputs differ.
            (|_, input| input < 56, [true, true]),
            // Every other input: tiles of neighbouring inputs have none that all examples lack.
            (|_, input| input.is_multiple_of(2), [true, false]),
        ];
        for (index, (is_zero, expected)) in cases.into_iter().enumerate() {
            let x = all(is_zero);
            let mut nonzero = Nonzero::new(inputs);
            assert!(note(&mut nonzero, &x, inputs));
            let found = |nonzero: &Nonzero| [nonzero.for_product, nonzero.for_gradients];
            assert_eq!(found(&nonzero), expected, "case {index}");
            let dense = all(|_, _| false);
            let wanted = expected != [false; 2];
            for _ in 1..WAIT {
                assert_eq!(note(&mut nonzero, &dense, inputs), wanted);
                assert_eq!(found(&nonzero), expected);
            }
            assert!(note(&mut nonzero, &dense, inputs));
            assert_eq!(found(&nonzero), [false; 2]);
        }
    }

    #[test]
    fn both_sides_have_the_bits_of_what_is_not_zero() {
        for (inputs, examples) in [(1, 1), (64, 32), (65, 3), (112, 31), (130, 16)] {
            let x: Vec<f32> = (0..inputs * examples)
                .map(|i| [0.0, 1.0, -0.0, f32::NAN, 0.0][i * 7919 % 1009 % 5])
                .collect();
            let mut nonzero = Nonzero::new(inputs);
            // Twice: what was noted first is forgotten.
            nonzero.for_product = true;
            note(&mut nonzero, &vec![1.0; inputs * STRIP], inputs);
            nonzero.for_product = true;
            assert!(note(&mut nonzero, &x, inputs));
            let mut set = [0; STRIP];
            for (example, set) in set.iter_mut().enumerate() {
                let has = |input| {
                    let here = example < examples && input < inputs;
                    here && x[example * inputs + input] != 0.0
                };
                for input in 0..inputs.next_multiple_of(WORD) {
                    let row = nonzero.rows[input / WORD][example] >> (input % WORD) & 1 == 1;
                    assert_eq!(row, has(input), "{example}, {input}");
                    *set += usize::from(has(input));
                }
                for (tile, column) in nonzero.columns.iter().enumerate() {
                    let expected = (tile * SPARSE..(tile + 1) * SPARSE).any(has);
                    assert_eq!(column >> example & 1 == 1, expected, "{example}, {tile}");
                }
            }
            let order = nonzero.order[..examples].iter();
            let order: Vec<usize> = order.map(|&example| usize::from(example)).collect();
            for pair in order.windows(2) {
                let [one, next] = [set[pair[0]], set[pair[1]]];
                assert!(one < next + inputs.div_ceil(STRIP - 1), "{pair:?}");
            }
            assert_eq!(order.into_iter().collect::<BTreeSet<_>>().len(), examples);
        }
    }
}
