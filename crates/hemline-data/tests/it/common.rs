//! Files as bytes, made by hand.

use std::path::Path;

/// A `.npy` file of the given version.
pub(crate) fn npy(version: u8, dtype: &str, order: &str, shape: &str, payload: &[u8]) -> Vec<u8> {
    let text = format!("{{'descr': '{dtype}', 'fortran_order': {order}, 'shape': {shape}, }}");
    npy_with_header(version, &text, payload)
}

pub(crate) fn npy_with_header(version: u8, text: &str, payload: &[u8]) -> Vec<u8> {
    let mut bytes = b"\x93NUMPY".to_vec();
    bytes.extend([version, 0]);
    let length = text.len() + 1;
    if version == 1 {
        bytes.extend((length as u16).to_le_bytes());
    } else {
        bytes.extend((length as u32).to_le_bytes());
    }
    bytes.extend(text.bytes());
    bytes.push(b'\n');
    bytes.extend(payload);
    bytes
}

pub(crate) fn idx(code: u8, shape: &[u32], payload: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0, 0, code, shape.len() as u8];
    bytes.extend(shape.iter().flat_map(|size| size.to_be_bytes()));
    bytes.extend(payload);
    bytes
}

pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::GzBuilder::new().read(bytes, flate2::Compression::best());
    let mut out = Vec::new();
    std::io::Read::read_to_end(&mut encoder, &mut out).unwrap();
    out
}

/// Six training and four test images of 2 × 3 in three classes, under the official names.
pub(crate) fn write_official(folder: &Path) {
    let pixels: Vec<u8> = (0..60).collect();
    let write = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes).unwrap();
    write(
        "train-images-idx3-ubyte.gz",
        &gzip(&idx(8, &[6, 2, 3], &pixels[..36])),
    );
    write(
        "train-labels-idx1-ubyte",
        &idx(8, &[6], &[0, 1, 2, 0, 1, 2]),
    );
    write("t10k-images-idx3-ubyte", &idx(8, &[4, 2, 3], &pixels[36..]));
    write(
        "t10k-labels-idx1-ubyte.gz",
        &gzip(&idx(8, &[4], &[2, 1, 0, 0])),
    );
}

/// The same data under the course's names.
pub(crate) fn write_course(folder: &Path) {
    let pixels: Vec<u8> = (0..60).collect();
    let labels = |values: &[i64]| -> Vec<u8> {
        values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect()
    };
    let write = |part: &str, bytes: &[u8]| {
        std::fs::write(folder.join(format!("fashion_mnist_{part}.npy")), bytes).unwrap();
    };
    write(
        "train_images",
        &npy(1, "|u1", "False", "(6, 2, 3)", &pixels[..36]),
    );
    write(
        "train_labels",
        &npy(2, "<i8", "False", "(6,)", &labels(&[0, 1, 2, 0, 1, 2])),
    );
    write(
        "test_images",
        &npy(3, "|u1", "False", "(4, 1, 2, 3)", &pixels[36..]),
    );
    write(
        "test_labels",
        &npy(1, "<i8", "False", "(4,)", &labels(&[2, 1, 0, 0])),
    );
}
