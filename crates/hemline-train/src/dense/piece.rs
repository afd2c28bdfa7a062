//! A few examples of a batch on their way forward and back, as far as they can go without the others.

use pulp::Arch;
use rand_chacha::ChaCha8Rng;

use super::DenseLayer;
use super::aligned::Aligned;
use super::block::Block;
use super::columns::{norm_sums, statistics};
use super::inputs::{Inputs, Write};
use super::loss::Targets;
use super::net::Layer;
use super::norm::Partial;
use super::shared::Held;
use super::strip::{self, STRIP, Strip};

/// The most examples in a piece: enough that the weights, read once for all of them, cost little.
const PIECE: usize = 32;
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

/// Where pieces go on. Each of these ends where the statistics of the whole batch are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Turn {
    /// At the inputs.
    Begin,
    /// Forward, in the layer whose normalisation has its statistics.
    Forward(usize),
    /// Back, in the layer whose normalisation has its gradients.
    Back(usize),
}

/// The turns of a step: one more than twice the normalisations.
pub(super) fn turns(layers: &[DenseLayer]) -> Vec<Turn> {
    let layers = layers.iter().enumerate();
    let norms = layers.filter_map(|(index, layer)| layer.norm.as_ref().map(|_| index));
    std::iter::once(Turn::Begin)
        .chain(norms.clone().map(Turn::Forward))
        .chain(norms.rev().map(Turn::Back))
        .collect()
}

/// What all pieces of a batch share.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    pub(super) arch: Arch,
    pub(super) layers: &'a [Layer],
    pub(super) blocks: Held<'a, Block>,
    /// For every few examples, one for each group of the first layer.
    pub(super) strips: Held<'a, Strip>,
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
        self.strips
            .get(strip::number(example / STRIP, group, groups))
    }
}

/// The numbers of a layer for some examples, each of shape [examples, width of the layer].
#[derive(Clone, Debug, Default)]
pub(super) struct Values {
    /// z; where there is a normalisation, x̂.
    pub(super) z: Aligned,
    /// γx̂ + β, where there is a normalisation.
    pub(super) normalised: Aligned,
    /// The layer's outputs.
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

/// Examples `first`, `first + 1`, … of a batch.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) first: usize,
    pub(super) count: usize,
    /// The inputs of the first layer, where they are the targets too and given as bytes.
    x: Aligned,
    /// Rows on their way there.
    bytes: Vec<u8>,
    pub(super) layers: Vec<Values>,
    /// The sum of the losses.
    pub(super) loss: f64,
}

impl Piece {
    pub(super) fn new(layers: &[Layer]) -> Self {
        let values = |layer: &Layer| {
            let matrix =
                |needed: bool| Aligned::zeros(if needed { PIECE * layer.width } else { 0 });
            let norm = layer.norm.is_some();
            let row = |needed: bool| Aligned::zeros(if needed { layer.width } else { 0 });
            Values {
                z: matrix(true),
                normalised: matrix(norm),
                h: matrix(true),
                mask: matrix(layer.dropout > 0.0),
                gradients: matrix(true),
                bias: row(true),
                slope: 0.0,
                partial: Partial {
                    sums: row(norm),
                    products: row(norm),
                },
            }
        };
        Self {
            first: 0,
            count: 0,
            x: Aligned::default(),
            bytes: Vec::new(),
            layers: layers.iter().map(values).collect(),
            loss: 0.0,
        }
    }

    /// The outputs of a layer for these examples, and how far apart the rows are.
    pub(super) fn outputs(&self, layers: &[Layer], layer: usize) -> (&[f32], usize) {
        let width = layers[layer].width;
        (&self.layers[layer].h[..self.count * width], width)
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
            Turn::Back(layer) => {
                self.through_norm(pass, layer);
                self.before(pass, layer);
                self.back(pass, layer);
            }
        }
    }

    /// The inputs of the network as numbers.
    fn targets<'a>(&'a mut self, pass: &'a Pass<'_>) -> &'a [f32] {
        let inputs = pass.layers[0].inputs;
        let count = self.count * inputs;
        if let Inputs::Values(values) = pass.inputs {
            return &values[self.first * inputs..][..count];
        }
        if self.x.is_empty() {
            self.x = Aligned::zeros(PIECE * inputs);
        }
        let write = Write {
            from: pass.inputs,
            inputs,
            examples: [self.first, self.count],
            column: 0,
            to: std::slice::from_mut(&mut self.x),
            nonzero: &mut [],
            rows: PIECE,
        };
        write.run(pass.arch, &mut self.bytes);
        &self.x[..count]
    }

    /// Through the layers from number `from` on, and back again.
    fn forward(&mut self, pass: &Pass<'_>, from: usize) {
        for index in from..pass.layers.len() {
            self.multiply(pass, index);
            if pass.layers[index].norm.is_some() {
                let width = pass.layers[index].width;
                let Values { z, partial, .. } = &mut self.layers[index];
                let z = &z[..self.count * width];
                pass.arch.dispatch(|| statistics(z, self.count, partial));
                return;
            }
            self.activate(pass, index);
        }
        let last = pass.layers.len() - 1;
        let Layer { outputs, width, .. } = pass.layers[last];
        let targets = pass.targets.of(self.first, self.count, outputs);
        let count = self.count * width;
        let mut values = std::mem::take(&mut self.layers[last]);
        let targets = match targets {
            Targets::Inputs => Targets::Values(self.targets(pass)),
            other => other,
        };
        let (h, gradients) = (&values.h[..count], &mut values.gradients);
        let loss = pass.arch.dispatch(
            #[inline(always)]
            || targets.loss(h, gradients, [outputs, width], pass.examples),
        );
        self.loss = loss;
        self.layers[last] = values;
        self.back(pass, last + 1);
    }

    /// From the gradients by the outputs of layer number `to` − 1 to those of its z, and on.
    fn back(&mut self, pass: &Pass<'_>, to: usize) {
        for index in (0..to).rev() {
            self.through_activation(pass, index);
            let layer = &pass.layers[index];
            if layer.norm.is_some() {
                let values = &mut self.layers[index];
                let count = self.count * layer.width;
                let (gradients, x) = (&values.gradients[..count], &values.z[..count]);
                let partial = &mut values.partial;
                pass.arch.dispatch(|| norm_sums(gradients, x, partial));
                return;
            }
            self.before(pass, index);
        }
    }
}
