//! The cross-entropy, computed from logits so that it neither overflows nor loses digits.

use burn::tensor::activation::log_softmax;
use burn::tensor::{Int, Tensor};

/// The mean cross-entropy −(1/n) Σᵢ log softmax(zᵢ)\[yᵢ\], in nats.
///
/// `logits` z has shape `[n, classes]`, `labels` y shape `[n]` with values below `classes`; the
/// result has one element. log softmax(z) = z − max z − log Σ exp(z − max z), so no exponential
/// overflows and no logarithm sees a zero.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use hemline_models::cross_entropy;
///
/// let device = Device::flex();
/// let logits = Tensor::<2>::from_data([[1000.0, 0.0], [0.0, 0.0]], &device);
/// let labels = Tensor::from_data([0, 1], &device);
/// let loss: f32 = cross_entropy(logits, labels).into_scalar();
/// assert!((loss - 0.5 * 2.0_f32.ln()).abs() < 1e-6);
/// ```
pub fn cross_entropy(logits: Tensor<2>, labels: Tensor<1, Int>) -> Tensor<1> {
    let log_probabilities = log_softmax(logits, 1);
    // [n, classes] → [n, 1]: the entry of each row that its label names.
    log_probabilities
        .gather(1, labels.unsqueeze_dim(1))
        .mean()
        .neg()
}

/// The mean cross-entropy with smoothed labels: 1 − ε + ε/classes for the right class, ε/classes for
/// each other. Szegedy et al., *Rethinking the Inception architecture*, 2016.
///
/// Shapes as for [`cross_entropy`], which it equals at ε = `smoothing` = 0.
pub fn smoothed_cross_entropy(
    logits: Tensor<2>,
    labels: Tensor<1, Int>,
    smoothing: f64,
) -> Tensor<1> {
    if smoothing == 0.0 {
        return cross_entropy(logits, labels);
    }
    let log_probabilities = log_softmax(logits, 1);
    let uniform = log_probabilities.clone().mean();
    let right = log_probabilities.gather(1, labels.unsqueeze_dim(1)).mean();
    (right * (1.0 - smoothing) + uniform * smoothing).neg()
}
