//! Which inputs of the first layer are other than zero.
//!
//! A product with 0 adds nothing, and half of the pixels of Fashion-MNIST are 0, four fifths of MNIST's. So a tile
//! of the layer's product goes over the inputs that any of its examples has, and a tile of its gradients over the
//! examples that have any of its inputs. Only zeros are left out, so that sums of finite numbers keep their bits,
//! but for the sign of a zero.

use super::strip::STRIP;
use super::tiles::SPARSE;

const _: () = assert!(STRIP == u32::BITS as usize, "a column has a bit for each");
/// The inputs of a word of [`Nonzero::rows`].
pub(super) const WORD: usize = u64::BITS as usize;
/// The greatest share of all terms for which it pays to go over these alone: to find each next one costs time.
const MOST: f64 = 0.9;
/// The steps for which a decision holds. It changes no number, so nobody need remember it.
const WAIT: u32 = 64;
/// The examples that a byte has bits for.
const BYTE: usize = u8::BITS as usize;

/// A bit for each input of each of at most [`STRIP`] examples, set where it is other than zero.
#[derive(Clone, Debug, Default)]
pub(super) struct Nonzero {
    /// For each input, a bit for each example, the lowest for the first.
    pub(super) columns: Vec<u32>,
    /// The bytes of these, the lowest of all columns first.
    bytes: Vec<u8>,
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
        let inputs = inputs.next_multiple_of(WORD);
        Self {
            columns: vec![0; inputs],
            bytes: vec![0; inputs * size_of::<u32>()],
            rows: vec![[0; STRIP]; inputs / WORD],
            ..Self::default()
        }
    }

    /// Begins anew, and returns whether anyone wants to know.
    #[inline(always)]
    pub(super) fn begin(&mut self) -> bool {
        self.decides = self.begun.is_multiple_of(WAIT);
        self.begun = self.begun.wrapping_add(1);
        let wanted = self.decides || self.for_product || self.for_gradients;
        if wanted {
            self.bytes.fill(0);
        }
        wanted
    }

    /// Takes note of the inputs of an example.
    #[inline(always)]
    pub(super) fn note<T: Copy + Default + PartialEq>(&mut self, example: usize, inputs: &[T]) {
        let begin = example / BYTE * self.columns.len();
        let bit = 1 << (example % BYTE);
        for (byte, &input) in self.bytes[begin..].iter_mut().zip(inputs) {
            *byte |= if input == T::default() { 0 } else { bit };
        }
    }

    /// Puts together what was noted of the first `examples` examples, of `inputs` inputs each.
    #[inline(always)]
    pub(super) fn put_together(&mut self, examples: usize, inputs: usize) {
        self.columns.fill(0);
        let length = self.columns.len();
        for (number, bytes) in self.bytes.chunks_exact(length).enumerate() {
            for (column, &byte) in self.columns.iter_mut().zip(bytes) {
                *column |= u32::from(byte) << (number * BYTE);
            }
        }
        let mut set = [0_usize; STRIP];
        let (words, _) = self.columns.as_chunks::<WORD>();
        for (rows, columns) in self.rows.iter_mut().zip(words) {
            let (halves, _) = columns.as_chunks::<STRIP>();
            let [low, high] = [transposed(halves[0]), transposed(halves[1])];
            for (example, row) in rows.iter_mut().enumerate() {
                *row = u64::from(low[example]) | u64::from(high[example]) << STRIP;
                set[example] += row.count_ones() as usize;
            }
        }
        self.sort(&set[..examples], inputs);
        if self.decides {
            self.decide(examples, inputs);
        }
    }

    /// Puts the examples in order, of which each has so many of `inputs` inputs; by buckets, since a finer order
    /// would cost more than it saves.
    #[inline(always)]
    fn sort(&mut self, set: &[usize], inputs: usize) {
        // Without a division for each.
        let factor = ((STRIP - 1) << 16) / inputs;
        let bucket = |set: &usize| (set * factor) >> 16;
        let mut places = [0; STRIP];
        for set in set {
            places[bucket(set)] += 1;
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        for (example, set) in set.iter().enumerate() {
            let place = &mut places[bucket(set)];
            self.order[*place] = example as u8;
            *place += 1;
        }
    }

    /// Decides for now and later who should leave zeros out, of `examples` examples of `inputs` inputs each.
    #[inline(always)]
    fn decide(&mut self, examples: usize, inputs: usize) {
        let mut gradients = 0;
        for columns in self.columns[..inputs].chunks(SPARSE) {
            let any = columns.iter().fold(0, |any, column| any | column);
            gradients += columns.len() * any.count_ones() as usize;
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

/// Bit j of word i goes to bit i of word j: by halves, quarters and so on. Warren, *Hacker's Delight*, 7–3.
#[inline(always)]
fn transposed(mut words: [u32; STRIP]) -> [u32; STRIP] {
    let (mut half, mut mask) = (STRIP / 2, 0x0000_ffff_u32);
    while half > 0 {
        for pair in words.chunks_exact_mut(2 * half) {
            let (low, high) = pair.split_at_mut(half);
            for (low, high) in low.iter_mut().zip(high) {
                let change = (*low >> half ^ *high) & mask;
                *low ^= change << half;
                *high ^= change;
            }
        }
        half /= 2;
        mask ^= mask << half;
    }
    words
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    type IsZero = fn(usize, usize) -> bool;

    /// Whether anyone wanted to know what is not zero in `x`.
    fn note(nonzero: &mut Nonzero, x: &[f32], inputs: usize) -> bool {
        let wanted = nonzero.begin();
        if wanted {
            for (example, x) in x.chunks(inputs).enumerate() {
                nonzero.note(example, x);
            }
            nonzero.put_together(x.len() / inputs, inputs);
        }
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
                for input in 0..inputs.next_multiple_of(WORD) {
                    let here = example < examples && input < inputs;
                    let expected = here && x[example * inputs + input] != 0.0;
                    let column = nonzero.columns[input] >> example & 1 == 1;
                    let row = nonzero.rows[input / WORD][example] >> (input % WORD) & 1 == 1;
                    assert_eq!((column, row), (expected, expected), "{example}, {input}");
                    *set += usize::from(expected);
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
