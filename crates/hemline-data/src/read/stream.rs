//! The bytes of a file, inflated if need be, with a position and with bounds on what they may cost.

use crate::Error;
use flate2::read::MultiGzDecoder;
use std::io::{self, Cursor, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Inflated bytes that are accepted per compressed byte.
///
/// Images of clothes and digits reach 2 to 10; deflate itself cannot exceed 1032
/// (<https://zlib.net/zlib_tech.html>), which only constant data, and bombs, come near.
const LARGEST_GZIP_RATIO: u64 = 256;
/// Inflated bytes that are accepted from however small a file: sorted labels shrink by more.
const ALWAYS_ACCEPTED: u64 = 1 << 20;
/// Bytes that are read between two looks at the ratio.
const CHUNK: u64 = 1 << 18;

/// A reader with the file's name and the number of bytes taken from it.
pub(super) struct Stream<R> {
    source: Source<R>,
    start: Vec<u8>,
    path: PathBuf,
    position: u64,
}

enum Source<R> {
    /// The reader, and the length of the file if it is known.
    Plain(Prefixed<R>, Option<u64>),
    Gzip(Box<MultiGzDecoder<Counted<Prefixed<R>>>>),
}

/// A reader with bytes put back in front of it.
type Prefixed<R> = io::Chain<Cursor<Vec<u8>>, R>;

impl<R: Read> Stream<R> {
    /// Looks at the first bytes; `length` is the length of the file where it is known.
    pub(super) fn new(mut reader: R, path: &Path, length: Option<u64>) -> Result<Self, Error> {
        let mut magic = Vec::with_capacity(2);
        reader
            .by_ref()
            .take(2)
            .read_to_end(&mut magic)
            .map_err(|source| Error::Io {
                path: path.to_owned(),
                action: "read",
                source,
            })?;
        let gzip = magic == [0x1f, 0x8b];
        let reader = Cursor::new(magic).chain(reader);
        let source = if gzip {
            Source::Gzip(Box::new(MultiGzDecoder::new(Counted { reader, count: 0 })))
        } else {
            Source::Plain(reader, length)
        };
        let mut stream = Self {
            source,
            start: Vec::new(),
            path: path.to_owned(),
            position: 0,
        };
        let mut start = Vec::with_capacity(4);
        stream.append(&mut start, 4)?;
        stream.start = start;
        Ok(stream)
    }

    /// The first four bytes, fewer if there are no more.
    pub(super) fn start(&self) -> &[u8] {
        &self.start
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The number of bytes taken so far.
    pub(super) fn position(&self) -> u64 {
        self.position
    }

    /// A piece of a header: exactly `count` bytes, which the caller knows to be few.
    pub(super) fn header(&mut self, count: usize) -> Result<Vec<u8>, Error> {
        let mut bytes = Vec::with_capacity(count);
        self.append(&mut bytes, count as u64)?;
        if bytes.len() < count {
            let expected = self.position - bytes.len() as u64 + count as u64;
            return Err(self.truncated(expected));
        }
        Ok(bytes)
    }

    /// Appends all that is left, which must be exactly `count` bytes.
    ///
    /// Where the length of the file is known it is compared first, so that a header cannot ask for
    /// memory that the file does not fill; elsewhere memory grows only with what has arrived.
    pub(super) fn rest(&mut self, bytes: &mut Vec<u8>, count: u64) -> Result<(), Error> {
        let end = self.position.saturating_add(count);
        match &self.source {
            Source::Plain(_, Some(length)) => {
                if *length < end {
                    return Err(Error::Truncated {
                        path: self.path.clone(),
                        expected: end,
                        found: *length,
                    });
                }
                if *length > end {
                    return Err(Error::TooLong {
                        path: self.path.clone(),
                        expected: end,
                    });
                }
                // One byte more, for the look beyond the end below.
                bytes.reserve_exact(usize::try_from(count).unwrap_or(0).saturating_add(1));
            }
            Source::Plain(_, None) | Source::Gzip(_) => {}
        }
        let mut left = count;
        while left > 0 {
            let got = self.append(bytes, left.min(CHUNK))?;
            if got == 0 {
                return Err(self.truncated(end));
            }
            left -= got;
        }
        // Reading past the last element also makes the decoder compare its checksum.
        if self.append(bytes, 1)? > 0 {
            return Err(Error::TooLong {
                path: self.path.clone(),
                expected: end,
            });
        }
        Ok(())
    }

    fn truncated(&self, expected: u64) -> Error {
        Error::Truncated {
            path: self.path.clone(),
            expected,
            found: self.position,
        }
    }

    /// Appends up to `count` bytes, fewer only at the end, and returns how many.
    fn append(&mut self, bytes: &mut Vec<u8>, count: u64) -> Result<u64, Error> {
        let before = bytes.len();
        let result = match &mut self.source {
            Source::Plain(reader, _) => reader.take(count).read_to_end(bytes),
            Source::Gzip(decoder) => decoder.take(count).read_to_end(bytes),
        };
        let got = (bytes.len() - before) as u64;
        self.position += got;
        let path = || self.path.clone();
        match (result, &self.source) {
            (Ok(_), _) => {}
            (Err(source), Source::Plain(..)) => {
                return Err(Error::Io {
                    path: path(),
                    action: "read",
                    source,
                });
            }
            // A compressed stream that breaks off; the caller says what was expected.
            (Err(error), Source::Gzip(_)) if error.kind() == ErrorKind::UnexpectedEof => {
                let expected = self.position - got + count;
                return Err(Error::Truncated {
                    path: path(),
                    expected,
                    found: self.position,
                });
            }
            (Err(source), Source::Gzip(_)) => {
                return Err(Error::Gzip {
                    path: path(),
                    offset: self.position,
                    source,
                });
            }
        }
        if let Source::Gzip(decoder) = &self.source {
            let compressed = decoder.get_ref().count;
            let limit = compressed
                .saturating_mul(LARGEST_GZIP_RATIO)
                .saturating_add(ALWAYS_ACCEPTED);
            if self.position > limit {
                let claimed = self.position;
                return Err(Error::GzipBomb {
                    path: path(),
                    compressed,
                    claimed,
                    limit,
                });
            }
        }
        Ok(got)
    }
}

/// Counts the bytes that pass.
struct Counted<R> {
    reader: R,
    count: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let got = self.reader.read(buffer)?;
        self.count += got as u64;
        Ok(got)
    }
}
