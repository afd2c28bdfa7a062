//! A folder with the four files of a data set, under either of two families of names.

use crate::{DataSet, Error, LabelledImages, load_images, load_labels};
use std::path::{Path, PathBuf};

/// The course's names: training images and labels, test images and labels.
const COURSE_NAMES: [&str; 4] = [
    "fashion_mnist_train_images.npy",
    "fashion_mnist_train_labels.npy",
    "fashion_mnist_test_images.npy",
    "fashion_mnist_test_labels.npy",
];
/// The official names, in the same order; `.gz` may follow each.
pub(crate) const OFFICIAL_NAMES: [&str; 4] = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
];
/// The most classes that labels alone may call for: with more, they are not class numbers.
const MOST_CLASSES: usize = 1 << 16;

/// Loads a data set from a folder.
///
/// The folder holds `fashion_mnist_{train,test}_{images,labels}.npy`, or the official
/// `{train,t10k}-{images-idx3,labels-idx1}-ubyte`, each with or without `.gz`; if it holds both,
/// the former. There are as many classes as the largest training label says.
///
/// # Errors
///
/// [`Error::FilesMissing`], every error of [`load_images`] and [`load_labels`], and those of
/// [`LabelledImages::new`] and [`DataSet::new`].
///
/// # Example
///
/// ```no_run
/// let data = hemline_data::load_folder("kmnist")?;
/// println!("{}: {} images", data.provenance().name, data.development().count());
/// # Ok::<(), hemline_data::Error>(())
/// ```
pub fn load_folder(folder: impl AsRef<Path>) -> Result<DataSet, Error> {
    let folder = folder.as_ref();
    load_files(folder, &files_in(folder)?)
}

/// The four files, if the folder has them.
pub(crate) fn files_in(folder: &Path) -> Result<[PathBuf; 4], Error> {
    // Also tells a folder that cannot be read from one that holds other files.
    std::fs::read_dir(folder).map_err(|source| Error::Io {
        path: folder.to_owned(),
        action: "read the folder",
        source,
    })?;
    let course = COURSE_NAMES.map(|name| folder.join(name));
    if course.iter().all(|path| path.exists()) {
        return Ok(course);
    }
    let official = OFFICIAL_NAMES.map(|name| {
        let plain = folder.join(name);
        if plain.exists() {
            plain
        } else {
            folder.join(format!("{name}.gz"))
        }
    });
    if official.iter().all(|path| path.exists()) {
        return Ok(official);
    }
    let missing: Vec<String> = COURSE_NAMES
        .iter()
        .zip(&course)
        .zip(OFFICIAL_NAMES.iter().zip(&official))
        .filter(|((_, course), (_, official))| !course.exists() && !official.exists())
        .map(|((course, _), (official, _))| format!("{course} or {official}[.gz]"))
        .collect();
    let missing = if missing.is_empty() {
        "the two families of names in full".to_owned()
    } else {
        missing.join(", ")
    };
    Err(Error::FilesMissing {
        path: folder.to_owned(),
        missing,
    })
}

pub(crate) fn load_files(folder: &Path, files: &[PathBuf; 4]) -> Result<DataSet, Error> {
    let [train_images, train_labels, test_images, test_labels] = files;
    let labels = load_labels(train_labels)?;
    let classes = infer_classes(&labels, train_labels)?;
    let train = pair(train_images, train_labels, labels, classes)?;
    let test = pair(test_images, test_labels, load_labels(test_labels)?, classes)?;
    let name = folder
        .canonicalize()
        .ok()
        .and_then(|full| Some(full.file_name()?.to_string_lossy().into_owned()))
        .unwrap_or_else(|| folder.display().to_string());
    DataSet::new(&name, &folder.display().to_string(), train, test)
}

fn pair(
    images: &Path,
    labels: &Path,
    values: Vec<u32>,
    classes: usize,
) -> Result<LabelledImages, Error> {
    let origin = format!("{} and {}", images.display(), labels.display());
    LabelledImages::with_origin(load_images(images)?, values, classes, &origin)
}

fn infer_classes(labels: &[u32], path: &Path) -> Result<usize, Error> {
    let beyond = |&(_, &label): &(usize, &u32)| label as usize >= MOST_CLASSES;
    if let Some((index, &label)) = labels.iter().enumerate().find(beyond) {
        let origin = path.display().to_string();
        return Err(Error::LabelOutOfRange {
            origin,
            index,
            label,
            classes: MOST_CLASSES,
        });
    }
    Ok(labels
        .iter()
        .max()
        .map_or(0, |&largest| largest as usize + 1))
}
