//! What the trained network is measured on: unseen images, the linear floor beside it, and noise.

use burn::tensor::{Device, Tensor, TensorData};
use hemline_data::{LabelledImages, TensorSet};
use hemline_models::{Autoencoder, Reconstruction, with_gaussian_noise};
use hemline_plot::short_number;
use hemline_train::{Purpose, generator};
use rand::RngExt;
use rand::seq::SliceRandom;
use serde::Serialize;

use super::pca::Pca;
use super::training::{evaluate, pieces};
use crate::support::table::Table;

/// The share of the training images whose error lies below the threshold of the anomaly score.
const USUAL: f64 = 0.99;

/// The most images of each kind of noise.
const NOISE_IMAGES: usize = 2_000;

/// The errors of one kind of images that are none of the training set's.
#[derive(Debug)]
pub(crate) struct Noise {
    pub(crate) name: &'static str,
    pub(crate) errors: Vec<f64>,
}

/// The error as an anomaly score: `report.json` has this as it stands.
#[derive(Debug, Serialize)]
pub(crate) struct Anomaly {
    /// The error that 1 % of the training images exceed.
    pub(crate) threshold: f64,
    pub(crate) test_images_above: f64,
    pub(crate) uniform_noise_above: f64,
    pub(crate) shuffled_pixels_above: f64,
    #[serde(skip)]
    pub(crate) noise: [Noise; 2],
}

/// What a denoising autoencoder makes of noisy test images.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Denoising {
    pub(crate) deviation: f64,
    /// The mean squared difference of the noisy images from the clean ones.
    pub(crate) noisy_test_mse: f64,
    /// That of their reconstructions from the clean ones.
    pub(crate) denoised_test_mse: f64,
}

/// The errors on the test set.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) test: Reconstruction,
    pub(crate) pca: Reconstruction,
    pub(crate) anomaly: Anomaly,
    pub(crate) denoising: Option<Denoising>,
}

impl Measured {
    /// `train` are the errors on the training images, `noise` the deviation that was trained with.
    pub(crate) fn new(
        model: &Autoencoder,
        pca: &Pca,
        train: &Reconstruction,
        test: &TensorSet,
        noise: f64,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let device = test.images().device();
        let errors = evaluate(model, test)?;
        Ok(Self {
            pca: pca.evaluate(pieces(test), &device)?,
            anomaly: Anomaly::new(model, train, &errors, test, seed)?,
            denoising: (noise > 0.0)
                .then(|| Denoising::new(model, test, noise, seed))
                .transpose()?,
            test: errors,
        })
    }

    /// The mean error of each class, the net's beside that of the components.
    pub(crate) fn by_class(&self, images: &LabelledImages, names: &[String]) -> Table {
        let mut table = Table::new(1, ["class", "images", "net", "PCA", "net / PCA"]);
        for (class, name) in names.iter().enumerate() {
            let of_class = |errors: &[f64]| -> Vec<f64> {
                let labels = images.labels().iter();
                let pairs = labels
                    .zip(errors)
                    .filter(|&(&label, _)| label as usize == class);
                pairs.map(|(_, &error)| error).collect()
            };
            let (net, pca) = (of_class(&self.test.errors), of_class(&self.pca.errors));
            if !net.is_empty() {
                let mean = |errors: &[f64]| errors.iter().sum::<f64>() / errors.len() as f64;
                table.push([
                    name.clone(),
                    net.len().to_string(),
                    format!("{:.5}", mean(&net)),
                    format!("{:.5}", mean(&pca)),
                    format!("{:.3}", mean(&net) / mean(&pca)),
                ]);
            }
        }
        table
    }
}

