//! Everything that can go wrong, each with the file, what was expected, what was found, and where.

use std::io;
use std::path::PathBuf;

/// An error of this crate.
///
/// Offsets count bytes from the start of the file; in a gzip'd file, of the inflated content.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The operating system refused.
    #[error("cannot {action} {}", path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// What was tried, as in "cannot read".
        action: &'static str,
        /// The operating system's reason.
        source: io::Error,
    },
    /// A path that should name a regular file names something else.
    #[error("{} is not a regular file", path.display())]
    NotAFile {
        /// The path.
        path: PathBuf,
    },
    /// The first bytes belong to none of the formats.
    #[error(
        "{}: expected a .npy file (it begins with \\x93NUMPY) or an IDX file (it begins with two \
         zero bytes), plain or gzip'd; found {found} at byte 0", path.display()
    )]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Its first bytes, escaped.
        found: String,
    },
    /// A field of a header has a value that it must not have.
    #[error("{}, byte {offset}: expected {expected}, found {found}", path.display())]
    Malformed {
        /// The file.
        path: PathBuf,
        /// Where the field begins.
        offset: u64,
        /// What the format, or this crate, allows there.
        expected: String,
        /// What stands there.
        found: String,
    },
    /// The header of a `.npy` file cannot be parsed.
    #[error("{}, byte {offset}: expected the header of a .npy file", path.display())]
    NpyHeader {
        /// The file.
        path: PathBuf,
        /// Where the header begins.
        offset: u64,
        /// The parser's reason.
        source: Box<ndarray_npy::ReadNpyError>,
    },
    /// A gzip stream is damaged.
    #[error("{}, inflated byte {offset}: expected intact gzip data", path.display())]
    Gzip {
        /// The file.
        path: PathBuf,
        /// How many bytes could be inflated.
        offset: u64,
        /// The decoder's reason.
        source: io::Error,
    },
    /// A small gzip stream unfolds into more than such a stream honestly holds.
    #[error(
        "{}: {compressed} compressed bytes are expected to hold at most {limit} bytes, found \
         {claimed}", path.display()
    )]
    GzipBomb {
        /// The file.
        path: PathBuf,
        /// Compressed bytes, all of them or those read so far.
        compressed: u64,
        /// Bytes that the header claims, or that came out so far.
        claimed: u64,
        /// Bytes that are accepted.
        limit: u64,
    },
    /// The file ends too early.
    #[error("{}: expected {expected} bytes, found the end at byte {found}", path.display())]
    Truncated {
        /// The file.
        path: PathBuf,
        /// Bytes that the header asks for, with the header.
        expected: u64,
        /// Bytes that are there.
        found: u64,
    },
    /// The file goes on after its last element.
    #[error("{}: expected the end at byte {expected}, found more data there", path.display())]
    TooLong {
        /// The file.
        path: PathBuf,
        /// Bytes that the header asks for, with the header.
        expected: u64,
    },
    /// The shape in a header multiplies to more than a machine can address.
    #[error("{}, byte {offset}: expected a shape that fits in memory, found {shape:?}", path.display())]
    ShapeOverflow {
        /// The file.
        path: PathBuf,
        /// Where the shape stands.
        offset: u64,
        /// The shape.
        shape: Vec<usize>,
    },
    /// A file without a single element.
    #[error("{}, byte {offset}: expected at least one element, found the shape {shape:?}", path.display())]
    Empty {
        /// The file.
        path: PathBuf,
        /// Where the shape stands.
        offset: u64,
        /// The shape.
        shape: Vec<usize>,
    },
    /// A pixel or label has a value that it must not have.
    #[error("{}, byte {offset} (element {index}): expected {expected}, found {found}", path.display())]
    BadValue {
        /// The file.
        path: PathBuf,
        /// Where the element begins.
        offset: u64,
        /// Its index in C order.
        index: usize,
        /// The values that are allowed.
        expected: &'static str,
        /// The value.
        found: String,
    },
    /// Pixels that do not fill their shape, or a shape without pixels.
    #[error("expected {count} × {height} × {width} pixels, at least one; found {found}")]
    PixelCount {
        /// Number of images.
        count: usize,
        /// Rows of each image.
        height: usize,
        /// Columns of each image.
        width: usize,
        /// Pixels that were given.
        found: usize,
    },
    /// Images and labels differ in number.
    #[error("{origin}: expected one label per image, found {images} images and {labels} labels")]
    CountMismatch {
        /// The files, or what else the two came from.
        origin: String,
        /// Number of images.
        images: usize,
        /// Number of labels.
        labels: usize,
    },
    /// A label names a class that does not exist.
    #[error("{origin}, label {index}: expected a class below {classes}, found {label}")]
    LabelOutOfRange {
        /// The file, or what else the labels came from.
        origin: String,
        /// Which label.
        index: usize,
        /// The label.
        label: u32,
        /// Number of classes.
        classes: usize,
    },
    /// Training and test images differ in size.
    #[error("{origin}: expected test images of {} × {}, as for training, found {} × {}",
        train.0, train.1, test.0, test.1)]
    SizeMismatch {
        /// The folder.
        origin: String,
        /// Height and width of the training images.
        train: (usize, usize),
        /// Height and width of the test images.
        test: (usize, usize),
    },
    /// A row number beyond the last image.
    #[error("expected an image index below {count}, found {index}")]
    IndexOutOfRange {
        /// The index.
        index: usize,
        /// Number of images.
        count: usize,
    },
    /// A folder that does not hold the four files of a data set.
    #[error("{}: expected the four files of a data set, found none of {missing}", path.display())]
    FilesMissing {
        /// The folder.
        path: PathBuf,
        /// The files that are not there, under all names that are known.
        missing: String,
    },
    /// The data is intact as a file and yet not the data that was asked for.
    #[error("{}: expected SHA-256 {expected}, found {found}", path.display())]
    Checksum {
        /// The file or folder.
        path: PathBuf,
        /// The checksum that was expected.
        expected: String,
        /// The checksum of what is there.
        found: String,
    },
    /// A validation part that cannot be taken.
    #[error("expected a validation part of 1 to {} of {available} images, found {validation}",
        available.saturating_sub(1))]
    SplitSize {
        /// Images that were asked for.
        validation: usize,
        /// Images that there are.
        available: usize,
    },
    /// A built-in set whose size is zero or beyond what its generator numbers.
    #[error("expected 1 to 4294967295 {part} images of the synthetic set, found {found}")]
    SyntheticSize {
        /// "training" or "test".
        part: &'static str,
        /// Images that were asked for.
        found: usize,
    },
    /// The files could not be fetched; nothing broken was left behind.
    #[error("cannot download {file}: {}", attempts.join("; "))]
    Download {
        /// The file.
        file: String,
        /// Each address that was tried, with the reason.
        attempts: Vec<String>,
    },
    /// Another process held the download folder for too long.
    #[error("{}: expected to be the only download within {seconds} s, found another still busy", path.display())]
    Locked {
        /// The lock file.
        path: PathBuf,
        /// How long this process waited.
        seconds: u64,
    },
    /// The platform names no cache folder.
    #[error("expected a cache folder for this user, found none (is the home folder known?)")]
    NoCacheFolder,
}

impl Error {
    /// The message followed by the messages of its sources, as one line.
    #[must_use]
    pub fn chain(&self) -> String {
        let mut line = self.to_string();
        let mut source = std::error::Error::source(self);
        while let Some(error) = source {
            line = format!("{line}: {error}");
            source = error.source();
        }
        line
    }
}
