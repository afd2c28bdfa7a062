//! The update of a block of weights.

use super::gradient::{Examples, Gradient};
use super::net::Block;
use super::piece::{Pass, Piece};
use super::rule::Rule;
use super::shared::Held;
use super::strip::STRIP;

/// The examples whose gradients are summed up at a time: more would push each other out of the nearest cache.
const EXAMPLES: usize = 64;
/// The most pieces that these are.
const PIECES: usize = 8;

impl Block {
    /// Sums up the gradients over all pieces, and goes one step along them.
    pub(super) fn update(
        &mut self,
        pass: &Pass<'_>,
        pieces: &Held<'_, Piece>,
        rule: &Rule,
        l2: f32,
    ) {
        let count = pieces.len();
        let together = (EXAMPLES / pieces.get(0).count.max(1)).clamp(1, PIECES);
        for begin in (0..count).step_by(together) {
            let end = count.min(begin + together);
            let mut examples = [Examples::default(); PIECES];
            for (examples, number) in examples.iter_mut().zip(begin..end) {
                *examples = self.examples(pass, pieces.get(number));
            }
            let [first, second] = &mut self.moments;
            pass.arch.dispatch(Gradient {
                examples: &examples[..end - begin],
                width: pass.layers[self.layer].width,
                weights: &mut self.weights,
                moments: [&mut first.values, &mut second.values],
                sums: &mut self.sums,
                begin: begin == 0,
                end: (end == count).then_some(rule),
                l2,
            });
        }
        self.transpose();
    }

    /// What met these weights in a piece, and the gradients by what came of it.
    fn examples<'a>(&self, pass: &'a Pass<'_>, piece: &'a Piece) -> Examples<'a> {
        let (inputs, stride) = match self.layer.checked_sub(1) {
            None => {
                let groups = pass.layers[0].groups.len();
                let strip = pass.strips.get(piece.first / STRIP * groups + self.group);
                strip.inputs(self.number, piece.first, piece.count)
            }
            Some(before) => {
                let (outputs, width) = piece.outputs(pass.layers, before);
                (&outputs[self.first..], width)
            }
        };
        let width = pass.layers[self.layer].width;
        Examples {
            inputs,
            stride,
            gradients: &piece.layers[self.layer].gradients[..piece.count * width],
        }
    }
}
