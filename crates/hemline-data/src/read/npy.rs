//! NumPy's `.npy`: a preflight of the header, then the ndarray-npy crate.
//!
//! The preflight is needed because ndarray-npy 0.10 trusts the header: it reserves as many bytes as
//! the length field says, its parser takes exponential time for deeply nested brackets, and a zero
//! dimension hides an overflowing product, which then panics.

use super::array::{Array, Elements, payload_bytes};
use super::stream::Stream;
use crate::Error;
use ndarray::ArrayD;
use ndarray_npy::npy::header::{Header, Layout};
use ndarray_npy::{ReadNpyError, ReadNpyExt, ReadableElement};
use std::io::Read;

/// The largest header that is parsed; NumPy's own limit (`numpy.lib.format`, `max_header_size`).
const LARGEST_HEADER: usize = 10_000;
/// A dictionary with a tuple inside needs 2; a structured type, which is then refused by name, 4.
const DEEPEST_NESTING: usize = 4;
/// The most dimensions that any supported shape has, with room for a clear refusal of others.
const MOST_DIMENSIONS: usize = 32;

pub(super) fn parse<R: Read>(stream: &mut Stream<R>) -> Result<Array, Error> {
    let path = stream.path().to_owned();
    let malformed = |offset: u64, expected: &str, found: String| Error::Malformed {
        path: path.clone(),
        offset,
        expected: expected.to_owned(),
        found,
    };
    let mut bytes = stream.start().to_vec();
    bytes.extend(stream.header(4)?);
    if bytes[..6] != *b"\x93NUMPY" {
        let found = format!("\"{}\"", bytes[..6].escape_ascii());
        return Err(malformed(0, "\"\\x93NUMPY\"", found));
    }
    let length_bytes = match (bytes[6], bytes[7]) {
        (1, 0) => stream.header(2)?,
        (2 | 3, 0) => stream.header(4)?,
        (major, minor) => {
            return Err(malformed(
                6,
                "version 1.0, 2.0 or 3.0",
                format!("{major}.{minor}"),
            ));
        }
    };
    let length = length_bytes
        .iter()
        .rev()
        .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
    if length > LARGEST_HEADER {
        let expected = format!("a header of at most {LARGEST_HEADER} bytes");
        return Err(malformed(8, &expected, length.to_string()));
    }
    bytes.extend(length_bytes);
    let shape_offset = bytes.len() as u64;
    let text = stream.header(length)?;
    if let Some(place) = too_deep(&text) {
        let expected = format!("brackets nested at most {DEEPEST_NESTING} deep");
        return Err(malformed(
            shape_offset + place as u64,
            &expected,
            "one more".to_owned(),
        ));
    }
    bytes.extend(text);
    let unreadable = |source: ReadNpyError| Error::NpyHeader {
        path: path.clone(),
        offset: shape_offset,
        source: Box::new(source),
    };
    let header = Header::from_reader(&mut &bytes[..]).map_err(|error| unreadable(error.into()))?;

    let descriptor = header.type_descriptor.to_string();
    let descriptor = descriptor.trim_matches('\'');
    let kind = descriptor.trim_start_matches(['|', '<', '>', '=']);
    let element = match kind {
        "u1" => 1,
        "i4" | "f4" => 4,
        "i8" | "f8" => 8,
        _ => {
            let expected = "elements of type u1, i4, i8, f4 or f8";
            let found = if kind.starts_with('O') {
                format!("an object array ({descriptor}), which would have to be unpickled")
            } else {
                descriptor.to_owned()
            };
            return Err(malformed(shape_offset, expected, found));
        }
    };
    if header.shape.is_empty() || header.shape.len() > MOST_DIMENSIONS {
        let found = format!("{} dimensions", header.shape.len());
        return Err(malformed(shape_offset, "1 to 4 dimensions", found));
    }
    let payload = payload_bytes(&path, shape_offset, &header.shape, element)?;
    let data_offset = stream.position();
    let fortran = header.layout == Layout::Fortran;
    let elements = if kind == "u1" && !fortran {
        // They lie in the file as they should lie in memory.
        let mut elements = Vec::new();
        stream.rest(&mut elements, payload)?;
        Elements::U8(elements)
    } else {
        stream.rest(&mut bytes, payload)?;
        match kind {
            "u1" => elements(&bytes).map(Elements::U8),
            "i4" => elements(&bytes).map(Elements::I32),
            "i8" => elements(&bytes).map(Elements::I64),
            "f4" => elements(&bytes).map(Elements::F32),
            _ => elements(&bytes).map(Elements::F64),
        }
        .map_err(unreadable)?
    };
    Ok(Array {
        path,
        shape: header.shape,
        shape_offset,
        data_offset,
        fortran,
        elements,
    })
}

/// The elements in C order.
fn elements<T: ReadableElement + Copy>(bytes: &[u8]) -> Result<Vec<T>, ReadNpyError> {
    let array = ArrayD::<T>::read_npy(bytes)?;
    if array.is_standard_layout() {
        Ok(array.into_raw_vec_and_offset().0)
    } else {
        Ok(array.iter().copied().collect())
    }
}

/// The place of the first bracket that opens too deep a nesting. Brackets inside strings count
/// too, which refuses only headers that no program writes.
fn too_deep(text: &[u8]) -> Option<usize> {
    let mut depth = 0_usize;
    text.iter().position(|byte| {
        match byte {
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth > DEEPEST_NESTING
    })
}
