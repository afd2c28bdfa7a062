//! Images with the class of each.

use crate::{Error, Images};

/// Images and one class number per image; every label is below the number of classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabelledImages {
    images: Images,
    labels: Vec<u32>,
    classes: usize,
}

impl LabelledImages {
    /// Puts images and labels together.
    ///
    /// # Errors
    ///
    /// [`Error::CountMismatch`] and [`Error::LabelOutOfRange`].
    pub fn new(images: Images, labels: Vec<u32>, classes: usize) -> Result<Self, Error> {
        Self::with_origin(images, labels, classes, "labelled images")
    }

    /// The same, with the words by which an error names where the two came from.
    pub(crate) fn with_origin(
        images: Images,
        labels: Vec<u32>,
        classes: usize,
        origin: &str,
    ) -> Result<Self, Error> {
        if images.count() != labels.len() {
            return Err(Error::CountMismatch {
                origin: origin.to_owned(),
                images: images.count(),
                labels: labels.len(),
            });
        }
        let beyond = |&(_, &label): &(usize, &u32)| label as usize >= classes;
        if let Some((index, &label)) = labels.iter().enumerate().find(beyond) {
            return Err(Error::LabelOutOfRange {
                origin: origin.to_owned(),
                index,
                label,
                classes,
            });
        }
        Ok(Self {
            images,
            labels,
            classes,
        })
    }

    /// The images.
    #[must_use]
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// The class of each image, in [0, classes).
    #[must_use]
    pub fn labels(&self) -> &[u32] {
        &self.labels
    }

    /// Number of classes.
    #[must_use]
    pub fn classes(&self) -> usize {
        self.classes
    }

    /// Number of images, at least 1.
    #[must_use]
    pub fn count(&self) -> usize {
        self.labels.len()
    }

    /// How many images each class has.
    #[must_use]
    pub fn class_counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes];
        for &label in &self.labels {
            counts[label as usize] += 1;
        }
        counts
    }

    /// The images at the given indices with their labels, in that order.
    ///
    /// # Errors
    ///
    /// [`Error::IndexOutOfRange`], and [`Error::PixelCount`] for an empty choice.
    pub fn subset(&self, indices: &[usize]) -> Result<Self, Error> {
        let images = self.images.subset(indices)?;
        let labels = indices.iter().map(|&index| self.labels[index]).collect();
        Ok(Self {
            images,
            labels,
            classes: self.classes,
        })
    }
}

/// The pixels of all images.
impl AsRef<[u8]> for LabelledImages {
    fn as_ref(&self) -> &[u8] {
        self.images.pixels()
    }
}
