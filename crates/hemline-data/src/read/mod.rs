//! Reads images and labels; what kind of file it is stands in its bytes and not in its name.

mod array;
mod idx;
mod npy;
mod stream;

use crate::{Error, Images};
use array::Array;
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use stream::Stream;

/// Reads a stack of images from a `.npy` or IDX file, plain or gzip'd.
///
/// Shapes: (n, H, W), (n, 1, H, W), or (n, D), where a D that is a square becomes √D × √D and any
/// other D becomes 1 × D. Elements: u8; or f32 and f64, which are multiplied by 255 if none is above
/// 1, must then lie in [0, 255], and are rounded.
///
/// # Errors
///
/// Each way in which a file can be wrong has its own variant of [`Error`], with the byte.
///
/// # Example
///
/// ```no_run
/// let images = hemline_data::load_images("train-images-idx3-ubyte.gz")?;
/// println!("{} images of {} × {}", images.count(), images.height(), images.width());
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// # Formats
///
/// <https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html> and
/// <http://yann.lecun.com/exdb/mnist/>.
pub fn load_images(path: impl AsRef<Path>) -> Result<Images, Error> {
    open(path.as_ref())?.into_images()
}

/// Reads class numbers from a one-dimensional `.npy` or IDX file of u8, i32 or i64.
///
/// # Errors
///
/// As for [`load_images`]; also a negative label, and one that does not fit in 32 bits.
pub fn load_labels(path: impl AsRef<Path>) -> Result<Vec<u32>, Error> {
    open(path.as_ref())?.into_labels()
}

/// Reads images from anything that yields the bytes of such a file; errors call it `name`.
///
/// # Errors
///
/// As for [`load_images`].
///
/// # Example
///
/// ```
/// // IDX: two zeros, the type (8 is u8), the number of dimensions, the sizes, the elements.
/// let bytes = [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 2, 10, 20, 30, 40];
/// let images = hemline_data::parse_images(&bytes[..], "four pixels")?;
/// assert_eq!((images.count(), images.height(), images.width()), (1, 2, 2));
/// assert_eq!(images.pixels(), [10, 20, 30, 40]);
/// # Ok::<(), hemline_data::Error>(())
/// ```
pub fn parse_images(reader: impl Read, name: impl AsRef<Path>) -> Result<Images, Error> {
    parse(Stream::new(reader, name.as_ref(), None)?)?.into_images()
}

/// Reads labels from anything that yields the bytes of such a file; errors call it `name`.
///
/// # Errors
///
/// As for [`load_labels`].
pub fn parse_labels(reader: impl Read, name: impl AsRef<Path>) -> Result<Vec<u32>, Error> {
    parse(Stream::new(reader, name.as_ref(), None)?)?.into_labels()
}

fn open(path: &Path) -> Result<Array, Error> {
    let failed = |action| {
        move |source| Error::Io {
            path: path.to_owned(),
            action,
            source,
        }
    };
    // Asked before opening, because opening a named pipe waits for its writer.
    let metadata = std::fs::metadata(path).map_err(failed("open"))?;
    if !metadata.is_file() {
        return Err(Error::NotAFile {
            path: path.to_owned(),
        });
    }
    let file = File::open(path).map_err(failed("open"))?;
    parse(Stream::new(
        BufReader::new(file),
        path,
        Some(metadata.len()),
    )?)
}

fn parse<R: Read>(mut stream: Stream<R>) -> Result<Array, Error> {
    match stream.start() {
        [b'\x93', b'N', b'U', b'M'] => npy::parse(&mut stream),
        [0, 0, _, _] => idx::parse(&mut stream),
        start => Err(Error::UnknownFormat {
            path: stream.path().to_owned(),
            found: if start.is_empty() {
                "an empty file".to_owned()
            } else {
                format!("\"{}\"", start.escape_ascii())
            },
        }),
    }
}
