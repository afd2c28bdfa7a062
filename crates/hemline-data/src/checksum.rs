//! SHA-256 of content, so that the same data in another container has the same checksum.

use crate::LabelledImages;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

/// The SHA-256 of a whole data set, in hexadecimal.
///
/// It covers, for the training part and then for the test part: the number of images, their height
/// and their width as little-endian u64; the pixels in C order; the labels as little-endian u32.
/// A `.npy` and an IDX file of the same data, gzip'd or not, thus give the same sum.
#[must_use]
pub(crate) fn content_checksum(train: &LabelledImages, test: &LabelledImages) -> String {
    let mut hasher = Sha256::new();
    for part in [train, test] {
        let images = part.images();
        for size in [images.count(), images.height(), images.width()] {
            hasher.update((size as u64).to_le_bytes());
        }
        hasher.update(images.pixels());
        let labels: Vec<u8> = part
            .labels()
            .iter()
            .flat_map(|label| label.to_le_bytes())
            .collect();
        hasher.update(labels);
    }
    hexadecimal(&hasher.finalize())
}

/// Lower-case hexadecimal digits.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    bytes
        .iter()
        .fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
            // Writing to a string cannot fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}
