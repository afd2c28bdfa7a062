//! Every supported format gives the same images and labels.

use crate::common::{gzip, idx, npy};
use hemline_data::{Images, load_images, parse_images, parse_labels};

const PIXELS: [u8; 12] = [0, 1, 2, 3, 50, 100, 127, 128, 200, 253, 254, 255];

fn expected() -> Images {
    Images::new(PIXELS.to_vec(), 3, 2, 2).unwrap()
}

fn floats<const N: usize>(scale: f64, encode: fn(f64) -> [u8; N]) -> Vec<u8> {
    PIXELS
        .iter()
        .flat_map(|&pixel| encode(f64::from(pixel) / scale))
        .collect()
}

#[test]
fn every_form_of_the_same_images_reads_the_same() {
    let single = |value: f64| (value as f32).to_le_bytes();
    let single_big = |value: f64| (value as f32).to_be_bytes();
    let files = [
        npy(1, "|u1", "False", "(3, 2, 2)", &PIXELS),
        npy(2, "|u1", "False", "(3, 1, 2, 2)", &PIXELS),
        npy(3, "|u1", "False", "(3, 4)", &PIXELS),
        npy(1, "<f4", "False", "(3, 2, 2)", &floats(1.0, single)),
        npy(1, "<f4", "False", "(3, 2, 2)", &floats(255.0, single)),
        npy(1, ">f4", "False", "(3, 2, 2)", &floats(255.0, single_big)),
        npy(
            1,
            "<f8",
            "False",
            "(3, 2, 2)",
            &floats(255.0, f64::to_le_bytes),
        ),
        npy(
            1,
            ">f8",
            "False",
            "(3, 2, 2)",
            &floats(1.0, f64::to_be_bytes),
        ),
        idx(8, &[3, 2, 2], &PIXELS),
        idx(0x0d, &[3, 2, 2], &floats(255.0, single_big)),
        idx(0x0e, &[3, 4], &floats(1.0, f64::to_be_bytes)),
    ];
    for (number, file) in files.iter().enumerate() {
        let name = format!("file {number}");
        assert_eq!(
            parse_images(&file[..], &name).unwrap(),
            expected(),
            "{name}"
        );
        assert_eq!(
            parse_images(&gzip(file)[..], &name).unwrap(),
            expected(),
            "gzip'd {name}"
        );
    }
}

#[test]
fn fortran_order_is_undone() {
    // In the file the image number runs fastest.
    let file: Vec<u8> = (0..4)
        .flat_map(|pixel| (0..3).map(move |n| PIXELS[4 * n + pixel]))
        .collect();
    let flat = npy(1, "|u1", "True", "(3, 4)", &file);
    assert_eq!(parse_images(&flat[..], "flat").unwrap(), expected());
    let mut file = Vec::new();
    for column in 0..2 {
        for row in 0..2 {
            file.extend((0..3).map(|n| PIXELS[4 * n + 2 * row + column]));
        }
    }
    let cube = npy(1, "|u1", "True", "(3, 2, 2)", &file);
    assert_eq!(parse_images(&cube[..], "cube").unwrap(), expected());
}

#[test]
fn labels_of_every_type_read_the_same() {
    let labels = [0_i32, 9, 46];
    let wide = |encode: fn(i64) -> [u8; 8]| -> Vec<u8> {
        labels
            .iter()
            .flat_map(|&label| encode(i64::from(label)))
            .collect()
    };
    let narrow = |encode: fn(i32) -> [u8; 4]| -> Vec<u8> {
        labels.iter().flat_map(|&label| encode(label)).collect()
    };
    let files = [
        npy(1, "|u1", "False", "(3,)", &[0, 9, 46]),
        npy(1, "<i4", "False", "(3,)", &narrow(i32::to_le_bytes)),
        npy(1, ">i4", "False", "(3,)", &narrow(i32::to_be_bytes)),
        npy(1, "<i8", "True", "(3,)", &wide(i64::to_le_bytes)),
        npy(1, ">i8", "False", "(3,)", &wide(i64::to_be_bytes)),
        idx(8, &[3], &[0, 9, 46]),
        idx(0x0c, &[3], &narrow(i32::to_be_bytes)),
        gzip(&idx(8, &[3], &[0, 9, 46])),
    ];
    for file in files {
        assert_eq!(parse_labels(&file[..], "labels").unwrap(), [0, 9, 46]);
    }
}

#[test]
fn a_width_that_is_no_square_becomes_one_row() {
    let file = npy(1, "|u1", "False", "(2, 6)", &PIXELS);
    let images = parse_images(&file[..], "rows").unwrap();
    assert_eq!((images.count(), images.height(), images.width()), (2, 1, 6));
}

#[test]
fn the_name_of_a_file_does_not_matter() {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("images.gz", idx(8, &[3, 2, 2], &PIXELS)),
        ("images.npy", gzip(&idx(8, &[3, 2, 2], &PIXELS))),
        (
            "images-idx3-ubyte",
            npy(1, "|u1", "False", "(3, 2, 2)", &PIXELS),
        ),
    ] {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).unwrap();
        assert_eq!(load_images(&path).unwrap(), expected(), "{name}");
    }
}

#[test]
fn pixels_become_fractions() {
    let images = Images::new(vec![0, 51, 255], 3, 1, 1).unwrap();
    assert_eq!(images.to_f32(), [0.0, 0.2, 1.0]);
}
