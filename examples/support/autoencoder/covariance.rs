//! The covariance matrix of many vectors, the same bits for any number of threads.

use burn::tensor::{Device, Tensor, TensorData};
use hemline_data::Images;

/// The number of images whose products are added up at once: 258·255² < 2²⁴, so every such sum of
/// products of bytes is a whole number that f32 holds exactly, in whatever order it is formed.
const EXACT_ROWS: usize = 258;

/// The covariance C = (1/n) Σᵢ (xᵢ − μ)(xᵢ − μ)ᵀ of vectors xᵢ ∈ Rᵈ and their mean μ.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Covariance {
    /// μ.
    pub(crate) mean: Vec<f64>,
    /// C, row-major, d × d.
    pub(crate) matrix: Vec<f64>,
}

impl Covariance {
    /// That of the pixels of images, in [0, 1]. The products are formed on `device`, in f32 and yet
    /// exactly: see [`EXACT_ROWS`].
    pub(crate) fn of_images(images: &Images, device: &Device) -> anyhow::Result<Self> {
        let pixels = images.pixels_per_image();
        let mut sums = vec![0_u64; pixels];
        let mut products = vec![0.0; pixels * pixels];
        for rows in images.pixels().chunks(EXACT_ROWS * pixels) {
            for row in rows.chunks_exact(pixels) {
                for (sum, &pixel) in sums.iter_mut().zip(row) {
                    *sum += u64::from(pixel);
                }
            }
            let shape = [rows.len() / pixels, pixels];
            let rows: Vec<f32> = rows.iter().map(|&pixel| f32::from(pixel)).collect();
            // [n, d]ᵀ [n, d] → [d, d].
            let rows = Tensor::<2>::from_data(TensorData::new(rows, shape), device);
            let data = rows.clone().transpose().matmul(rows).try_into_data()?;
            let part = data.as_slice::<f32>().map_err(anyhow::Error::msg)?;
            for (product, &part) in products.iter_mut().zip(part) {
                *product += f64::from(part);
            }
        }
        let n = images.count() as f64;
        let mean: Vec<f64> = sums.iter().map(|&sum| sum as f64 / n / 255.0).collect();
        let matrix = products.iter().enumerate().map(|(index, product)| {
            product / n / 255.0_f64.powi(2) - mean[index / pixels] * mean[index % pixels]
        });
        Ok(Self {
            matrix: matrix.collect(),
            mean,
        })
    }

    /// That of the rows of a row-major matrix with `width` columns; width² · rows operations on the
    /// host, for few columns.
    pub(crate) fn of_rows(rows: &[f32], width: usize) -> Self {
        let n = (rows.len() / width.max(1)) as f64;
        let mut mean = vec![0.0; width];
        for row in rows.chunks_exact(width.max(1)) {
            for (mean, &value) in mean.iter_mut().zip(row) {
                *mean += f64::from(value) / n;
            }
        }
        let mut matrix = vec![0.0; width * width];
        for row in rows.chunks_exact(width.max(1)) {
            let centred: Vec<f64> = row
                .iter()
                .zip(&mean)
                .map(|(&value, mean)| f64::from(value) - mean)
                .collect();
            for (line, &a) in matrix.chunks_exact_mut(width).zip(&centred) {
                for (entry, &b) in line.iter_mut().zip(&centred) {
                    *entry += a * b / n;
                }
            }
        }
        Self { mean, matrix }
    }
}
