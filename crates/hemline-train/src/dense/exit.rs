//! Some outputs of some examples, on their way out of the last layer and back.
//!
//! Threads share a wide last layer by its outputs: an exit's outputs, their losses and the weights that made them
//! stay with the core that the exit was given to, here and in the update. Only what goes into the layer, and the
//! loss's gradients by that, go from one core to another.

use super::aligned::Aligned;
use super::net::{Layer, Net};
use super::piece::{PIECE, Pass, Piece};
use super::share::Share;
use super::values::Values;

/// The examples that go from z to the gradients by it at a time: their numbers stay in the nearest cache.
const ROWS: usize = 8;

/// One group of the last layer's outputs for the examples of a piece.
#[derive(Clone, Debug)]
pub(super) struct Exit {
    group: usize,
    pub(super) values: Values,
    /// The loss's gradients by what went into the layer, as far as these outputs make them.
    pub(super) before: Aligned,
    /// The sum of the losses of these outputs.
    pub(super) loss: f64,
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
        Self {
            group,
            values: Values::new(layer, PIECE, outputs),
            before: Aligned::zeros(PIECE * before.width),
            loss: 0.0,
        }
    }

    /// Forward through the layer to the loss, and back to what went into it.
    pub(super) fn run(&mut self, pass: &Pass<'_>, piece: &Piece) {
        let last = pass.layers.len() - 1;
        let (layer, before, count) = (&pass.layers[last], &piece.layers[last - 1], piece.count);
        let blocks = &layer.groups[self.group];
        let values = &mut self.values;
        values.multiply(pass, layer, blocks.clone(), before, count);
        self.loss = 0.0;
        for begin in (0..count).step_by(ROWS) {
            let rows = begin..count.min(begin + ROWS);
            values.activate(pass.arch, layer, &rows);
            self.loss += values.lose(pass, piece.first + begin, &rows);
            values.through_activation(pass.arch, layer, &rows);
        }
        values.sum_up(pass.arch, count);
        let to = (&mut self.before[..], before.width);
        values.multiply_back(pass, blocks.clone(), count, to);
    }

    /// Adds what it has found out to what the last layer's values of the piece are to know.
    pub(super) fn report(&self, values: &mut Values) {
        let bias = &self.values.bias;
        values.bias[self.values.outputs.start..][..bias.len()].copy_from_slice(bias);
        values.slope += self.values.slope;
    }
}
