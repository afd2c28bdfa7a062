//! How far reconstructed images lie from the ones that they stand for.

use burn::tensor::Tensor;

use crate::Error;
use crate::evaluation::nothing_to_evaluate;

/// The mean squared error 1/(n·d) Σᵢⱼ (x̂ᵢⱼ − xᵢⱼ)² of reconstructions x̂ of images x, both of shape
/// `[n, d]`; the result has one element. It is what an autoencoder is trained on.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use hemline_models::mean_squared_error;
///
/// let device = Device::flex();
/// let image = Tensor::<2>::from_data([[0.0, 1.0]], &device);
/// let reconstruction = Tensor::from_data([[0.5, 1.0]], &device);
/// assert_eq!(mean_squared_error(reconstruction, image).into_scalar::<f32>(), 0.125);
/// ```
pub fn mean_squared_error(reconstruction: Tensor<2>, image: Tensor<2>) -> Tensor<1> {
    let residual = reconstruction - image;
    // Each image on its own, then their mean. Flex adds up one number after the other in f32: over the
    // three million pixels of 4,096 images at once, that was off by a thousandth.
    (residual.clone() * residual).mean_dim(1).mean()
}

/// The error eᵢ = 1/d Σⱼ (x̂ᵢⱼ − xᵢⱼ)² of each reconstruction x̂ of an image x, both of shape `[n, d]`.
///
/// The sums are formed on the host, in f64 and in the order of the pixels, so that no device's way of
/// adding up shows in them.
///
/// # Errors
///
/// [`Error::Shape`] where the two shapes differ, [`Error::Device`] where they cannot be read.
pub fn squared_errors(reconstruction: Tensor<2>, image: Tensor<2>) -> Result<Vec<f64>, Error> {
    let (found, [count, pixels]) = (reconstruction.dims(), image.dims());
    if found != [count, pixels] {
        return Err(Error::Shape {
            what: "the reconstructions",
            expected: format!("{count} images of {pixels} pixels"),
            found: format!("{} of {}", found[0], found[1]),
        });
    }
    let (reconstruction, image) = (read(reconstruction)?, read(image)?);
    let errors = reconstruction
        .chunks_exact(pixels.max(1))
        .zip(image.chunks_exact(pixels.max(1)))
        .map(|(reconstruction, image)| {
            let squares = reconstruction
                .iter()
                .zip(image)
                .map(|(&a, &b)| (f64::from(a) - f64::from(b)).powi(2));
            squares.sum::<f64>() / pixels as f64
        });
    Ok(errors.collect())
}

fn read(images: Tensor<2>) -> Result<Vec<f32>, Error> {
    let data = images.try_into_data().map_err(|error| Error::Device {
        action: "reading the images",
        message: error.to_string(),
    })?;
    Ok(data.iter::<f32>().collect())
}

/// How well a set of images was reconstructed.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconstruction {
    /// The mean squared error of each image, in the order of the images: see [`squared_errors`]. It is
    /// also an anomaly score, since a network reconstructs badly what it was not trained on.
    pub errors: Vec<f64>,
}

impl Reconstruction {
    /// Measures reconstructions against their images, batch by batch, both of shape `[batch, d]`.
    ///
    /// # Errors
    ///
    /// [`Error::Shape`] for no image at all; those of [`squared_errors`]; the first error that
    /// `batches` yields.
    ///
    /// ```
    /// use burn::tensor::{Device, Tensor};
    /// use hemline_models::Reconstruction;
    ///
    /// let images = Tensor::<2>::from_data([[0.0, 1.0], [0.5, 0.5]], &Device::flex());
    /// let grey = images.clone().zeros_like() + 0.5;
    /// let reconstruction = Reconstruction::collect([Ok((grey, images))])?;
    /// assert_eq!(reconstruction.errors, [0.25, 0.0]);
    /// assert_eq!(reconstruction.mean_squared_error(), 0.125);
    /// # Ok::<(), hemline_models::Error>(())
    /// ```
    pub fn collect(
        batches: impl IntoIterator<Item = Result<(Tensor<2>, Tensor<2>), Error>>,
    ) -> Result<Self, Error> {
        let mut errors = Vec::new();
        for batch in batches {
            let (reconstruction, images) = batch?;
            errors.extend(squared_errors(reconstruction, images)?);
        }
        if errors.is_empty() {
            return Err(nothing_to_evaluate());
        }
        Ok(Self { errors })
    }

    /// The mean of the errors, summed in the order of the images.
    pub fn mean_squared_error(&self) -> f64 {
        self.errors.iter().sum::<f64>() / self.errors.len() as f64
    }
}
