//! Noise on the inputs, from the caller's generator and not from the device's global one.

use burn::tensor::{Tensor, TensorData};
use rand::{Rng, RngExt};
use rand_distr::StandardNormal;

/// min(max(x + σε, 0), 1) with independent ε ~ N(0, 1) for each pixel of `images` x, shape `[n, d]`,
/// in [0, 1].
///
/// An autoencoder that is given these and trained to give back x is a denoising one. Vincent et al.,
/// *Extracting and composing robust features with denoising autoencoders*, 2008. `deviation` is σ, in
/// the unit of the pixels; 0 returns the images and draws nothing. The noise is drawn on the host, so
/// the same state of the generator gives the same bits on every device.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use hemline_models::with_gaussian_noise;
/// use rand_chacha::{ChaCha8Rng, rand_core::SeedableRng};
///
/// let images = Tensor::<2>::zeros([2, 784], &Device::flex());
/// let noisy = with_gaussian_noise(images, 0.2, &mut ChaCha8Rng::seed_from_u64(0));
/// // Half of the draws are negative and cut off; the others have the mean σ√(2/π).
/// let mean: f32 = noisy.mean().into_scalar();
/// assert!((mean - 0.2 * 0.3989).abs() < 0.01);
/// ```
pub fn with_gaussian_noise(
    images: Tensor<2>,
    deviation: f64,
    generator: &mut (impl Rng + ?Sized),
) -> Tensor<2> {
    if deviation == 0.0 {
        return images;
    }
    let [count, pixels] = images.dims();
    let noise: Vec<f32> = (0..count * pixels)
        .map(|_| {
            let draw: f32 = generator.sample(StandardNormal);
            draw * deviation as f32
        })
        .collect();
    let noise = Tensor::from_data(TensorData::new(noise, [count, pixels]), &images.device());
    (images + noise).clamp(0.0, 1.0)
}
