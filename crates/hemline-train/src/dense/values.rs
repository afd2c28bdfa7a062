//! What some examples make of some outputs of a layer, and the loss's gradients by that.

use pulp::Arch;

use super::aligned::Aligned;
use super::columns::{column_sums, multiply_by};
use super::net::Layer;
use super::norm::Partial;

/// The numbers of some outputs of a layer for some examples, each of shape [examples, width].
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// The outputs, and the numbers in a row: these filled up to whole vectors.
    pub(super) outputs: usize,
    pub(super) width: usize,
    /// z; where there is a normalisation, x̂.
    pub(super) z: Aligned,
    /// γx̂ + β, where there is a normalisation.
    pub(super) normalised: Aligned,
    /// h = f(z), the layer's outputs.
    pub(super) h: Aligned,
    /// What dropout multiplies them by, where there is dropout.
    pub(super) mask: Aligned,
    /// The loss's gradients, by h first and by z in the end.
    pub(super) gradients: Aligned,
    /// Σδ, the gradient of the bias.
    pub(super) bias: Aligned,
    /// The gradient of a PReLU's slope.
    pub(super) slope: f32,
    pub(super) partial: Partial,
}

impl Values {
    /// Zeros for at most `rows` examples and `outputs` outputs of `layer`, which fill `width` numbers.
    pub(super) fn new(layer: &Layer, rows: usize, [outputs, width]: [usize; 2]) -> Self {
        let zeros = |needed: bool, rows| Aligned::zeros(if needed { rows * width } else { 0 });
        let norm = layer.norm.is_some();
        Self {
            outputs,
            width,
            z: zeros(true, rows),
            normalised: zeros(norm, rows),
            h: zeros(true, rows),
            mask: zeros(layer.dropout > 0.0, rows),
            gradients: zeros(true, rows),
            bias: zeros(true, 1),
            slope: 0.0,
            partial: Partial {
                sums: zeros(norm, 1),
                products: zeros(norm, 1),
            },
        }
    }

    /// h = f(z), or f(γx̂ + β), and dropout, for `count` examples.
    pub(super) fn activate(&mut self, arch: Arch, layer: &Layer, count: usize) {
        let count = count * self.width;
        let z = if layer.norm.is_some() {
            &self.normalised
        } else {
            &self.z
        };
        let h = &mut self.h[..count];
        layer.activation().apply(arch, &z[..count], h);
        if layer.dropout > 0.0 {
            let mask = &self.mask[..count];
            arch.dispatch(|| multiply_by(h, mask));
        }
    }

    /// From the gradients by h to those by what went into f.
    pub(super) fn through_activation(&mut self, arch: Arch, layer: &Layer, count: usize) {
        let numbers = count * self.width;
        let gradients = &mut self.gradients[..numbers];
        if layer.dropout > 0.0 {
            let mask = &self.mask[..numbers];
            arch.dispatch(|| multiply_by(gradients, mask));
        }
        let z = if layer.norm.is_some() {
            &self.normalised
        } else {
            &self.z
        };
        let z = &z[..numbers];
        if layer.slope.is_some() {
            let rows = gradients
                .chunks_exact(self.width)
                .zip(z.chunks_exact(self.width));
            let sums = rows.map(|(gradients, z)| {
                let outputs = gradients.iter().zip(z).take(self.outputs);
                outputs
                    .map(|(gradient, &z)| if z < 0.0 { gradient * z } else { 0.0 })
                    .sum::<f32>()
            });
            self.slope = sums.sum();
        }
        // Dropout has made something else of f(z).
        let h = (layer.dropout == 0.0).then_some(&self.h[..numbers]);
        layer.activation().differentiate(arch, z, h, gradients);
    }

    /// The gradients by the bias.
    pub(super) fn sum_up(&mut self, arch: Arch, count: usize) {
        let gradients = &self.gradients[..count * self.width];
        let bias = &mut self.bias;
        arch.dispatch(|| column_sums(gradients, bias));
    }
}
