//! Dropout whose masks come from the caller's generator and not from the device's global one.

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use rand::Rng;

/// Sets each element to 0 with probability p while training and divides the rest by 1 − p, so that
/// the expected value stays. Srivastava et al., *Dropout*, 2014, in its inverted form.
///
/// burn's own layer draws from the generator of the device, which all threads of a process share:
/// two trainings side by side would disturb each other's masks. Here the masks are drawn on the host
/// from the generator of the training step, so the same seed gives the same bits on every device.
#[derive(Module, Debug)]
pub struct Dropout {
    /// The probability p ∈ [0, 1) that an element is dropped, rounded to a multiple of 2⁻³².
    #[module(skip)]
    pub probability: f64,
}

impl Dropout {
    /// Drops elements of `input`, shape `[batch, features]`, as `generator` says.
    pub fn forward_train(&self, input: Tensor<2>, generator: &mut dyn Rng) -> Tensor<2> {
        if self.probability == 0.0 {
            return input;
        }
        let [batch, features] = input.dims();
        let device = input.device().without_autodiff();
        // p < 1, so the threshold is below 2³² and the cast keeps it.
        let threshold = (self.probability * 2.0_f64.powi(32)) as u32;
        let kept = (1.0 / (1.0 - self.probability)) as f32;
        let mask: Vec<f32> = (0..batch * features)
            .map(|_| {
                if generator.next_u32() < threshold {
                    0.0
                } else {
                    kept
                }
            })
            .collect();
        let mask = Tensor::<2>::from_data(TensorData::new(mask, [batch, features]), &device);
        input * mask.autodiff()
    }
}
