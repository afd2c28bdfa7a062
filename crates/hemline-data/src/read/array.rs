//! An array as it stood in a file, and the two things that this crate makes of it.

use crate::{Error, Images};
use std::path::PathBuf;

/// Elements in C order, with what an error needs to say where each stood.
pub(super) struct Array {
    pub(super) path: PathBuf,
    pub(super) shape: Vec<usize>,
    /// Where the shape stands in the file.
    pub(super) shape_offset: u64,
    /// Where the first element stands.
    pub(super) data_offset: u64,
    /// In the file the first index runs fastest.
    pub(super) fortran: bool,
    pub(super) elements: Elements,
}

pub(super) enum Elements {
    U8(Vec<u8>),
    I32(Vec<i32>),
    I64(Vec<i64>),
    F32(Vec<f32>),
    F64(Vec<f64>),
}

impl Elements {
    fn name(&self) -> &'static str {
        match self {
            Self::U8(_) => "u8",
            Self::I32(_) => "i32",
            Self::I64(_) => "i64",
            Self::F32(_) => "f32",
            Self::F64(_) => "f64",
        }
    }

    fn size(&self) -> u64 {
        match self {
            Self::U8(_) => 1,
            Self::I32(_) | Self::F32(_) => 4,
            Self::I64(_) | Self::F64(_) => 8,
        }
    }
}

/// The number of bytes of an array, if it has any and they can be counted.
pub(super) fn payload_bytes(
    path: &std::path::Path,
    offset: u64,
    shape: &[usize],
    element: u64,
) -> Result<u64, Error> {
    if shape.contains(&0) {
        return Err(Error::Empty {
            path: path.to_owned(),
            offset,
            shape: shape.to_vec(),
        });
    }
    shape
        .iter()
        .try_fold(element, |bytes, &size| {
            bytes.checked_mul(u64::try_from(size).ok()?)
        })
        // A vector holds at most isize::MAX bytes.
        .filter(|&bytes| isize::try_from(bytes).is_ok())
        .ok_or_else(|| Error::ShapeOverflow {
            path: path.to_owned(),
            offset,
            shape: shape.to_vec(),
        })
}

impl Array {
    pub(super) fn into_images(self) -> Result<Images, Error> {
        let (count, height, width) = match self.shape[..] {
            [count, height, width] | [count, 1, height, width] => (count, height, width),
            [count, pixels] => {
                let side = pixels.isqrt();
                if side * side == pixels {
                    (count, side, side)
                } else {
                    (count, 1, pixels)
                }
            }
            _ => return Err(self.wrong_shape("images of shape (n, H, W), (n, 1, H, W) or (n, D)")),
        };
        let pixels = match self.elements {
            Elements::U8(pixels) => pixels,
            Elements::F32(ref values) => {
                self.to_bytes(values.iter().map(|&value| f64::from(value)))?
            }
            Elements::F64(ref values) => self.to_bytes(values.iter().copied())?,
            Elements::I32(_) | Elements::I64(_) => {
                return Err(self.wrong_element("pixels as u8, f32 or f64"));
            }
        };
        Images::new(pixels, count, height, width)
    }

    pub(super) fn into_labels(self) -> Result<Vec<u32>, Error> {
        if self.shape.len() != 1 {
            return Err(self.wrong_shape("labels of shape (n)"));
        }
        match &self.elements {
            Elements::U8(labels) => Ok(labels.iter().map(|&label| u32::from(label)).collect()),
            Elements::I32(labels) => self.to_labels(labels.iter().map(|&label| i64::from(label))),
            Elements::I64(labels) => self.to_labels(labels.iter().copied()),
            Elements::F32(_) | Elements::F64(_) => {
                Err(self.wrong_element("labels as u8, i32 or i64"))
            }
        }
    }

    fn to_labels(&self, labels: impl Iterator<Item = i64>) -> Result<Vec<u32>, Error> {
        labels
            .enumerate()
            .map(|(index, label)| {
                u32::try_from(label).map_err(|_| {
                    self.bad_value(index, "a label from 0 to 4294967295", label.to_string())
                })
            })
            .collect()
    }

    fn to_bytes(&self, values: impl Iterator<Item = f64> + Clone) -> Result<Vec<u8>, Error> {
        let mut largest = 0.0_f64;
        for (index, value) in values.clone().enumerate() {
            // Not a number fails this too.
            if !(0.0..=255.0).contains(&value) {
                let expected = "a pixel in [0, 1] or [0, 255]";
                return Err(self.bad_value(index, expected, value.to_string()));
            }
            largest = largest.max(value);
        }
        let scale = if largest <= 1.0 { 255.0 } else { 1.0 };
        Ok(values.map(|value| (value * scale).round() as u8).collect())
    }

    fn wrong_shape(&self, expected: &str) -> Error {
        Error::Malformed {
            path: self.path.clone(),
            offset: self.shape_offset,
            expected: expected.to_owned(),
            found: format!("the shape {:?}", self.shape),
        }
    }

    fn wrong_element(&self, expected: &str) -> Error {
        Error::Malformed {
            path: self.path.clone(),
            offset: self.shape_offset,
            expected: expected.to_owned(),
            found: format!("elements of type {}", self.elements.name()),
        }
    }

    fn bad_value(&self, index: usize, expected: &'static str, found: String) -> Error {
        let place = if self.fortran {
            self.fortran_place(index)
        } else {
            index
        };
        let offset = self.data_offset + place as u64 * self.elements.size();
        Error::BadValue {
            path: self.path.clone(),
            offset,
            index,
            expected,
            found,
        }
    }

    /// Where the element with the given C-order index stands when the first index runs fastest.
    fn fortran_place(&self, mut index: usize) -> usize {
        let mut stride: usize = self.shape.iter().product();
        let mut place = 0;
        for &size in self.shape.iter().rev() {
            stride /= size;
            place += index % size * stride;
            index /= size;
        }
        place
    }
}
