//! The places in which data is looked for, and their order.

use crate::common::{gzip, idx, write_course, write_official};
use hemline_data::{Error, Event, Places, Silent, Source, SyntheticGarments, find, freeze};
use hemline_data::{FASHION_MNIST_SHA256, load_folder};
use std::path::Path;

/// Places that are empty, off the network, and draw a small set.
fn nowhere() -> Places {
    Places {
        variable: None,
        cache: None,
        #[cfg(feature = "download")]
        download: None,
        synthetic: SyntheticGarments {
            train: 30,
            test: 10,
            ..Default::default()
        },
    }
}

fn path(path: &Path) -> Source {
    path.to_str().unwrap().parse().unwrap()
}

#[test]
fn both_families_of_names_hold_the_same_data() {
    let (course, official) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_course(course.path());
    write_official(official.path());
    let course = load_folder(course.path()).unwrap();
    let official = load_folder(official.path()).unwrap();
    assert_eq!(course.provenance().sha256, official.provenance().sha256);
    assert_ne!(course.provenance().name, "Fashion-MNIST");
    assert_eq!(**course.development(), **official.development());
    assert_eq!(course.development().classes(), 3);
    let (_, _, test) = official.into_parts();
    assert_eq!((test.count(), test.image_size()), (4, (2, 3)));
    assert_eq!(test.open(&freeze(())).labels(), [2, 1, 0, 0]);
}

#[test]
fn the_checksum_is_the_documented_sum() {
    use sha2::{Digest, Sha256};
    let folder = tempfile::tempdir().unwrap();
    write_official(folder.path());
    let mut bytes = Vec::new();
    for (count, pixels, labels) in [
        (6_u64, 0..36, &[0_u32, 1, 2, 0, 1, 2][..]),
        (4, 36..60, &[2, 1, 0, 0]),
    ] {
        bytes.extend([count, 2, 3].iter().flat_map(|size| size.to_le_bytes()));
        bytes.extend(pixels);
        bytes.extend(labels.iter().flat_map(|label| label.to_le_bytes()));
    }
    let sum: String = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(load_folder(folder.path()).unwrap().provenance().sha256, sum);
}

#[test]
fn an_explicit_path_wins_and_is_never_passed_over() {
    let (good, empty) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    write_official(good.path());
    let places = Places {
        variable: Some(empty.path().into()),
        ..nowhere()
    };
    let data = find(&path(good.path()), &places, &mut Silent).unwrap();
    assert_eq!(data.development().count(), 6);
    let error = find(&path(empty.path()), &nowhere(), &mut Silent).unwrap_err();
    assert!(matches!(&error, Error::FilesMissing { missing, .. } if missing.contains("t10k")));
    assert!(find(&path(Path::new("no such folder")), &nowhere(), &mut Silent).is_err());
}

#[test]
fn a_set_variable_is_never_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    write_course(folder.path());
    let places = Places {
        variable: Some(folder.path().into()),
        ..nowhere()
    };
    assert_eq!(
        find(&Source::Auto, &places, &mut Silent)
            .unwrap()
            .development()
            .count(),
        6
    );
    std::fs::write(
        folder.path().join("fashion_mnist_test_labels.npy"),
        b"broken",
    )
    .unwrap();
    let error = find(&Source::Auto, &places, &mut Silent).unwrap_err();
    assert!(matches!(error, Error::UnknownFormat { .. }), "{error}");
}

#[test]
fn the_fallback_says_why_and_what_to_do() {
    let cache = tempfile::tempdir().unwrap();
    write_official(cache.path());
    let places = Places {
        cache: Some(cache.path().into()),
        ..nowhere()
    };
    let mut events = 0;
    let mut observer = |_: Event<'_>| events += 1;
    let data = find(&Source::Auto, &places, &mut observer).unwrap();
    assert!(events > 0);
    let fallback = data.provenance().fallback.clone().unwrap().to_string();
    for words in [
        "HEMLINE_DATA: not set",
        FASHION_MNIST_SHA256,
        "download: ",
        "synthetic",
    ] {
        assert!(fallback.contains(words), "no {words:?} in {fallback}");
    }
    assert!(
        fallback.contains(cache.path().to_str().unwrap()),
        "{fallback}"
    );
    let asked = find(&Source::Synthetic, &places, &mut Silent).unwrap();
    assert_eq!(asked.provenance().fallback, None);
    assert_eq!(asked.provenance().sha256, data.provenance().sha256);
}

#[test]
fn parts_that_do_not_belong_together() {
    /// The file to replace, what by, and whether the error is the right one.
    type Case = (&'static str, Vec<u8>, fn(&Error) -> bool);
    let cases: [Case; 5] = [
        ("train-labels-idx1-ubyte", idx(8, &[5], &[0; 5]), |error| {
            matches!(
                error,
                Error::CountMismatch {
                    images: 6,
                    labels: 5,
                    ..
                }
            )
        }),
        (
            "t10k-labels-idx1-ubyte.gz",
            gzip(&idx(8, &[4], &[0, 3, 0, 0])),
            |error| {
                matches!(
                    error,
                    Error::LabelOutOfRange {
                        index: 1,
                        label: 3,
                        classes: 3,
                        ..
                    }
                )
            },
        ),
        (
            "t10k-images-idx3-ubyte",
            idx(8, &[4, 3, 2], &[0; 24]),
            |error| {
                matches!(
                    error,
                    Error::SizeMismatch {
                        train: (2, 3),
                        test: (3, 2),
                        ..
                    }
                )
            },
        ),
        (
            "train-labels-idx1-ubyte",
            idx(0x0c, &[1], &[1, 0, 0, 0]),
            |error| {
                matches!(
                    error,
                    Error::LabelOutOfRange {
                        index: 0,
                        classes: 65536,
                        ..
                    }
                )
            },
        ),
        (
            "train-images-idx3-ubyte.gz",
            idx(8, &[6], &[0; 6]),
            |error| matches!(error, Error::Malformed { offset: 4, .. }),
        ),
    ];
    for (name, bytes, right) in cases {
        let folder = tempfile::tempdir().unwrap();
        write_official(folder.path());
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let error = load_folder(folder.path()).unwrap_err();
        assert!(right(&error), "{name}: {error}");
    }
}

#[test]
fn sources_read_from_text() {
    assert_eq!("auto".parse(), Ok(Source::Auto));
    assert_eq!("synthetic".parse(), Ok(Source::Synthetic));
    assert_eq!("./auto".parse(), Ok(Source::Path("./auto".into())));
}
