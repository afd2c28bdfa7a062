//! A few examples of a batch on their way forward and back, as far as they can go without the others.

use pulp::Arch;
use rand_chacha::ChaCha8Rng;

use super::DenseLayer;
use super::aligned::Aligned;
use super::columns::{norm_sums, statistics};
use super::inputs::{Inputs, write_255ths};
use super::loss::Targets;
use super::net::{Block, Layer};
use super::norm::Partial;
use super::shared::Shared;

/// The most examples in a piece: enough that the weights, read once for all of them, cost little.
const PIECE: usize = 32;
/// The fewest, but for the last one.
const FEWEST: usize = 8;
/// The pieces that a batch should at least make, so that there is something to share.
const PIECES: usize = 4;

/// The number of examples in a piece of a batch of `examples`, whoever computes it.
pub(super) fn size(examples: usize) -> usize {
    let share = examples.div_ceil(PIECES).next_multiple_of(FEWEST);
    share.clamp(FEWEST, PIECE)
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
    pub(super) blocks: &'a [Shared<Block>],
    pub(super) inputs: Inputs<'a>,
    pub(super) targets: Targets<'a>,
    /// The number of examples in the batch.
    pub(super) examples: usize,
    /// Where the masks of the first dropout begin.
    pub(super) generator: &'a ChaCha8Rng,
}

/// The numbers of a layer for some examples, each of shape [examples, width of the layer].
#[derive(Clone, Debug)]
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
    /// The inputs of the first layer, where they are given as bytes.
    x: Aligned,
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
            layers: layers.iter().map(values).collect(),
            loss: 0.0,
        }
    }

    /// The inputs of a layer for these examples, and how far apart the rows are.
    pub(super) fn inputs<'a>(
        &'a self,
        layers: &[Layer],
        batch: Inputs<'a>,
        layer: usize,
    ) -> (&'a [f32], usize) {
        match layer.checked_sub(1) {
            None => {
                let inputs = layers[0].inputs;
                let count = self.count * inputs;
                let x = match batch {
                    Inputs::Values(values) => &values[self.first * inputs..][..count],
                    Inputs::Bytes(_) => &self.x[..count],
                };
                (x, inputs)
            }
            Some(before) => {
                let width = layers[before].width;
                (&self.layers[before].h[..self.count * width], width)
            }
        }
    }

    /// Goes on to the next place where the others are needed, or to the end.
    pub(super) fn run(&mut self, pass: &Pass<'_>, turn: Turn) {
        match turn {
            Turn::Begin => {
                self.read(pass);
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

    /// Turns bytes into numbers.
    fn read(&mut self, pass: &Pass<'_>) {
        let Inputs::Bytes(bytes) = pass.inputs else {
            return;
        };
        let inputs = pass.layers[0].inputs;
        if self.x.is_empty() {
            self.x = Aligned::zeros(PIECE * inputs);
        }
        let bytes = &bytes[self.first * inputs..][..self.count * inputs];
        write_255ths(pass.arch, bytes, &mut self.x);
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
        let mut gradients = std::mem::take(&mut self.layers[last].gradients);
        let (inputs, _) = self.inputs(pass.layers, pass.inputs, 0);
        let h = &self.layers[last].h[..self.count * width];
        self.loss = pass.arch.dispatch(
            #[inline(always)]
            || targets.loss(inputs, h, &mut gradients, [outputs, width], pass.examples),
        );
        self.layers[last].gradients = gradients;
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
