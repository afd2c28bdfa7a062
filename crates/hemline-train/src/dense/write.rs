//! From what goes into the first layer, as a minibatch has it, to numbers that a product reads.

use std::ops::Range;

use pulp::{Simd, WithSimd};

use super::input::Input;
use super::inputs::Inputs;
use super::nonzero::{Columns, Nonzero, WORD};
use super::tiles::SPARSE;

/// Writes some columns of some examples as numbers.
#[derive(Debug)]
pub(super) struct Write<'a> {
    pub(super) from: Inputs<'a>,
    /// The numbers in a row of `from`.
    pub(super) inputs: usize,
    /// The first example, and how many.
    pub(super) examples: [usize; 2],
    /// Which columns.
    pub(super) columns: Range<usize>,
    /// A row for each example, `stride` numbers apart, and perhaps more.
    pub(super) to: &'a mut [f32],
    pub(super) stride: usize,
    /// Where to take note of what is not zero, if anyone wants to know.
    pub(super) nonzero: Option<&'a mut Nonzero>,
}

/// A type and not a closure: a closure of this size is not inlined, and then compiled for any processor.
impl WithSimd for Write<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        match self.from {
            Inputs::Values(all) => self.write(all, None),
            Inputs::Bytes(all) => self.write(all, None),
            Inputs::Rows(all, numbers) => self.write(all, Some(numbers)),
        }
    }
}

impl Write<'_> {
    /// From rows of `all`: from those of these `numbers`, if they are given.
    ///
    /// Word by word, and each of all examples: what is noted of its inputs stays in a register then.
    #[inline(always)]
    fn write<T: Input>(self, all: &[T], numbers: Option<&[usize]>) {
        let [first, count] = self.examples;
        let width = self.columns.len();
        let mut nonzero = self
            .nonzero
            .and_then(|nonzero| nonzero.wanted().then_some(nonzero));
        let mut word = 0;
        while word * WORD < width {
            let mut begin = word * WORD;
            let rest = width - begin;
            if rest < WORD && width >= WORD && width.is_multiple_of(SPARSE) {
                // With inputs before it, which are written once more: in parts it would take longer.
                begin = width - WORD;
            }
            let mut columns = Columns::default();
            let mut number = 0;
            while number < count {
                let example = first + number;
                let row = numbers.map_or(example, |numbers| numbers[example]);
                let row = &all[row * self.inputs + self.columns.start + begin..];
                let to = &mut self.to[number * self.stride + begin..];
                let mut padded = [T::default(); WORD];
                let x = match (row.first_chunk::<WORD>(), to.first_chunk_mut::<WORD>()) {
                    (Some(x), Some(to)) if begin + WORD <= width => {
                        convert(*x, to);
                        x
                    }
                    _ => {
                        padded[..rest].copy_from_slice(&row[..rest]);
                        let mut numbers = [0.0; WORD];
                        convert(padded, &mut numbers);
                        to[..rest].copy_from_slice(&numbers[..rest]);
                        &padded
                    }
                };
                if let Some(nonzero) = &mut nonzero {
                    columns = nonzero.note([word, begin, number], *x, columns);
                }
                number += 1;
            }
            if let Some(nonzero) = &mut nonzero {
                nonzero.columns[begin / SPARSE..][..columns.len()].copy_from_slice(&columns);
            }
            word += 1;
        }
        if let Some(nonzero) = nonzero {
            nonzero.put_together(count, width);
        }
    }
}

/// By value: what is lent might be where the numbers go, for all that a compiler knows.
#[inline(always)]
fn convert<T: Input>(x: [T; WORD], to: &mut [f32; WORD]) {
    let mut i = 0;
    while i < WORD {
        to[i] = x[i].number();
        i += 1;
    }
}

/// Writes some rows of inputs as they are, and takes note of what is not zero.
#[cfg(test)]
pub(super) fn write(x: &[f32], inputs: usize, nonzero: &mut Nonzero) -> Vec<f32> {
    let mut to = vec![0.0; x.len()];
    pulp::Arch::new().dispatch(Write {
        from: Inputs::Values(x),
        inputs,
        examples: [0, x.len() / inputs],
        columns: 0..inputs,
        to: &mut to,
        stride: inputs,
        nonzero: Some(nonzero),
    });
    to
}

#[cfg(test)]
mod tests {
    use pulp::Arch;

    use super::*;

    #[test]
    fn every_byte_is_divided_as_a_division_would() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut values = [0.0; 256];
        for columns in [0..112, 112..256] {
            Arch::new().dispatch(Write {
                from: Inputs::Bytes(&bytes),
                inputs: 256,
                examples: [0, 1],
                to: &mut values[columns.clone()],
                stride: columns.len(),
                columns,
                nonzero: None,
            });
        }
        for (byte, value) in bytes.into_iter().zip(values) {
            assert_eq!(value, f32::from(byte) / 255.0, "{byte}");
        }
    }

    #[test]
    fn of_any_columns_all_are_written_and_nothing_else() {
        let inputs = 300;
        let bytes: Vec<u8> = (0..3 * inputs).map(|i| (i * 89 % 251) as u8).collect();
        let all: Vec<f32> = bytes.iter().map(|&byte| f32::from(byte) / 255.0).collect();
        for (begin, width) in [
            (0, 1),
            (7, 3),
            (20, 63),
            (20, 64),
            (3, 65),
            (128, 68),
            (100, 112),
            (0, 127),
            (172, 128),
            (99, 201),
        ] {
            let kinds = [
                Inputs::Values(&all),
                Inputs::Bytes(&bytes),
                Inputs::Rows(&bytes, &[1, 2, 0]),
            ];
            let stride = width + 3;
            for (from, rows) in kinds.into_iter().zip([[1, 2], [1, 2], [2, 0]]) {
                let mut values = vec![9.0; 2 * stride + 70];
                let mut nonzero = Nonzero::new(width);
                Arch::new().dispatch(Write {
                    from,
                    inputs,
                    examples: [1, 2],
                    columns: begin..begin + width,
                    to: &mut values,
                    stride,
                    nonzero: Some(&mut nonzero),
                });
                let expected = rows.map(|row| &all[row * inputs + begin..][..width]);
                for (values, expected) in values.chunks(stride).zip(expected) {
                    assert_eq!(values[..width], *expected, "{begin}, {width}");
                    assert_eq!(values[width..], [9.0; 3], "{begin}, {width}");
                }
                assert_eq!(values[2 * stride..], [9.0; 70], "{begin}, {width}");
            }
        }
    }
}
