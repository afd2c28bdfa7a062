//! Files that are wrong: the right error at the right byte, never a panic, never a big allocation.

use crate::common::{gzip, idx, npy, npy_with_header};
use hemline_data::{Error, Images, LabelledImages, load_images, parse_images, parse_labels};

fn refuse(bytes: &[u8]) -> Error {
    let parsed = parse_images(bytes, "bad");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("bad");
    std::fs::write(&path, bytes).unwrap();
    let loaded = load_images(&path).unwrap_err();
    let parsed = parsed.unwrap_err();
    assert_eq!(
        std::mem::discriminant(&parsed),
        std::mem::discriminant(&loaded),
        "a reader and a file differ: {parsed} / {loaded}"
    );
    assert!(
        parsed.to_string().contains("bad"),
        "{parsed} does not name the file"
    );
    loaded
}

#[test]
fn truncated_and_over_long_files() {
    for whole in [
        idx(8, &[2, 2, 2], &[7; 8]),
        npy(1, "|u1", "False", "(2, 2, 2)", &[7; 8]),
    ] {
        let length = whole.len() as u64;
        for cut in [1, 7, 8, 10, whole.len() - 4] {
            let error = refuse(&whole[..whole.len() - cut]);
            assert!(
                matches!(error, Error::Truncated { found, .. } if found == length - cut as u64),
                "{cut} bytes short: {error}"
            );
        }
        let mut longer = whole.clone();
        longer.push(0);
        assert!(matches!(refuse(&longer), Error::TooLong { expected, .. } if expected == length));
        assert!(
            matches!(refuse(&gzip(&longer)), Error::TooLong { expected, .. } if expected == length)
        );
        let packed = gzip(&whole);
        for cut in 1..packed.len() - 2 {
            let error = refuse(&packed[..packed.len() - cut]);
            assert!(
                matches!(error, Error::Truncated { .. }),
                "{cut} bytes short: {error}"
            );
        }
        let mut damaged = packed.clone();
        let crc = damaged.len() - 6;
        damaged[crc] ^= 1;
        assert!(matches!(refuse(&damaged), Error::Gzip { .. }));
    }
}

#[test]
fn files_of_no_known_kind() {
    for bytes in [
        &b""[..],
        b"P",
        b"PK\x03\x04 a zip",
        b"<html>404</html>",
        b"\x93NUMPX\x01\x00\x00",
    ] {
        let error = refuse(bytes);
        assert!(
            matches!(error, Error::UnknownFormat { .. } | Error::Malformed { .. }),
            "{error}"
        );
    }
    assert!(matches!(
        refuse(&gzip(&gzip(b"twice"))),
        Error::UnknownFormat { .. }
    ));
}

#[test]
fn headers_that_promise_too_much() {
    // Twelve bytes that would have ndarray-npy reserve 4 GiB.
    let greedy = b"\x93NUMPY\x02\x00\xff\xff\xff\xff";
    assert!(matches!(refuse(greedy), Error::Malformed { offset: 8, .. }));
    let deep = npy_with_header(1, &"[".repeat(200), &[]);
    assert!(matches!(refuse(&deep), Error::Malformed { offset: 14, .. }));
    let huge = "(9223372036854775807, 9223372036854775807)";
    let overflow = npy(1, "|u1", "False", huge, &[]);
    assert!(matches!(
        refuse(&overflow),
        Error::ShapeOverflow { offset: 10, .. }
    ));
    let hidden = npy(
        1,
        "<f8",
        "False",
        "(0, 9223372036854775807, 9223372036854775807)",
        &[],
    );
    assert!(matches!(refuse(&hidden), Error::Empty { offset: 10, .. }));
    let many = npy(1, "|u1", "False", &format!("({})", "1, ".repeat(40)), &[1]);
    assert!(matches!(refuse(&many), Error::Malformed { .. }));
    let all = idx(8, &[u32::MAX, u32::MAX, u32::MAX], &[]);
    assert!(matches!(
        refuse(&all),
        Error::ShapeOverflow { offset: 4, .. }
    ));
    // 16 TiB that fit an address space and not the file.
    let large = idx(8, &[1 << 14, 1 << 15, 1 << 15], &[0; 4]);
    assert!(
        matches!(refuse(&large), Error::Truncated { expected, found: 20, .. }
        if expected == (1 << 44) + 16)
    );
    assert!(matches!(refuse(&gzip(&large)), Error::Truncated { .. }));
}

