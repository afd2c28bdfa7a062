//! Fashion-MNIST itself, where `HEMLINE_DATA` names it.

use hemline_data::{DATA_VARIABLE, FASHION_MNIST_SHA256, Places, Silent, Source, find, freeze};
use std::path::PathBuf;

/// Says that a test is skipped; with `HEMLINE_REQUIRE_DATA=1` it fails instead.
#[allow(
    clippy::print_stderr,
    reason = "whoever reads the test's output shall know"
)]
fn skip(reason: &str) {
    let required = std::env::var_os("HEMLINE_REQUIRE_DATA").is_some_and(|value| value == "1");
    assert!(!required, "HEMLINE_REQUIRE_DATA is 1 and {reason}");
    eprintln!("skipped: {reason}");
}

fn folder() -> Option<PathBuf> {
    let folder = Places::default().variable;
    if folder.is_none() {
        skip(&format!(
            "{DATA_VARIABLE} is not set, so there is no real data to read"
        ));
    }
    folder
}

#[test]
fn the_real_data_is_recognised() {
    if folder().is_none() {
        return;
    }
    let data = find(&Source::Auto, &Places::default(), &mut Silent).unwrap();
    assert_eq!(data.provenance().name, "Fashion-MNIST");
    assert_eq!(data.provenance().sha256, FASHION_MNIST_SHA256);
    let (_, development, test) = data.into_parts();
    assert_eq!(development.class_counts(), [6_000; 10]);
    assert_eq!(test.image_size(), (28, 28));
    assert_eq!(test.open(&freeze(())).class_counts(), [1_000; 10]);
}

#[test]
fn npy_and_gzip_files_hold_the_same() {
    let Some(folder) = folder() else { return };
    let names = [("train", "train"), ("test", "t10k")];
    for (course, official) in names {
        let npy = |kind| folder.join(format!("fashion_mnist_{course}_{kind}.npy"));
        let idx = |kind| folder.join(format!("{official}-{kind}-ubyte.gz"));
        if !npy("images").exists() || !idx("images-idx3").exists() {
            skip(&format!(
                "{} does not hold both families of names",
                folder.display()
            ));
            return;
        }
        let images = hemline_data::load_images(npy("images")).unwrap();
        assert!(images == hemline_data::load_images(idx("images-idx3")).unwrap());
        let labels = hemline_data::load_labels(npy("labels")).unwrap();
        assert!(labels == hemline_data::load_labels(idx("labels-idx1")).unwrap());
    }
}
