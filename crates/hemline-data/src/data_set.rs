//! A data set: where it came from, what may be looked at, and the sealed test set.

use crate::checksum::content_checksum;
use crate::{Error, LabelledImages, SealedTestSet, Split, split};
use rand::Rng;
use serde::{Deserialize, Serialize};
use std::ops::Deref;

/// SHA-256 of the content of Fashion-MNIST, as [`Provenance::sha256`] counts it.
pub const FASHION_MNIST_SHA256: &str =
    "9f86d24c7c91f4aa927eb07969f1713e561294f94dc02584b40012b089931dde";

/// What a report says about its data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Provenance {
    /// The data set's name: "Fashion-MNIST" if the content is exactly that.
    pub name: String,
    /// Where it was found.
    pub source: String,
    /// SHA-256 of the content in hexadecimal: for training and then test images, their number,
    /// height and width as little-endian u64, the pixels, and the labels as little-endian u32.
    /// The same data in `.npy` and IDX files has the same sum.
    pub sha256: String,
    /// Why the built-in set stands in, where nothing else was found.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fallback: Option<Fallback>,
}

/// Why the built-in set is used, and what to do about it. A run shows this first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Fallback {
    /// Each place that was tried, with the reason why it gave nothing.
    pub tried: Vec<String>,
    /// What helps.
    pub advice: String,
}

impl std::fmt::Display for Fallback {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        writeln!(
            f,
            "Fashion-MNIST was not found, so the built-in synthetic garments stand in."
        )?;
        for place in &self.tried {
            writeln!(f, "  tried: {place}")?;
        }
        write!(f, "  {}", self.advice)
    }
}

/// A data set with its test part sealed.
#[derive(Debug)]
pub struct DataSet {
    provenance: Provenance,
    development: Development,
    test: SealedTestSet,
}

impl DataSet {
    /// Seals the test part. A content that is exactly Fashion-MNIST's is named so, any other `name`.
    ///
    /// # Errors
    ///
    /// [`Error::SizeMismatch`] if the two parts differ in height or width, and
    /// [`Error::LabelOutOfRange`] if a test label is none of the training part's classes.
    pub fn new(
        name: &str,
        source: &str,
        train: LabelledImages,
        test: LabelledImages,
    ) -> Result<Self, Error> {
        let size = |part: &LabelledImages| (part.images().height(), part.images().width());
        if size(&train) != size(&test) {
            let origin = source.to_owned();
            return Err(Error::SizeMismatch {
                origin,
                train: size(&train),
                test: size(&test),
            });
        }
        let classes = train.classes();
        let beyond = |&(_, &label): &(usize, &u32)| label as usize >= classes;
        if let Some((index, &label)) = test.labels().iter().enumerate().find(beyond) {
            let origin = format!("{source}, test part");
            return Err(Error::LabelOutOfRange {
                origin,
                index,
                label,
                classes,
            });
        }
        let sha256 = content_checksum(&train, &test);
        let name = if sha256 == FASHION_MNIST_SHA256 {
            "Fashion-MNIST"
        } else {
            name
        };
        Ok(Self {
            provenance: Provenance {
                name: name.to_owned(),
                source: source.to_owned(),
                sha256,
                fallback: None,
            },
            development: Development(train),
            test: SealedTestSet::new(test),
        })
    }

    pub(crate) fn with_fallback(mut self, fallback: Fallback) -> Self {
        self.provenance.fallback = Some(fallback);
        self
    }

    /// Name, source and checksum.
    #[must_use]
    pub fn provenance(&self) -> &Provenance {
        &self.provenance
    }

    /// What training and tuning may look at.
    #[must_use]
    pub fn development(&self) -> &Development {
        &self.development
    }

    /// The sealed test set.
    #[must_use]
    pub fn test(&self) -> &SealedTestSet {
        &self.test
    }

    /// The parts, so that each can be given to whom it concerns.
    #[must_use]
    pub fn into_parts(self) -> (Provenance, Development, SealedTestSet) {
        (self.provenance, self.development, self.test)
    }
}

/// Everything that may be looked at before the choice is frozen: Fashion-MNIST's 60,000 training
/// images, to be split into a training and a validation part. It reads as [`LabelledImages`].
#[derive(Clone, Debug)]
pub struct Development(LabelledImages);

impl Development {
    /// Takes images that are known to contain no test image.
    #[must_use]
    pub fn new(images: LabelledImages) -> Self {
        Self(images)
    }

    /// A stratified split: see [`split`].
    ///
    /// # Errors
    ///
    /// [`Error::SplitSize`] unless 1 ≤ `validation` < number of images.
    pub fn split(&self, validation: usize, rng: &mut impl Rng) -> Result<Split, Error> {
        split(&self.0, validation, rng)
    }
}

impl Deref for Development {
    type Target = LabelledImages;

    fn deref(&self) -> &LabelledImages {
        &self.0
    }
}
