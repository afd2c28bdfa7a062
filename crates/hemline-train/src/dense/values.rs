//! What some examples make of some outputs of a layer, and the loss's gradients by that.

use std::ops::Range;

use pulp::Arch;

use super::aligned::Aligned;
use super::columns::{column_sums, multiply_by};
use super::net::Layer;
use super::norm::Partial;
use super::piece::Pass;
use super::product::{Product, Start};
use super::vectorise::vectorise;

/// The numbers of some outputs of a layer for some examples, each of shape [examples, width].
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// Which outputs of the layer.
    pub(super) outputs: Range<usize>,
    /// The numbers in a row: these filled up to whole vectors.
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
    /// Zeros for at most `rows` examples and some outputs of `layer`, which end with a whole line or with its last.
    pub(super) fn new(layer: &Layer, rows: usize, outputs: Range<usize>) -> Self {
        let end = if outputs.end == layer.outputs {
            layer.width
        } else {
            outputs.end
        };
        let width = end - outputs.start;
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

    /// Where some rows lie.
    fn place(&self, rows: &Range<usize>) -> Range<usize> {
        rows.start * self.width..rows.end * self.width
    }

    /// z = hWᵀ + b for `count` examples, from the h of the layer before, by the `blocks` of these outputs.
    pub(super) fn multiply(
        &mut self,
        pass: &Pass<'_>,
        layer: &Layer,
        blocks: Range<usize>,
        before: &Self,
        count: usize,
    ) {
        for block in blocks {
            let block = pass.blocks.get(block);
            let place = &block.place;
            pass.arch.dispatch(Product {
                left: &before.h[place.inputs.start..count * before.width],
                stride: before.width,
                rows: count,
                right: &block.weights,
                start: if place.inputs.start == 0 {
                    Start::Row(&layer.bias.values[place.outputs.start..])
                } else {
                    Start::Output
                },
                output: &mut self.z[place.outputs.start - self.outputs.start..],
                output_stride: self.width,
                nonzero: None,
                ahead: None,
            });
        }
    }

    /// The loss's gradients by that h, as far as these outputs make them, to rows of `width` numbers.
    pub(super) fn multiply_back(
        &self,
        pass: &Pass<'_>,
        blocks: Range<usize>,
        count: usize,
        (before, width): (&mut [f32], usize),
    ) {
        for block in blocks {
            let block = pass.blocks.get(block);
            let place = &block.place;
            let Some(transposed) = &block.transposed else {
                continue;
            };
            pass.arch.dispatch(Product {
                left: self.gradients(place.outputs.start, count),
                stride: self.width,
                rows: count,
                right: transposed,
                start: if place.outputs.start == self.outputs.start {
                    Start::Zero
                } else {
                    Start::Output
                },
                output: &mut before[place.inputs.start..],
                output_stride: width,
                nonzero: None,
                ahead: None,
            });
        }
    }

    /// The loss's gradients for `count` examples, from output number `output` of the layer on.
    pub(super) fn gradients(&self, output: usize, count: usize) -> &[f32] {
        &self.gradients[output - self.outputs.start..count * self.width]
    }

    /// h = f(z), or f(γx̂ + β), and dropout, for some examples.
    pub(super) fn activate(&mut self, arch: Arch, layer: &Layer, rows: &Range<usize>) {
        let place = self.place(rows);
        let z = if layer.norm.is_some() {
            &self.normalised
        } else {
            &self.z
        };
        let h = &mut self.h[place.clone()];
        layer.activation().apply(arch, &z[place.clone()], h);
        if layer.dropout > 0.0 {
            let mask = &self.mask[place];
            vectorise(
                arch,
                #[inline(always)]
                || multiply_by(h, mask),
            );
        }
    }

    /// The sum of the losses that come of these outputs of the last layer, for some examples, the first of which is
    /// number `first` of the batch; and its gradients.
    pub(super) fn lose(&mut self, pass: &Pass<'_>, first: usize, rows: &Range<usize>) -> f64 {
        let place = self.place(rows);
        let (h, gradients) = (&self.h[place.clone()], &mut self.gradients[place]);
        pass.loss(first, &self.outputs, h, gradients, self.width)
    }

    /// From the gradients by h to those by what went into f, for some examples, one after the other.
    pub(super) fn through_activation(&mut self, arch: Arch, layer: &Layer, rows: &Range<usize>) {
        let place = self.place(rows);
        let gradients = &mut self.gradients[place.clone()];
        if layer.dropout > 0.0 {
            let mask = &self.mask[place.clone()];
            vectorise(
                arch,
                #[inline(always)]
                || multiply_by(gradients, mask),
            );
        }
        let z = if layer.norm.is_some() {
            &self.normalised
        } else {
            &self.z
        };
        let z = &z[place.clone()];
        if layer.slope.is_some() {
            let pairs = gradients
                .chunks_exact(self.width)
                .zip(z.chunks_exact(self.width));
            let sums = pairs.map(|(gradients, z)| {
                let outputs = gradients.iter().zip(z).take(self.outputs.len());
                outputs
                    .map(|(gradient, &z)| if z < 0.0 { gradient * z } else { 0.0 })
                    .sum::<f32>()
            });
            let before = if rows.start == 0 { 0.0 } else { self.slope };
            self.slope = before + sums.sum::<f32>();
        }
        // Dropout has made something else of f(z).
        let h = (layer.dropout == 0.0).then_some(&self.h[place]);
        layer.activation().differentiate(arch, z, h, gradients);
    }

    /// The gradients by the bias.
    pub(super) fn sum_up(&mut self, arch: Arch, count: usize) {
        let gradients = &self.gradients[..count * self.width];
        let bias = &mut self.bias;
        vectorise(
            arch,
            #[inline(always)]
            || column_sums(gradients, bias),
        );
    }
}
