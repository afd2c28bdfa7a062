//! The linear floor that the autoencoder is compared with: its covariance, components and errors.
#![allow(dead_code, reason = "the example uses all of it")]

#[path = "../examples/support/autoencoder/covariance.rs"]
mod covariance;
#[path = "../examples/support/autoencoder/pca.rs"]
mod pca;

use burn::tensor::{Device, Tensor, TensorData};
use covariance::Covariance;
use hemline_data::{Images, SyntheticGarments};
use pca::Pca;

fn garments() -> Images {
    let set = SyntheticGarments {
        train: 700,
        test: 10,
        ..Default::default()
    };
    let data = set.draw().expect("the sizes are valid");
    data.development().images().clone()
}

#[test]
fn the_fast_covariance_is_the_plain_one() {
    let images = garments();
    let fast = Covariance::of_images(&images, &Device::flex()).unwrap();
    // The same from pixels in [0, 1] by the definition, in f64.
    let n = images.count() as f64;
    for (a, b) in [(400, 400), (400, 401), (10, 700), (0, 783)] {
        let column = |j: usize| -> Vec<f64> {
            let pixels = images.pixels().chunks_exact(784);
            pixels.map(|image| f64::from(image[j]) / 255.0).collect()
        };
        let (xs, ys) = (column(a), column(b));
        let (x, y) = (xs.iter().sum::<f64>() / n, ys.iter().sum::<f64>() / n);
        let products = xs.iter().zip(&ys).map(|(p, q)| (p - x) * (q - y));
        let expected = products.sum::<f64>() / n;
        let found = fast.matrix[a * 784 + b];
        assert!((found - expected).abs() < 1e-12, "{found} for {expected}");
        assert!((fast.mean[a] - x).abs() < 1e-12);
    }
    let rows = Covariance::of_rows(&images.to_f32(), 784);
    let mut pairs = fast.matrix.iter().zip(&rows.matrix);
    assert!(pairs.all(|(a, b)| (a - b).abs() < 1e-7));
}

#[test]
fn any_number_of_threads_gives_the_same_covariance() {
    let images = garments();
    let run = |threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        pool.build()
            .unwrap()
            .install(|| Covariance::of_images(&images, &Device::flex()).unwrap())
    };
    assert_eq!(run(1), run(4));
}

#[test]
fn components_of_a_known_matrix() {
    // Eigenvalues 3 along (1, 1)/√2 and 1 along (1, −1)/√2, and 2 along the third axis.
    let covariance = Covariance {
        mean: vec![1.0, 2.0, 3.0],
        matrix: vec![2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 2.0],
    };
    let pca = Pca::new(&covariance, 2).unwrap();
    let close = |found: f64, expected: f64| (found - expected).abs() < 1e-12;
    assert!(close(pca.variances[0], 3.0) && close(pca.variances[1], 2.0));
    assert!(close(pca.total, 6.0) && close(pca.residual(), 1.0 / 3.0));
    let point = pca.project(&[2.0, 3.0, 5.0]);
    assert!(
        close(point[0], 2.0_f64.sqrt()) && close(point[1], 2.0),
        "{point:?}"
    );
    assert!(close(pca.shares().iter().sum(), 5.0 / 6.0));
    assert_eq!(Pca::new(&covariance, 9).unwrap().count(), 3);
}

#[test]
fn the_error_on_the_data_is_the_variance_left_out() {
    let images = garments();
    let device = Device::flex();
    let covariance = Covariance::of_images(&images, &device).unwrap();
    let data = TensorData::new(images.to_f32(), [images.count(), 784]);
    let pixels = Tensor::<2>::from_data(data, &device);
    for components in [1, 64] {
        let pca = Pca::new(&covariance, components).unwrap();
        let pieces = [pixels.clone().slice(0..300), pixels.clone().slice(300..700)];
        let errors = pca.evaluate(pieces.into_iter(), &device).unwrap();
        assert_eq!(errors.errors.len(), 700);
        let (found, expected) = (errors.mean_squared_error(), pca.residual());
        assert!(
            (found / expected - 1.0).abs() < 1e-4,
            "{found} for {expected}"
        );
    }
}

#[test]
fn what_has_no_components_is_refused() {
    let refused = |mean: Vec<f64>, matrix: Vec<f64>| {
        let error = Pca::new(&Covariance { mean, matrix }, 1).unwrap_err();
        error.to_string()
    };
    assert!(refused(vec![0.0; 2], vec![1.0; 3]).contains("3 entries"));
    assert!(refused(vec![0.0], vec![f64::NAN]).contains("not finite"));
    assert!(refused(vec![], vec![]).contains("0 variables"));
}
