//! What goes into the first layer.

use std::fmt;
use std::sync::Arc;

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
