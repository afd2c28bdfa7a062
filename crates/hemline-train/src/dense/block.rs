//! A block of weights: as many as a core keeps close, with what the optimizer remembers of them.

use super::aligned::Aligned;
use super::gradient::{Examples, Gradient};
use super::layer::DenseLayer;
use super::panels::{LINE, Panels};
use super::piece::{Pass, Piece};
use super::rule::Rule;
use super::shared::Held;
use super::strip::STRIP;

/// About the number of weights in a block: with its moments and gradients it stays in a core's own cache.
const BLOCK: usize = 1 << 15;
/// The most inputs of a block: one panel of it stays in the cache nearest to the core.
const BLOCK_INPUTS: usize = 128;
/// The fewest inputs of a first layer that threads share by its inputs.
const SHARED_INPUTS: usize = 256;
/// The examples whose gradients are summed up at a time, two strips: more would push each other out of the nearest
/// cache.
pub(super) const EXAMPLES: usize = 2 * STRIP;
/// The most pieces that these are.
const PIECES: usize = 8;

/// Some rows of a layer's Wᵀ, the weights of some of its inputs.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) layer: usize,
    /// The first of these inputs.
    pub(super) first: usize,
    /// Its group among those of the layer, and its number in the group.
    pub(super) group: usize,
    pub(super) number: usize,
    /// Shape [these inputs, outputs].
    pub(super) weights: Panels,
    pub(super) moments: [Panels; 2],
    /// Gradients that wait for more examples.
    pub(super) sums: Aligned,
    /// The weights with shape [outputs, these inputs], for the way back; none for the first layer.
    pub(super) transposed: Option<Panels>,
}

/// The first input of each block, how many it has, its group and its number there, where `inputs` are shared
/// out to `groups`. Blocks of a group have one size of at most `most`, the last perhaps less.
fn places(
    inputs: usize,
    most: usize,
    groups: usize,
) -> impl Iterator<Item = (usize, usize, usize, usize)> {
    let share = inputs.div_ceil(groups).next_multiple_of(LINE);
    let groups = (0..inputs).step_by(share).enumerate();
    groups.flat_map(move |(group, first)| {
        let end = inputs.min(first + share);
        let inputs = end - first;
        let size = inputs
            .div_ceil(inputs.div_ceil(most))
            .next_multiple_of(LINE);
        let blocks = (first..end).step_by(size).enumerate();
        blocks.map(move |(number, first)| (first, size.min(end - first), group, number))
    })
}

impl Block {
    /// The blocks of layer number `index`, with zeros for `moments` moments. Where they begin and end hangs on
    /// the layer alone and not on the processor, since sums begin and end with them.
    pub(super) fn of(index: usize, layer: &DenseLayer, moments: usize, lanes: usize) -> Vec<Self> {
        let (inputs, outputs) = (layer.inputs(), layer.outputs());
        let most = (BLOCK / outputs.next_multiple_of(LINE)).clamp(LINE, BLOCK_INPUTS);
        let shared = index == 0 && inputs >= SHARED_INPUTS;
        let places = places(inputs, most, if shared { 2 } else { 1 });
        let blocks = places.map(|(first, rows, group, number)| {
            let panels = |rows| Panels::zeros(rows, outputs, lanes);
            let mut weights = panels(rows);
            weights.fill(|row, column| layer.weight[column * inputs + first + row]);
            let mut block = Self {
                layer: index,
                first,
                group,
                number,
                sums: Aligned::zeros(weights.values.len()),
                weights,
                moments: [0, 1].map(|moment| panels(if moment < moments { rows } else { 0 })),
                transposed: (index > 0).then(|| Panels::zeros(outputs, rows, lanes)),
            };
            block.transpose();
            block
        });
        blocks.collect()
    }

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
            let nonzero = self.nonzero(pass, [begin, end], pieces);
            let [first, second] = &mut self.moments;
            pass.arch.dispatch(Gradient {
                examples: &examples[..end - begin],
                nonzero,
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
                let strip = pass.strip(piece.first, self.group);
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

    /// Which of these inputs some pieces have, where gradients should leave out the others.
    fn nonzero<'a>(
        &self,
        pass: &'a Pass<'_>,
        [begin, end]: [usize; 2],
        pieces: &Held<'_, Piece>,
    ) -> Option<[&'a [u32]; 2]> {
        if self.layer > 0 {
            return None;
        }
        // They begin with a strip and are no more than two, since strips and pieces are powers of two.
        let strip = |number| pass.strip(pieces.get(number).first, self.group);
        let (first, last) = (strip(begin), strip(end - 1));
        let (nonzero, next) = (first.nonzero(self.number)?, last.nonzero(self.number)?);
        let more = if last.first > first.first {
            &next.columns[..]
        } else {
            &[]
        };
        (nonzero.for_gradients && next.for_gradients).then_some([&nonzero.columns[..], more])
    }

    /// Brings the transposed weights up to date.
    pub(super) fn transpose(&mut self) {
        if let Some(transposed) = &mut self.transposed {
            self.weights.transpose_into(transposed);
        }
    }
}
