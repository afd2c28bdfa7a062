//! The two passes of a step: over pieces of the batch, and over blocks of the weights.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, ArrayViewMut2};

use super::adam::Adam;
use super::layer::State;

/// The number of examples in a piece of a batch.
pub(super) const PIECE: usize = 64;

/// About the number of weights in a block: the block, its gradients and its moments stay in a core's cache.
const BLOCK: usize = 1 << 16;

/// The outputs h of each layer and the loss's gradients by its pre-activations z, shape [n, outputs].
#[derive(Clone, Debug, Default)]
pub(super) struct Buffers {
    outputs: Vec<Vec<f32>>,
    gradients: Vec<Vec<f32>>,
}

/// Some examples of a batch on their way forward and back.
pub(super) struct Piece<'a> {
    inputs: &'a [f32],
    targets: &'a [f32],
    outputs: Vec<&'a mut [f32]>,
    gradients: Vec<&'a mut [f32]>,
    /// Σ (h − y)² over these examples, once they have come through.
    pub(super) squares: f64,
}

/// Some rows of a layer's weights, whose gradients are formed and spent in one go.
pub(super) struct Block<'a> {
    /// [n, inputs] of the layer.
    inputs: ArrayView2<'a, f32>,
    /// [n, rows of this block].
    gradients: ArrayView2<'a, f32>,
    weight: &'a mut [f32],
    weight_moments: [&'a mut [f32]; 2],
    bias: &'a mut [f32],
    bias_moments: [&'a mut [f32]; 2],
}

fn matrix(values: &[f32], columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((values.len() / columns, columns), values)
        .expect("buffers hold whole rows")
}

fn matrix_mut(values: &mut [f32], columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((values.len() / columns, columns), values)
        .expect("buffers hold whole rows")
}

impl Buffers {
    /// Makes room for `count` examples.
    pub(super) fn resize(&mut self, layers: &[State], count: usize) {
        for buffers in [&mut self.outputs, &mut self.gradients] {
            buffers.resize(layers.len(), Vec::new());
            for (buffer, state) in buffers.iter_mut().zip(layers) {
                buffer.resize(count * state.layer.outputs(), 0.0);
            }
        }
    }

    /// Cuts the batch.
    pub(super) fn pieces<'a>(
        &'a mut self,
        layers: &[State],
        inputs: &'a [f32],
        targets: &'a [f32],
    ) -> Vec<Piece<'a>> {
        let (width, targets_width) = super::layer::ends(layers);
        let mut pieces: Vec<Piece<'a>> = inputs
            .chunks(PIECE * width)
            .zip(targets.chunks(PIECE * targets_width))
            .map(|(inputs, targets)| Piece {
                inputs,
                targets,
                outputs: Vec::with_capacity(layers.len()),
                gradients: Vec::with_capacity(layers.len()),
                squares: 0.0,
            })
            .collect();
        let buffers = self.outputs.iter_mut().zip(&mut self.gradients);
        for ((outputs, gradients), state) in buffers.zip(layers) {
            let length = PIECE * state.layer.outputs();
            let parts = outputs.chunks_mut(length).zip(gradients.chunks_mut(length));
            for (piece, (outputs, gradients)) in pieces.iter_mut().zip(parts) {
                piece.outputs.push(outputs);
                piece.gradients.push(gradients);
            }
        }
        pieces
    }

    /// Cuts the weights, once the pieces have come through.
    pub(super) fn blocks<'a>(
        &'a self,
        layers: &'a mut [State],
        inputs: &'a [f32],
    ) -> Vec<Block<'a>> {
        let mut blocks = Vec::new();
        let inputs = std::iter::once(inputs).chain(self.outputs.iter().map(Vec::as_slice));
        for ((state, inputs), gradients) in layers.iter_mut().zip(inputs).zip(&self.gradients) {
            let (width, outputs) = (state.layer.inputs(), state.layer.outputs());
            let inputs = matrix(inputs, width);
            let mut gradients = matrix(gradients, outputs);
            // As many blocks of one size as it takes, the last perhaps smaller.
            let count = (width * outputs).div_ceil(BLOCK);
            let rows = outputs.div_ceil(count);
            let [first, second] = &mut state.weight_moments;
            let weights = state
                .layer
                .weight
                .chunks_mut(rows * width)
                .zip(first.chunks_mut(rows * width))
                .zip(second.chunks_mut(rows * width));
            let [first, second] = &mut state.bias_moments;
            let biases = state
                .layer
                .bias
                .chunks_mut(rows)
                .zip(first.chunks_mut(rows))
                .zip(second.chunks_mut(rows));
            for (((weight, m), v), ((bias, bias_m), bias_v)) in weights.zip(biases) {
                let (these, rest) = gradients.split_at(ndarray::Axis(1), bias.len());
                gradients = rest;
                blocks.push(Block {
                    inputs,
                    gradients: these,
                    weight,
                    weight_moments: [m, v],
                    bias,
                    bias_moments: [bias_m, bias_v],
                });
            }
        }
        blocks
    }
}

