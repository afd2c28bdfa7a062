//! Images as burn tensors: converted once, then gathered on the device batch by batch.

use crate::images::check_indices;
use crate::{BatchIndices, Error, Images, LabelledImages, large_pages};
use burn::tensor::{AllocationProperty, Bytes, DType, Device, Int, Tensor, TensorData};
use rand::Rng;
use std::num::NonZeroUsize;

/// A data set as two tensors on one device.
#[derive(Clone, Debug)]
pub struct TensorSet {
    images: Tensor<2>,
    labels: Tensor<1, Int>,
    count: usize,
}

/// Some images and their labels, on the device.
#[derive(Clone, Debug)]
pub struct Minibatch {
    /// Shape `[b, H·W]`, f32 in [0, 1].
    pub images: Tensor<2>,
    /// Shape `[b]`, class numbers.
    pub labels: Tensor<1, Int>,
}

impl TensorSet {
    /// Converts u8 pixels to x/255 and copies them to the device, once.
    ///
    /// # Example
    ///
    /// ```
    /// # #[cfg(feature = "flex")] {
    /// use hemline_data::{Images, LabelledImages, TensorSet};
    /// use rand::SeedableRng;
    /// use std::num::NonZeroUsize;
    ///
    /// let images = Images::new((0..20).collect(), 5, 2, 2)?;
    /// let data = LabelledImages::new(images, vec![0, 1, 0, 1, 0], 2)?;
    /// let set = TensorSet::new(&data, &burn::tensor::Device::flex());
    /// let size = NonZeroUsize::new(2).expect("two is not zero");
    /// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(0);
    /// let shapes: Vec<_> =
    ///     set.minibatches(size, &mut rng).map(|batch| batch.images.dims()).collect();
    /// assert_eq!(shapes, [[2, 4], [2, 4], [1, 4]]);
    /// # }
    /// # Ok::<(), hemline_data::Error>(())
    /// ```
    #[must_use]
    pub fn new(data: &LabelledImages, device: &Device) -> Self {
        let count = data.count();
        let images = data.images();
        let shape = [count, images.pixels_per_image()];
        let labels: Vec<i64> = data
            .labels()
            .iter()
            .map(|&label| i64::from(label))
            .collect();
        Self {
            images: Tensor::from_data(
                TensorData::from_bytes(scaled(images), shape, DType::F32),
                device,
            ),
            labels: Tensor::from_data(TensorData::new(labels, [count]), device),
            count,
        }
    }

    /// Number of images, n.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// All images, shape `[n, H·W]`.
    #[must_use]
    pub fn images(&self) -> &Tensor<2> {
        &self.images
    }

    /// All labels, shape `[n]`.
    #[must_use]
    pub fn labels(&self) -> &Tensor<1, Int> {
        &self.labels
    }

    /// The minibatches of one epoch, in the order that [`BatchIndices`] draws; the last may be
    /// smaller. Skipping batches does not gather them.
    pub fn minibatches(&self, batch_size: NonZeroUsize, rng: &mut impl Rng) -> Minibatches<'_> {
        Minibatches {
            set: self,
            indices: BatchIndices::new(self.count, batch_size, rng),
        }
    }

    /// All images in their own order, in pieces of at most `size`, for evaluation.
    pub fn chunks(&self, size: NonZeroUsize) -> impl ExactSizeIterator<Item = Minibatch> + '_ {
        (0..self.count.div_ceil(size.get())).map(move |chunk| {
            let start = chunk * size.get();
            let range = start..start.saturating_add(size.get()).min(self.count);
            Minibatch {
                images: self.images.clone().slice(range.clone()),
                labels: self.labels.clone().slice(range),
            }
        })
    }

    /// The images at the given indices, in that order, gathered on the device.
    ///
    /// # Errors
    ///
    /// [`Error::IndexOutOfRange`], and [`Error::PixelCount`] for an empty choice.
    pub fn rows(&self, indices: &[usize]) -> Result<Minibatch, Error> {
        check_indices(indices, self.count)?;
        if indices.is_empty() {
            let [_, width] = self.images.dims();
            return Err(Error::PixelCount {
                count: 0,
                height: 1,
                width,
                found: 0,
            });
        }
        Ok(self.gather(indices))
    }

    /// The same for indices that are known to be valid.
    fn gather(&self, indices: &[usize]) -> Minibatch {
        let indices: Vec<i64> = indices.iter().map(|&index| index as i64).collect();
        let shape = [indices.len()];
        let indices: Tensor<1, Int> =
            Tensor::from_data(TensorData::new(indices, shape), &self.images.device());
        Minibatch {
            images: self.images.clone().select(0, indices.clone()),
            labels: self.labels.clone().select(0, indices),
        }
    }
}

/// The pixels as x/255 in the memory that the tensor will keep.
fn scaled(images: &Images) -> Bytes {
    let count = images.pixels().len();
    match large_pages::filled(count, |values| images.write_f32(values)) {
        // As memory of the usual kind, which it is but for the size of its pages: burn-ndarray takes any
        // other to be a file's, and copies all of it at each operation.
        Some(pages) => Bytes::from_shared(pages, AllocationProperty::Native),
        None => Bytes::from_elems(images.to_f32()),
    }
}

/// The minibatches of one epoch: see [`TensorSet::minibatches`].
#[derive(Clone, Debug)]
pub struct Minibatches<'a> {
    set: &'a TensorSet,
    indices: BatchIndices,
}

impl Iterator for Minibatches<'_> {
    type Item = Minibatch;

    fn next(&mut self) -> Option<Minibatch> {
        self.nth(0)
    }

    fn nth(&mut self, skipped: usize) -> Option<Minibatch> {
        self.indices
            .nth(skipped)
            .map(|indices| self.set.gather(&indices))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.indices.size_hint()
    }
}

impl ExactSizeIterator for Minibatches<'_> {}