#[test]
fn types_and_shapes_that_are_no_images() {
    let object = npy(1, "|O", "False", "(2, 2, 2)", &[0; 64]);
    let error = refuse(&object);
    assert!(error.to_string().contains("object array"), "{error}");
    for dtype in ["<u2", "<f2", "|b1", "<c8", "|S3", "<i4", "<M8[s]"] {
        let error = refuse(&npy(1, dtype, "False", "(1, 1, 1)", &[0; 4]));
        assert!(matches!(error, Error::Malformed { .. }), "{dtype}: {error}");
    }
    let record = "{'descr': [('a', '<i4')], 'fortran_order': False, 'shape': (1,), }";
    assert!(matches!(
        refuse(&npy_with_header(1, record, &[0; 4])),
        Error::Malformed { .. }
    ));
    for shape in ["()", "(8,)", "(2, 3, 2, 2)", "(1, 1, 2, 2, 2)"] {
        let size = if shape == "(2, 3, 2, 2)" {
            24
        } else if shape == "()" {
            1
        } else {
            8
        };
        let error = refuse(&npy(1, "|u1", "False", shape, &vec![0; size]));
        assert!(matches!(error, Error::Malformed { .. }), "{shape}: {error}");
    }
    for text in [
        "",
        "{",
        "None",
        "{'shape': (1,)}",
        "{'descr': 1, 'fortran_order': 2, 'shape': 3}",
    ] {
        let error = refuse(&npy_with_header(1, text, &[]));
        assert!(matches!(error, Error::NpyHeader { .. }), "{text}: {error}");
    }
    let version = npy(4, "|u1", "False", "(1, 1, 1)", &[0]);
    assert!(matches!(
        refuse(&version),
        Error::Malformed { offset: 6, .. }
    ));
    assert!(matches!(
        refuse(&idx(9, &[1, 1, 1], &[0])),
        Error::Malformed { offset: 2, .. }
    ));
    assert!(matches!(
        refuse(&idx(8, &[], &[0])),
        Error::Malformed { offset: 3, .. }
    ));
    assert!(matches!(
        refuse(&idx(8, &[1; 9], &[0])),
        Error::Malformed { offset: 3, .. }
    ));
    assert!(matches!(
        refuse(&idx(8, &[0, 28, 28], &[])),
        Error::Empty { offset: 4, .. }
    ));
    assert!(matches!(
        refuse(&idx(8, &[1, 0, 28], &[])),
        Error::Empty { offset: 4, .. }
    ));
}

#[test]
fn floats_that_are_no_pixels() {
    for (value, order) in [
        (f32::NAN, "False"),
        (-0.5, "False"),
        (255.5, "True"),
        (f32::INFINITY, "True"),
    ] {
        let mut values = [0.5_f32; 12];
        // C-order index 1 of shape (3, 4) is element 3 of the file in Fortran order.
        values[if order == "True" { 3 } else { 1 }] = value;
        let payload: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        let file = npy(1, "<f4", order, "(3, 4)", &payload);
        let start = (file.len() - payload.len()) as u64;
        let place = if order == "True" { 12 } else { 4 };
        let error = refuse(&file);
        assert!(
            matches!(error, Error::BadValue { index: 1, offset, .. } if offset == start + place),
            "{error}"
        );
    }
}

#[test]
fn labels_that_are_no_classes() {
    let file = npy(1, "<i4", "False", "(2,)", &[3, 0, 0, 0, 255, 255, 255, 255]);
    let error = parse_labels(&file[..], "labels").unwrap_err();
    assert!(matches!(error, Error::BadValue { index: 1, .. }), "{error}");
    let file = npy(1, "<f4", "False", "(1,)", &[0; 4]);
    assert!(matches!(
        parse_labels(&file[..], "l").unwrap_err(),
        Error::Malformed { .. }
    ));
    let images = || Images::new(vec![0; 4], 2, 2, 1).unwrap();
    let error = LabelledImages::new(images(), vec![0, 10], 10).unwrap_err();
    assert!(matches!(
        error,
        Error::LabelOutOfRange {
            index: 1,
            label: 10,
            classes: 10,
            ..
        }
    ));
    let error = LabelledImages::new(images(), vec![0], 10).unwrap_err();
    assert!(matches!(
        error,
        Error::CountMismatch {
            images: 2,
            labels: 1,
            ..
        }
    ));
}

#[test]
fn a_gzip_bomb_is_stopped_early() {
    // 64 MiB of black pixels in 64 KiB.
    let bomb = gzip(&idx(8, &[1 << 16, 32, 32], &vec![0; 1 << 26]));
    assert!(bomb.len() < 1 << 17);
    let error = refuse(&bomb);
    assert!(
        matches!(error, Error::GzipBomb { claimed, .. } if claimed < 1 << 25),
        "{error}"
    );
    // Endless data behind a modest header costs one byte.
    let long = gzip(&idx(8, &[1, 2, 2], &vec![0; 1 << 20]));
    assert!(matches!(refuse(&long), Error::TooLong { expected: 20, .. }));
}

#[test]
fn folders_and_devices_are_no_files() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(
        load_images(folder.path()).unwrap_err(),
        Error::NotAFile { .. }
    ));
    assert!(matches!(
        load_images(folder.path().join("x")).unwrap_err(),
        Error::Io { .. }
    ));
    if cfg!(unix) {
        assert!(matches!(
            load_images("/dev/zero").unwrap_err(),
            Error::NotAFile { .. }
        ));
    }
}