impl Piece<'_> {
    /// Forward through all layers, then back to the gradients by every z; the loss is a sum of squares
    /// divided by `scale`.
    pub(super) fn run(&mut self, layers: &[State], scale: f64) {
        for (index, state) in layers.iter().enumerate() {
            let layer = &state.layer;
            let (before, after) = self.outputs.split_at_mut(index);
            let inputs = before.last().map_or(self.inputs, |outputs| outputs);
            let z = &mut after[0];
            for row in z.chunks_exact_mut(layer.outputs()) {
                row.copy_from_slice(&layer.bias);
            }
            // [n, inputs] [outputs, inputs]ᵀ → [n, outputs].
            general_mat_mul(
                1.0,
                &matrix(inputs, layer.inputs()),
                &matrix(&layer.weight, layer.inputs()).t(),
                1.0,
                &mut matrix_mut(z, layer.outputs()),
            );
            layer.activation.apply(z);
        }

        let (Some(outputs), Some(gradients)) = (self.outputs.last(), self.gradients.last_mut())
        else {
            return;
        };
        let twice = (2.0 / scale) as f32;
        let width = layers.last().map_or(1, |state| state.layer.outputs());
        let rows = outputs
            .chunks_exact(width)
            .zip(self.targets.chunks_exact(width));
        for (gradients, (outputs, targets)) in gradients.chunks_exact_mut(width).zip(rows) {
            // A row in f32, in eight sums at once; the rows in f64.
            let mut sums = [0.0_f32; 8];
            for (index, gradient) in gradients.iter_mut().enumerate() {
                let residual = outputs[index] - targets[index];
                sums[index % 8] += residual * residual;
                *gradient = twice * residual;
            }
            self.squares += sums.iter().map(|&sum| f64::from(sum)).sum::<f64>();
        }
        for (index, state) in layers.iter().enumerate().rev() {
            let layer = &state.layer;
            let (before, after) = self.gradients.split_at_mut(index);
            let gradients = &mut after[0];
            layer
                .activation
                .differentiate(gradients, self.outputs[index]);
            if let Some(before) = before.last_mut() {
                // [n, outputs] [outputs, inputs] → [n, inputs].
                general_mat_mul(
                    1.0,
                    &matrix(gradients, layer.outputs()),
                    &matrix(&layer.weight, layer.inputs()),
                    0.0,
                    &mut matrix_mut(before, layer.inputs()),
                );
            }
        }
    }
}

impl Block<'_> {
    /// The gradients by these weights and biases, and one step along them.
    pub(super) fn update(self, adam: &Adam, rate: f64) {
        let width = self.inputs.ncols();
        let mut gradients = vec![0.0; self.weight.len()];
        // [n, rows]ᵀ [n, inputs] → [rows, inputs].
        general_mat_mul(
            1.0,
            &self.gradients.t(),
            &self.inputs,
            0.0,
            &mut matrix_mut(&mut gradients, width),
        );
        adam.update(rate, self.weight, self.weight_moments, &gradients);
        let mut sums = vec![0.0; self.bias.len()];
        for row in self.gradients.rows() {
            for (sum, gradient) in sums.iter_mut().zip(row) {
                *sum += gradient;
            }
        }
        adam.update(rate, self.bias, self.bias_moments, &sums);
    }
}
