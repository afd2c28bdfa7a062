//! IDX, the format of MNIST: two zero bytes, an element type, a number of dimensions, the sizes as
//! big-endian u32, then the elements in C order, big-endian.

use super::array::{Array, Elements, payload_bytes};
use super::stream::Stream;
use crate::Error;
use std::io::Read;

/// Where the sizes begin.
const SHAPE_OFFSET: u64 = 4;

pub(super) fn parse<R: Read>(stream: &mut Stream<R>) -> Result<Array, Error> {
    let path = stream.path().to_owned();
    let (code, dimensions) = match stream.start() {
        &[_, _, code, dimensions] => (code, dimensions),
        _ => {
            return Err(Error::Truncated {
                path,
                expected: 4,
                found: stream.position(),
            });
        }
    };
    let size = match code {
        0x08 => 1,
        0x0c | 0x0d => 4,
        0x0e => 8,
        _ => {
            return Err(Error::Malformed {
                path,
                offset: 2,
                expected: "element type 0x08 (u8), 0x0c (i32), 0x0d (f32) or 0x0e (f64)".to_owned(),
                found: format!("{code:#04x}"),
            });
        }
    };
    if !(1..=4).contains(&dimensions) {
        return Err(Error::Malformed {
            path,
            offset: 3,
            expected: "1 to 4 dimensions".to_owned(),
            found: dimensions.to_string(),
        });
    }
    let sizes = stream.header(4 * usize::from(dimensions))?;
    let shape: Vec<usize> = big_endian(&sizes, u32::from_be_bytes)
        .into_iter()
        .map(|size| size as usize)
        .collect();
    let bytes = payload_bytes(&path, SHAPE_OFFSET, &shape, size)?;
    let data_offset = stream.position();
    let mut payload = Vec::new();
    stream.rest(&mut payload, bytes)?;
    let elements = match code {
        0x08 => Elements::U8(payload),
        0x0c => Elements::I32(big_endian(&payload, i32::from_be_bytes)),
        0x0d => Elements::F32(big_endian(&payload, f32::from_be_bytes)),
        _ => Elements::F64(big_endian(&payload, f64::from_be_bytes)),
    };
    Ok(Array {
        path,
        shape,
        shape_offset: SHAPE_OFFSET,
        data_offset,
        fortran: false,
        elements,
    })
}

fn big_endian<const N: usize, T>(bytes: &[u8], decode: fn([u8; N]) -> T) -> Vec<T> {
    let (words, _) = bytes.as_chunks::<N>();
    words.iter().map(|&word| decode(word)).collect()
}
