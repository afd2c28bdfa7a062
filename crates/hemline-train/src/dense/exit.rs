//! Some outputs of some examples, on their way out of the last layer and back.
//!
//! Threads share a wide last layer by its outputs: an exit's outputs, their losses and the weights that made them
//! stay with the core that the exit was given to, here and in the update. Only what goes into the layer, and the
//! loss's gradients by that, go from one core to another.

use std::ops::Range;

use super::aligned::Aligned;
use super::net::{Layer, Net};
use super::piece::{PIECE, Pass, Piece};
use super::product::{Product, Start};
use super::share::Share;
use super::values::Values;

/// The examples that go from z to the gradients by it at a time: their numbers stay in the nearest cache.
const ROWS: usize = 8;

/// One group of the last layer's outputs for the examples of a piece.
#[derive(Clone, Debug)]
pub(super) struct Exit {
    group: usize,
    outputs: Range<usize>,
    pub(super) values: Values,
    /// The loss's gradients by what went into the layer, as far as these outputs make them.
    pub(super) before: Aligned,
    /// The sum of the losses of these outputs.
    pub(super) loss: f64,
    /// The number of examples.
    count: usize,
}

/// The number of an exit among all: that of piece number `piece` and group `group` of `groups`.
pub(super) fn number(piece: usize, group: usize, groups: usize) -> usize {
    piece * groups + group
}

/// The exits of a piece: none where the last layer is not shared by its outputs.
pub(super) fn groups(layers: &[Layer]) -> usize {
    match layers {
        [.., last] if last.share == Share::Outputs => last.groups.len(),
        _ => 0,
    }
}

impl Exit {
    /// For group `group` of the last layer's blocks.
    pub(super) fn new(net: &Net, group: usize) -> Self {
        let layers = net.layers.read();
        let [.., before, layer] = &layers[..] else {
            unreachable!("a layer that is left by exits has one before it");
        };
        let blocks = &net.blocks[layer.groups[group].clone()];
        let [first, last] = [0, blocks.len() - 1].map(|block| blocks[block].read());
        let outputs = first.place.outputs.start..last.place.outputs.end;
        // The other groups end with whole vectors.
        let end = if outputs.end == layer.outputs {
            layer.width
        } else {
            outputs.end
        };
        let width = end - outputs.start;
        Self {
            group,
            values: Values::new(layer, PIECE, [outputs.len(), width]),
            outputs,
            before: Aligned::zeros(PIECE * before.width),
            loss: 0.0,
            count: 0,
        }
    }

    /// Forward through the layer to the loss, and back to what went into it.
    pub(super) fn run(&mut self, pass: &Pass<'_>, piece: &Piece) {
        let last = pass.layers.len() - 1;
        let layer = &pass.layers[last];
        let (inputs, stride) = piece.outputs(pass.layers, last - 1);
        self.count = piece.count;
        let width = self.values.width;
        let blocks = || {
            let blocks = layer.groups[self.group].clone();
            blocks.map(|block| pass.blocks.get(block))
        };
        for block in blocks() {
            let place = &block.place;
            pass.arch.dispatch(Product {
                left: &inputs[place.inputs.start..],
                stride,
                rows: self.count,
                right: &block.weights,
                start: if place.inputs.start == 0 {
                    Start::Row(&layer.bias.values[place.outputs.start..])
                } else {
                    Start::Output
                },
                output: &mut self.values.z[place.outputs.start - self.outputs.start..],
                output_stride: width,
                nonzero: None,
            });
        }
        self.loss = 0.0;
        for begin in (0..self.count).step_by(ROWS) {
            let (first, rows) = (piece.first + begin, begin..self.count.min(begin + ROWS));
            self.values.activate(pass.arch, layer, &rows);
            self.loss += self.values.lose(pass, first, &rows, &self.outputs);
            self.values.through_activation(pass.arch, layer, &rows);
        }
        self.values.sum_up(pass.arch, self.count);
        for block in blocks() {
            let place = &block.place;
            let Some(transposed) = &block.transposed else {
                continue;
            };
            let first = place.outputs.start - self.outputs.start;
            pass.arch.dispatch(Product {
                left: &self.values.gradients[first..self.count * width],
                stride: width,
                rows: self.count,
                right: transposed,
                start: if place.outputs.start == self.outputs.start {
                    Start::Zero
                } else {
                    Start::Output
                },
                output: &mut self.before[place.inputs.start..],
                output_stride: stride,
                nonzero: None,
            });
        }
    }

    /// The loss's gradients by z, from output number `output` of the layer on, and how far apart the rows are.
    pub(super) fn gradients(&self, output: usize) -> (&[f32], usize) {
        let Values { width, .. } = self.values;
        let first = output - self.outputs.start;
        (&self.values.gradients[first..self.count * width], width)
    }

    /// Adds what it has found out to what the last layer's values of the piece are to know.
    pub(super) fn report(&self, values: &mut Values) {
        let bias = &self.values.bias;
        values.bias[self.outputs.start..][..bias.len()].copy_from_slice(bias);
        values.slope += self.values.slope;
    }
}
