//! A few examples of a batch on their way forward and back, as far as they can go without the others.

use pulp::Arch;
use rand_chacha::ChaCha8Rng;

use super::block::Block;
use super::columns::{add_together, norm_sums, statistics};
use super::exit::{self, Exit};
use super::inputs::Inputs;
use super::net::Layer;
use super::share::{Share, number};
use super::shared::Held;
use super::strip::{STRIP, Strip};
use super::targets::Targets;
use super::values::Values;
use super::vectorise::vectorise;

/// The most examples in a piece: enough that the weights, read once for all of them, cost little.
pub(super) const PIECE: usize = 32;
/// The fewest, but for the last one.
const FEWEST: usize = 8;
/// The pieces that a batch should at least make, so that there is something to share.
const PIECES: usize = 4;

/// The number of examples in a piece of a batch of `examples`, whoever computes it.
pub(super) fn size(examples: usize) -> usize {
    let share = examples.div_ceil(PIECES).next_multiple_of(FEWEST);
    // A power of two, so that no piece lies across two strips.
    (1 << share.ilog2()).clamp(FEWEST, PIECE)
}

/// Where pieces go on. Each of these ends where the statistics of the whole batch are needed, or at exits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// At the inputs.
    Begin,
    /// Forward, in the layer whose normalisation has its statistics.
    Forward(usize),
    /// Back, from the exits.
    Return,
    /// Back, in the layer whose normalisation has its gradients.
    Back(usize),
}

/// What all pieces of a batch share.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    pub(super) arch: Arch,
    pub(super) layers: &'a [Layer],
    pub(super) blocks: Held<'a, Block>,
    /// For every few examples, one for each group of the first layer.
    pub(super) strips: Held<'a, Strip>,
    /// For every piece, one for each group of the last layer, if it is shared by its outputs.
    pub(super) exits: Held<'a, Exit>,
    pub(super) inputs: Inputs<'a>,
    pub(super) targets: Targets<'a>,
    /// The number of examples in the batch.
    pub(super) examples: usize,
    /// Where the masks of the first dropout begin.
    pub(super) generator: &'a ChaCha8Rng,
}

impl Pass<'_> {
    /// The strip of an example that meets a group of the first layer's blocks.
    pub(super) fn strip(&self, example: usize, group: usize) -> &Strip {
        let groups = self.layers[0].groups.len();
        self.strips.get(number(example / STRIP, group, groups))
    }

    /// The exit of the piece of an example, for a group of the last layer's outputs.
    pub(super) fn exit(&self, example: usize, group: usize) -> &Exit {
        let piece = example / size(self.examples);
        self.exits
            .get(number(piece, group, exit::groups(self.layers)))
    }
}

/// Examples `first`, `first + 1`, … of a batch.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) first: usize,
    pub(super) count: usize,
    pub(super) layers: Vec<Values>,
    /// The sum of the losses.
    pub(super) loss: f64,
}

impl Piece {
    pub(super) fn new(layers: &[Layer]) -> Self {
        let values = layers.iter().map(|layer| {
            // What leaves by exits is kept there.
            let rows = if layer.share == Share::Outputs {
                0
            } else {
                PIECE
            };
            Values::new(layer, rows, 0..layer.outputs)
        });
        Self {
            first: 0,
            count: 0,
            layers: values.collect(),
            loss: 0.0,
        }
    }

    /// Goes on to the next place where the others are needed, or to the end.
    pub(super) fn run(&mut self, pass: &Pass<'_>, turn: Turn) {
        match turn {
            Turn::Begin => {
                self.forward(pass, 0);
            }
            Turn::Forward(layer) => {
                self.normalise(pass, layer);
                self.activate(pass, layer);
                self.forward(pass, layer + 1);
            }
            Turn::Return => {
                self.collect_exits(pass);
                self.back(pass, pass.layers.len() - 1);
            }
            Turn::Back(layer) => {
                self.through_norm(pass, layer);
                self.before(pass, layer);
                self.back(pass, layer);
            }
        }
    }

    /// Through the layers from number `from` on, and back again.
    fn forward(&mut self, pass: &Pass<'_>, from: usize) {
        for index in from..pass.layers.len() {
            if pass.layers[index].share == Share::Outputs {
                return;
            }
            self.multiply(pass, index);
            if pass.layers[index].norm.is_some() {
                let width = pass.layers[index].width;
                let Values { z, partial, .. } = &mut self.layers[index];
                let z = &z[..self.count * width];
                vectorise(
                    pass.arch,
                    #[inline(always)]
                    || statistics(z, self.count, partial),
                );
                return;
            }
            self.activate(pass, index);
        }
        let last = pass.layers.len() - 1;
        self.loss = self.layers[last].lose(pass, self.first, &(0..self.count));
        self.back(pass, last + 1);
    }

    /// What the exits have found out, in the order of their groups.
    fn collect_exits(&mut self, pass: &Pass<'_>) {
        let last = pass.layers.len() - 1;
        let (before, after) = self.layers.split_at_mut(last);
        let (before, values) = (&mut before[last - 1], &mut after[0]);
        let gradients = &mut before.gradients[..self.count * before.width];
        let length = gradients.len();
        let exits = || (0..exit::groups(pass.layers)).map(|group| pass.exit(self.first, group));
        add_together(
            pass.arch,
            gradients,
            exits().map(|exit| &exit.before[..length]),
        );
        self.loss = exits().map(|exit| exit.loss).sum();
        values.slope = 0.0;
        exits().for_each(|exit| exit.report(values));
    }

    /// From the gradients by the outputs of layer number `to` − 1 to those of its z, and on.
    fn back(&mut self, pass: &Pass<'_>, to: usize) {
        for index in (0..to).rev() {
            let layer = &pass.layers[index];
            self.layers[index].through_activation(pass.arch, layer, &(0..self.count));
            if layer.norm.is_some() {
                let values = &mut self.layers[index];
                let count = self.count * layer.width;
                let (gradients, x) = (&values.gradients[..count], &values.z[..count]);
                let partial = &mut values.partial;
                vectorise(
                    pass.arch,
                    #[inline(always)]
                    || norm_sums(gradients, x, partial),
                );
                return;
            }
            self.before(pass, index);
        }
    }
}
