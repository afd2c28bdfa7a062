//! A stack of grey images of one size.

use bytes::Bytes;
use rayon::prelude::*;

use crate::{Error, large_pages};

/// The pixels that a thread converts at a time.
const SHARE: usize = 1 << 18;

/// `count` images of `height` × `width` pixels, 0 (black) to 255 (white), image after image and row
/// after row. At least one pixel is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Images {
    pixels: Bytes,
    count: usize,
    height: usize,
    width: usize,
}

impl Images {
    /// Takes pixels in C order of shape (count, height, width).
    ///
    /// # Errors
    ///
    /// [`Error::PixelCount`] if the pixels do not fill the shape, or the shape is empty.
    ///
    /// # Example
    ///
    /// ```
    /// let images = hemline_data::Images::new(vec![0, 64, 128, 255], 1, 2, 2)?;
    /// assert_eq!(images.image(0), Some(&[0, 64, 128, 255][..]));
    /// assert_eq!(images.as_ref(), [0, 64, 128, 255]);
    /// assert!(hemline_data::Images::new(vec![0; 5], 1, 2, 2).is_err());
    /// # Ok::<(), hemline_data::Error>(())
    /// ```
    pub fn new(pixels: Vec<u8>, count: usize, height: usize, width: usize) -> Result<Self, Error> {
        Self::sharing(pixels.into(), count, height, width)
    }

    /// The same of pixels that are shared already.
    fn sharing(pixels: Bytes, count: usize, height: usize, width: usize) -> Result<Self, Error> {
        let expected = count
            .checked_mul(height)
            .and_then(|rows| rows.checked_mul(width));
        if pixels.is_empty() || expected != Some(pixels.len()) {
            return Err(Error::PixelCount {
                count,
                height,
                width,
                found: pixels.len(),
            });
        }
        Ok(Self {
            pixels,
            count,
            height,
            width,
        })
    }

    /// Number of images, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Rows of each image.
    #[must_use]
    pub fn height(&self) -> usize {
        self.height
    }

    /// Columns of each image.
    #[must_use]
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels of each image, H·W: the length of a row of the design matrix.
    #[must_use]
    pub fn pixels_per_image(&self) -> usize {
        self.height * self.width
    }

    /// All pixels.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels of one image.
    #[must_use]
    pub fn image(&self, index: usize) -> Option<&[u8]> {
        self.pixels.chunks_exact(self.pixels_per_image()).nth(index)
    }

    /// All pixels as x/255 in [0, 1].
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        let mut values = vec![0.0; self.pixels.len()];
        self.write_f32(&mut values);
        values
    }

    /// Writes all pixels as x/255 to as many numbers.
    pub(crate) fn write_f32(&self, values: &mut [f32]) {
        // In parallel: most of the time goes into the first touch of new memory.
        let shares = values.par_chunks_mut(SHARE);
        shares
            .zip(self.pixels.par_chunks(SHARE))
            .for_each(|(values, pixels)| {
                for (value, &pixel) in values.iter_mut().zip(pixels) {
                    *value = f32::from(pixel) / 255.0;
                }
            });
    }

    /// The images at the given indices, in that order.
    ///
    /// # Errors
    ///
    /// [`Error::IndexOutOfRange`], and [`Error::PixelCount`] for an empty choice.
    pub fn subset(&self, indices: &[usize]) -> Result<Self, Error> {
        check_indices(indices, self.count)?;
        let size = self.pixels_per_image();
        let copy = |pixels: &mut [u8]| {
            for (to, &index) in pixels.chunks_exact_mut(size).zip(indices) {
                to.copy_from_slice(&self.pixels[index * size..][..size]);
            }
        };
        let length = indices.len().saturating_mul(size);
        let pixels = large_pages::filled(length, copy).unwrap_or_else(|| {
            let mut pixels = vec![0; length];
            copy(&mut pixels);
            pixels.into()
        });
        Self::sharing(pixels, indices.len(), self.height, self.width)
    }
}

/// Whether all indices are below `count`.
///
/// # Errors
///
/// [`Error::IndexOutOfRange`] for the first that is not.
pub(crate) fn check_indices(indices: &[usize], count: usize) -> Result<(), Error> {
    match indices.iter().find(|&&index| index >= count) {
        Some(&index) => Err(Error::IndexOutOfRange { index, count }),
        None => Ok(()),
    }
}

/// All pixels.
impl AsRef<[u8]> for Images {
    fn as_ref(&self) -> &[u8] {
        &self.pixels
    }
}

impl std::fmt::Debug for Images {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "Images({} × {} × {})",
            self.count, self.height, self.width
        )
    }
}