impl Anomaly {
    fn new(
        model: &Autoencoder,
        train: &Reconstruction,
        test: &Reconstruction,
        images: &TensorSet,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let mut sorted = train.errors.clone();
        sorted.sort_by(f64::total_cmp);
        let threshold = sorted[((sorted.len() - 1) as f64 * USUAL).round() as usize];
        let above = |errors: &[f64]| {
            let above = errors.iter().filter(|&&error| error > threshold).count();
            above as f64 / errors.len() as f64
        };

        let device = images.images().device();
        let count = NOISE_IMAGES.min(images.count());
        let size = model.inputs();
        let measure = |pixels: Vec<f32>| -> anyhow::Result<Vec<f64>> {
            let noise = Tensor::<2>::from_data(TensorData::new(pixels, [count, size]), &device);
            let errors = model.evaluate([(noise.clone(), noise)])?.errors;
            Ok(errors)
        };
        let mut draws = generator(seed, Purpose::Evaluation, 0);
        let uniform = measure((0..count * size).map(|_| draws.random()).collect())?;
        let mut draws = generator(seed, Purpose::Evaluation, 1);
        let real = images.images().clone().slice(0..count).try_into_data()?;
        let mut shuffled: Vec<f32> = real.iter::<f32>().collect();
        for image in shuffled.chunks_exact_mut(size) {
            image.shuffle(&mut draws);
        }
        let shuffled = measure(shuffled)?;
        Ok(Self {
            threshold,
            test_images_above: above(&test.errors),
            uniform_noise_above: above(&uniform),
            shuffled_pixels_above: above(&shuffled),
            noise: [
                Noise {
                    name: "test images, pixels shuffled",
                    errors: shuffled,
                },
                Noise {
                    name: "uniform noise",
                    errors: uniform,
                },
            ],
        })
    }

    pub(crate) fn sentence(&self) -> String {
        let percent = |share: f64| format!("{:.2} %", 100.0 * share);
        format!(
            "The error as an anomaly score: above {}, which 1 % of the training images exceed, lie {} \
             of the test images, {} of images of uniform noise, and {} of test images whose pixels \
             were shuffled.",
            short_number(self.threshold),
            percent(self.test_images_above),
            percent(self.uniform_noise_above),
            percent(self.shuffled_pixels_above)
        )
    }
}

impl Denoising {
    fn new(
        model: &Autoencoder,
        test: &TensorSet,
        deviation: f64,
        seed: u64,
    ) -> anyhow::Result<Self> {
        let noisy = || noisy_pieces(test, deviation, seed);
        let before = Reconstruction::collect(noisy().map(Ok))?;
        Ok(Self {
            deviation,
            noisy_test_mse: before.mean_squared_error(),
            denoised_test_mse: model.evaluate(noisy())?.mean_squared_error(),
        })
    }

    pub(crate) fn sentence(&self) -> String {
        format!(
            "Noise of standard deviation {} on the test images is a mean squared error of {:.5}; \
             after the net it is {:.5}.",
            self.deviation, self.noisy_test_mse, self.denoised_test_mse
        )
    }
}

/// Test images with noise, each piece beside the clean one.
fn noisy_pieces(
    test: &TensorSet,
    deviation: f64,
    seed: u64,
) -> impl Iterator<Item = (Tensor<2>, Tensor<2>)> + '_ {
    let mut draws = generator(seed, Purpose::Evaluation, 2);
    pieces(test).map(move |clean| {
        let noisy = with_gaussian_noise(clean.clone(), deviation, &mut draws);
        (noisy, clean)
    })
}

/// The first `count` test images with the noise that [`Denoising`] measures, one for each, on the host.
pub(crate) fn noisy_images(
    test: &TensorSet,
    count: usize,
    deviation: f64,
    seed: u64,
) -> anyhow::Result<Vec<f32>> {
    let first = noisy_pieces(test, deviation, seed).next();
    let Some((noisy, _)) = first else {
        return Ok(Vec::new());
    };
    let count = count.min(noisy.dims()[0]);
    let data = noisy.slice(0..count).try_into_data()?;
    Ok(data.iter::<f32>().collect())
}

/// Reconstructs images that lie on the host, row-major.
pub(crate) fn reconstruct(
    model: &Autoencoder,
    images: Vec<f32>,
    device: &Device,
) -> anyhow::Result<Vec<f32>> {
    let shape = [images.len() / model.inputs().max(1), model.inputs()];
    let images = Tensor::<2>::from_data(TensorData::new(images, shape), device);
    let data = model.forward(images).try_into_data()?;
    Ok(data.iter::<f32>().collect())
}
