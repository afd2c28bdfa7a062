//! How long it takes to load each format that hemline-data reads, and to draw the synthetic set.
//!
//! Where `HEMLINE_DATA` names a folder with Fashion-MNIST in both families of names, its files are loaded too.
#![allow(missing_docs, reason = "Criterion's macros write undocumented items")]

use std::fs::File;
use std::io::Write;
use std::path::Path;

use burn::tensor::Device;
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use flate2::{Compression, write::GzEncoder};
use hemline_data::{
    DATA_VARIABLE, LabelledImages, SyntheticGarments, TensorSet, freeze, load_images, load_labels,
};

/// The number of images in each file: Fashion-MNIST's test set.
const IMAGES: usize = 10_000;

fn idx(images: &LabelledImages) -> Vec<u8> {
    let images = images.images();
    let mut bytes = vec![0, 0, 8, 3];
    for size in [images.count(), images.height(), images.width()] {
        bytes.extend_from_slice(&(size as u32).to_be_bytes());
    }
    bytes.extend_from_slice(images.pixels());
    bytes
}

fn npy(images: &LabelledImages) -> Vec<u8> {
    let images = images.images();
    let shape = format!(
        "({}, {}, {})",
        images.count(),
        images.height(),
        images.width()
    );
    let mut header = format!("{{'descr': '|u1', 'fortran_order': False, 'shape': {shape}, }}");
    // The format wants the data to begin at a multiple of 64 bytes.
    while (10 + header.len() + 1) % 64 != 0 {
        header.push(' ');
    }
    header.push('\n');
    let mut bytes = b"\x93NUMPY\x01\x00".to_vec();
    bytes.extend_from_slice(&(header.len() as u16).to_le_bytes());
    bytes.extend_from_slice(header.as_bytes());
    bytes.extend_from_slice(images.pixels());
    bytes
}

fn write(path: &Path, bytes: &[u8]) {
    File::create(path)
        .and_then(|mut file| file.write_all(bytes))
        .expect("the file can be written");
}

fn load(criterion: &mut Criterion) {
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let garments = SyntheticGarments {
        train: 10,
        test: IMAGES,
        ..Default::default()
    };
    let (_, _, test) = garments.draw().expect("the sizes are valid").into_parts();
    let images = test.open(&freeze("a benchmark chooses nothing"));
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    gzip.write_all(&idx(&images))
        .expect("memory takes every byte");

    let mut group = criterion.benchmark_group("load_10000_images");
    group.throughput(Throughput::Bytes(images.images().pixels().len() as u64));
    let files = [
        ("npy", npy(&images)),
        ("idx", idx(&images)),
        ("idx_gz", gzip.finish().expect("memory takes every byte")),
    ];
    for (name, bytes) in files {
        let path = folder.path().join(name);
        write(&path, &bytes);
        assert_eq!(
            &load_images(&path).expect("the file is valid"),
            images.images()
        );
        group.bench_function(name, |bencher| bencher.iter(|| load_images(&path)));
    }
    group.finish();
}

/// From the four .npy files to tensors on the device, and from IDX.gz to bytes.
fn fashion_mnist(criterion: &mut Criterion) {
    let Some(folder) = std::env::var_os(DATA_VARIABLE) else {
        return;
    };
    let folder = Path::new(&folder);
    let device = Device::flex();
    let tensors = |part: &str| {
        let file = |kind: &str| folder.join(format!("fashion_mnist_{part}_{kind}.npy"));
        let images = load_images(file("images")).expect("the file is valid");
        let labels = load_labels(file("labels")).expect("the file is valid");
        let images = LabelledImages::new(images, labels, 10).expect("they belong together");
        TensorSet::new(&images, &device)
    };
    let mut group = criterion.benchmark_group("fashion_mnist");
    group.sample_size(10);
    if folder.join("fashion_mnist_train_images.npy").exists() {
        group.bench_function("npy_to_tensors", |bencher| {
            bencher.iter(|| (tensors("train"), tensors("test")));
        });
    }
    let idx_gz = folder.join("train-images-idx3-ubyte.gz");
    if idx_gz.exists() {
        group.bench_function("idx_gz", |bencher| bencher.iter(|| load_images(&idx_gz)));
    }
    group.finish();
}

fn draw(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("draw_synthetic");
    let garments = SyntheticGarments {
        train: IMAGES,
        test: 10,
        ..Default::default()
    };
    group
        .throughput(Throughput::Elements(IMAGES as u64))
        .sample_size(10);
    group.bench_function("10000_images", |bencher| bencher.iter(|| garments.draw()));
    group.finish();
}

criterion_group!(benches, load, fashion_mnist, draw);
criterion_main!(benches);
