//! Reads, finds, draws, splits and batches image data sets of the Fashion-MNIST shape.
//!
//! Data flows in one direction: [`find`] or [`load_folder`] gives a [`DataSet`]; its
//! [`Development`] part is [`split`] into training and validation images, from which a
//! `TensorSet` (feature `tensors`) makes tensors and seeded minibatches; its [`SealedTestSet`]
//! stays shut until [`freeze`] has made the choice final.
//!
//! ```
//! use hemline_data::{SyntheticGarments, freeze};
//! use rand::SeedableRng;
//!
//! let data = SyntheticGarments { train: 600, test: 100, ..Default::default() }.draw()?;
//! let (provenance, development, test) = data.into_parts();
//! println!("{} from {}", provenance.name, provenance.source);
//! let parts = development.split(100, &mut rand_chacha::ChaCha8Rng::seed_from_u64(0))?;
//! let choice = freeze(format!("fitted to {} images", parts.train.count()));
//! println!("{} is judged on {} images", *choice, test.open(&choice).count());
//! # Ok::<(), hemline_data::Error>(())
//! ```
//!
//! Files are `.npy` or IDX, plain or gzip'd, recognised by their bytes, of any image size and any
//! number of classes: MNIST, KMNIST and EMNIST load with the same call. What a file may cost in
//! memory is bounded by its own size, and each way in which it can be wrong has its own [`Error`].
//!
//! Out of scope: colour, augmentation, and data that does not fit in memory.
//!
//! The crate prints nothing and draws every random number from the caller's generator or seed.
//! Without the feature `tensors` (part of `flex`, a default) it builds without burn.

mod batches;
mod checksum;
mod data_set;
#[cfg(feature = "download")]
mod download;
mod error;
mod find;
mod folder;
mod images;
mod labelled_images;
mod large_pages;
mod observer;
mod read;
mod sealed;
mod source;
mod split;
mod synthetic;
#[cfg(feature = "tensors")]
mod tensors;

pub use batches::BatchIndices;
pub use data_set::{DataSet, Development, FASHION_MNIST_SHA256, Fallback, Provenance};
#[cfg(feature = "download")]
pub use download::{Downloader, Manifest, RemoteFile};
pub use error::Error;
pub use find::{DATA_VARIABLE, Places, find};
pub use folder::load_folder;
pub use images::Images;
pub use labelled_images::LabelledImages;
pub use observer::{Event, Observer, Silent};
pub use read::{load_images, load_labels, parse_images, parse_labels};
pub use sealed::{Frozen, SealedTestSet, freeze};
pub use source::Source;
pub use split::{DEFAULT_VALIDATION, Split, split};
pub use synthetic::{CLASS_NAMES, SyntheticGarments};
#[cfg(feature = "tensors")]
pub use tensors::{Minibatch, Minibatches, TensorSet};
