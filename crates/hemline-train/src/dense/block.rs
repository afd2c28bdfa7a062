//! The update of a block of weights.

use pulp::Arch;

use super::gradient::{Examples, Gradient};
use super::net::{Block, Layer};
use super::piece::Piece;
use super::rule::Rule;
use super::shared::Shared;
use super::strip::{STRIP, Strip};

/// The examples whose gradients are summed up at a time: more would push each other out of the nearest cache.
const EXAMPLES: usize = 64;
/// The most pieces that these are.
const PIECES: usize = 8;

impl Block {
    /// Sums up the gradients over all pieces, and goes one step along them.
    pub(super) fn update(
        &mut self,
        arch: Arch,
        layers: &[Layer],
        pieces: &[Shared<Piece>],
        strips: &[Shared<Strip>],
        rule: &Rule,
        l2: f32,
    ) {
        let width = layers[self.layer].width;
        let [first, second] = &mut self.moments;
        let size = pieces.first().map_or(1, |piece| piece.read().count.max(1));
        let together = (EXAMPLES / size).clamp(1, PIECES);
        for (group, some) in pieces.chunks(together).enumerate() {
            let guards: [_; PIECES] =
                std::array::from_fn(|index| some.get(index).map(Shared::read));
            let strips: [_; PIECES] = std::array::from_fn(|index| {
                let piece = guards[index].as_ref().filter(|_| self.layer == 0)?;
                let number = piece.first / STRIP * layers[0].groups.len() + self.group;
                Some(strips[number].read())
            });
            let mut examples = [Examples::default(); PIECES];
            for ((examples, piece), strip) in examples
                .iter_mut()
                .zip(guards.iter().flatten())
                .zip(&strips)
            {
                let (inputs, stride) = match (strip, self.layer.checked_sub(1)) {
                    (Some(strip), _) => strip.inputs(self.number, piece.first, piece.count),
                    (None, Some(before)) => {
                        let (outputs, width) = piece.outputs(layers, before);
                        (&outputs[self.first..], width)
                    }
                    (None, None) => continue,
                };
                *examples = Examples {
                    inputs,
                    stride,
                    gradients: &piece.layers[self.layer].gradients[..piece.count * width],
                };
            }
            arch.dispatch(Gradient {
                examples: &examples[..some.len()],
                width,
                weights: &mut self.weights,
                moments: [&mut first.values, &mut second.values],
                sums: &mut self.sums,
                begin: group == 0,
                end: ((group + 1) * together >= pieces.len()).then_some(rule),
                l2,
            });
        }
        self.transpose();
    }
}
