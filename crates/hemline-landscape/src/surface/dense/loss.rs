//! The loss of a classifier from its logits on the host.

/// The summed cross-entropy −Σ log softmax(z)\[label\] of some logits z, row-major [rows, classes], whose
/// first row is the example with the given index. To be given to [`DenseLoss`](super::DenseLoss).
///
/// log Σₖ exp(zₖ) is computed as max z + log Σₖ exp(zₖ − max z), the sums in f64. A label beyond the
/// classes, or an example without one, makes the loss NaN.
pub fn softmax_cross_entropy(
    labels: &[u32],
    classes: usize,
) -> impl Fn(&mut [f32], usize) -> f64 + Sync + '_ {
    move |logits, first| {
        let rows = logits.chunks_exact_mut(classes.max(1));
        let labels = labels.get(first..).unwrap_or_default().iter().map(Some);
        let labels = labels.chain(std::iter::repeat(None));
        rows.zip(labels)
            .map(|(row, label)| {
                let right = label.and_then(|&label| row.get(label as usize)).copied();
                let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let mut total = 0.0;
                for logit in row {
                    total += f64::from((*logit - max).exp());
                }
                // `max` skips NaN, but the sum does not.
                total.ln() + f64::from(max) - right.map_or(f64::NAN, f64::from)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_logits() {
        let loss = softmax_cross_entropy(&[0, 1, 1], 2);
        // Equal logits: ln 2 each. Then ln(1 + e³) − 3 for the second example alone.
        assert!((loss(&mut [0.0; 6], 0) - 3.0 * 2.0_f64.ln()).abs() < 1e-12);
        let expected = (1.0 + 3.0_f64.exp()).ln() - 3.0;
        assert!((loss(&mut [1.0, 4.0], 1) - expected).abs() < 1e-7);
        // Beyond what exp can hold.
        assert_eq!(loss(&mut [1e4, 0.0], 1), 1e4);
    }

    #[test]
    fn what_has_no_loss_is_nan() {
        let loss = softmax_cross_entropy(&[0, 5], 2);
        assert!(loss(&mut [f32::NAN, 0.0], 0).is_nan());
        assert!(loss(&mut [f32::INFINITY, 0.0], 0).is_nan());
        assert!(loss(&mut [0.0, 0.0], 1).is_nan());
        assert!(loss(&mut [0.0, 0.0], 7).is_nan());
    }
}
