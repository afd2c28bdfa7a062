//! The test set, which stays shut until the choice that it is to judge can no longer change.

use crate::LabelledImages;
use std::ops::Deref;

/// A choice that can be read and no longer changed: see [`freeze`].
#[derive(Debug)]
pub struct Frozen<C>(C);

/// Declares a choice (a configuration, the weights, both) final.
///
/// A [`SealedTestSet`] opens only against a frozen choice.
pub fn freeze<C>(choice: C) -> Frozen<C> {
    Frozen(choice)
}

impl<C> Deref for Frozen<C> {
    type Target = C;

    fn deref(&self) -> &C {
        &self.0
    }
}

/// Test images that cannot be read, copied or printed; only how many they are is known.
///
/// They are opened once, by giving the seal away, after the choice is frozen:
///
/// ```
/// use hemline_data::{SyntheticGarments, freeze};
///
/// let data = SyntheticGarments { train: 20, test: 10, ..Default::default() }.draw()?;
/// let (_, development, test) = data.into_parts();
/// let widths = [development.images().pixels_per_image(), 50, development.classes()];
/// let choice = freeze(widths);
/// assert_eq!(test.open(&choice).count(), 10);
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// A second opening does not compile, because the first one took the seal:
///
/// ```compile_fail,E0382
/// # use hemline_data::{SyntheticGarments, freeze};
/// # let data = SyntheticGarments { train: 20, test: 10, ..Default::default() }.draw()?;
/// # let (_, _, test) = data.into_parts();
/// let choice = freeze("three layers");
/// test.open(&choice);
/// test.open(&choice);
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// Nor does a copy made for later:
///
/// ```compile_fail,E0599
/// # use hemline_data::{SyntheticGarments, freeze};
/// # let data = SyntheticGarments { train: 20, test: 10, ..Default::default() }.draw()?;
/// # let (_, _, test) = data.into_parts();
/// let copy = test.clone();
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// Nor an opening without a frozen choice:
///
/// ```compile_fail,E0308
/// # use hemline_data::SyntheticGarments;
/// # let data = SyntheticGarments { train: 20, test: 10, ..Default::default() }.draw()?;
/// # let (_, _, test) = data.into_parts();
/// test.open(&"perhaps three layers");
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// And tuning, which receives [`Development`](crate::Development), finds no test set there:
///
/// ```compile_fail,E0599
/// fn tune(development: &hemline_data::Development) {
///     development.test();
/// }
/// ```
pub struct SealedTestSet(LabelledImages);

impl SealedTestSet {
    pub(crate) fn new(test: LabelledImages) -> Self {
        Self(test)
    }

    /// Number of images.
    #[must_use]
    pub fn count(&self) -> usize {
        self.0.count()
    }

    /// Height and width of each image.
    #[must_use]
    pub fn image_size(&self) -> (usize, usize) {
        (self.0.images().height(), self.0.images().width())
    }

    /// Opens the set, once, to judge a choice that is final.
    #[must_use]
    pub fn open<C>(self, _choice: &Frozen<C>) -> LabelledImages {
        self.0
    }
}

impl std::fmt::Debug for SealedTestSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealedTestSet({} images)", self.count())
    }
}
