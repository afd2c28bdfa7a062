//! What goes into the first layer.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use pulp::{Simd, WithSimd};

use super::nonzero::Nonzero;
use crate::Error;

/// The inputs of a batch, row-major, shape [n, inputs of the first layer].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DenseInputs {
    /// The numbers themselves.
    Values(Vec<f32>),
    /// Each x stands for x/255: the pixels of images as files have them, a quarter of the memory.
    Bytes(Vec<u8>),
    /// The same of some rows of a set that stays where it is: whoever computes on them reads them there.
    Rows(DenseRows),
}

/// Some rows of a matrix of bytes x, each of which stands for x/255.
#[derive(Clone)]
pub struct DenseRows {
    /// The matrix, row-major.
    pub set: Arc<dyn AsRef<[u8]> + Send + Sync>,
    /// Which rows, counted from 0.
    pub numbers: Vec<usize>,
}

/// The matrix may be millions of bytes.
impl fmt::Debug for DenseRows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DenseRows")
            .field("numbers", &self.numbers)
            .finish_non_exhaustive()
    }
}

impl PartialEq for DenseRows {
    fn eq(&self, other: &Self) -> bool {
        self.numbers == other.numbers && (*self.set).as_ref() == (*other.set).as_ref()
    }
}

impl Default for DenseInputs {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

/// The same, lent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inputs<'a> {
    Values(&'a [f32]),
    Bytes(&'a [u8]),
    Rows(&'a [u8], &'a [usize]),
}

impl DenseInputs {
    pub(super) fn view(&self) -> Inputs<'_> {
        match self {
            Self::Values(values) => Inputs::Values(values),
            Self::Bytes(bytes) => Inputs::Bytes(bytes),
            Self::Rows(rows) => Inputs::Rows((*rows.set).as_ref(), &rows.numbers),
        }
    }

    /// The number of examples of `inputs` inputs each.
    ///
    /// # Errors
    ///
    /// [`Error::Batch`] where there is none or not a whole number of them, or one that the set lacks.
    pub(super) fn count(&self, inputs: usize) -> Result<usize, Error> {
        let numbers = match self {
            Self::Values(values) => values.len(),
            Self::Bytes(bytes) => bytes.len(),
            Self::Rows(rows) => {
                let count = (*rows.set).as_ref().len() / inputs;
                let beyond = rows.numbers.iter().find(|&&number| number >= count);
                return match (beyond, rows.numbers.len()) {
                    (Some(beyond), _) => Err(Error::Batch {
                        expected: format!("rows below {count}, as many as the set has"),
                        found: beyond.to_string(),
                    }),
                    (None, 0) => Err(Error::Batch {
                        expected: "the numbers of at least 1 row".to_owned(),
                        found: "none".to_owned(),
                    }),
                    (None, count) => Ok(count),
                };
            }
        };
        let count = numbers / inputs;
        if count > 0 && numbers == count * inputs {
            return Ok(count);
        }
        Err(Error::Batch {
            expected: format!("n times {inputs} inputs, n at least 1"),
            found: numbers.to_string(),
        })
    }
}

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
    /// A row for each example, and perhaps more.
    pub(super) to: &'a mut [f32],
    /// Where to take note of what is not zero, if anyone wants to know.
    pub(super) nonzero: Option<&'a mut Nonzero>,
}

/// A type and not a closure: a closure of this size is not inlined, and then compiled for any processor.
impl WithSimd for Write<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) {
        let Self {
            from,
            inputs,
            examples: [first, count],
            columns,
            to,
            nonzero,
        } = self;
        let mut nonzero = nonzero.and_then(|nonzero| nonzero.begin().then_some(nonzero));
        let width = columns.len();
        for (number, values) in to.chunks_exact_mut(width).take(count).enumerate() {
            let example = first + number;
            let bytes = match from {
                Inputs::Values(all) => {
                    let row = &all[example * inputs..][columns.clone()];
                    values.copy_from_slice(row);
                    if let Some(nonzero) = &mut nonzero {
                        nonzero.note(number, row);
                    }
                    continue;
                }
                Inputs::Bytes(all) => &all[example * inputs..][columns.clone()],
                Inputs::Rows(all, numbers) => &all[numbers[example] * inputs..][columns.clone()],
            };
            for (value, &byte) in values.iter_mut().zip(bytes) {
                *value = two_hundred_fifty_fifth(f32::from(byte));
            }
            if let Some(nonzero) = &mut nonzero {
                nonzero.note(number, bytes);
            }
        }
        if let Some(nonzero) = nonzero {
            nonzero.put_together(count, width);
        }
    }
}

/// x/255 without a division, which takes several times as long: the product with 1/255, put right by what
/// it leaves over. Markstein, 1990.
#[inline(always)]
fn two_hundred_fifty_fifth(x: f32) -> f32 {
    const INVERSE: f32 = 1.0 / 255.0;
    let quotient = x * INVERSE;
    let rest = quotient.mul_add(-255.0, x);
    rest.mul_add(INVERSE, quotient)
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
                columns,
                nonzero: None,
            });
        }
        for (byte, value) in bytes.into_iter().zip(values) {
            assert_eq!(value, f32::from(byte) / 255.0, "{byte}");
        }
    }
}
