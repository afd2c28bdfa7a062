//! The layers in training: their parameters in the layout of the products, and what the optimizer remembers.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::block::Block;
use super::norm::Norm;
use super::panels::Panels;
use super::rule::Rule;
use super::share::Share;
use super::shared::Shared;
use super::totals::{LayerTotals, Totals};
use super::vector::Vector;
use super::{DenseActivation, DenseLayer, DenseLoss};

/// All layers, and the weights of all of them, block by block.
#[derive(Clone, Debug)]
pub(super) struct Net {
    pub(super) arch: Arch,
    pub(super) layers: Shared<Vec<Layer>>,
    pub(super) blocks: Vec<Shared<Block>>,
    /// In the order in which they are updated: a block's number, or none for the totals.
    pub(super) updates: Vec<Option<usize>>,
    /// What makes all that is no weight go a step.
    pub(super) totals: Shared<Totals>,
}

/// A layer without its weights.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// The outputs filled up to whole vectors.
    pub(super) width: usize,
    pub(super) bias: Vector,
    pub(super) norm: Option<Norm>,
    pub(super) function: DenseActivation,
    /// The slope of a PReLU.
    pub(super) slope: Option<Vector>,
    pub(super) dropout: f64,
    /// Its weights, among all blocks.
    pub(super) blocks: Range<usize>,
    /// How threads share it.
    pub(super) share: Share,
    /// The blocks that a thread has together, group by group; only a layer shared by its inputs or outputs has
    /// several.
    pub(super) groups: Vec<Range<usize>>,
}

/// The number of f32 in a vector of this processor.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> usize {
        S::F32_LANES
    }
}

/// The first groups of the layers that have several, then the layers that have one, then the other groups: threads
/// begin at either end with what they have, and meet among what is small. The smallest, the totals, are in the middle.
fn updates(layers: &[Layer]) -> Vec<Option<usize>> {
    let (shared, mut whole): (Vec<_>, Vec<_>) =
        layers.iter().partition(|layer| layer.groups.len() > 1);
    let first = shared.iter().flat_map(|layer| layer.groups[0].clone());
    let others = shared
        .iter()
        .rev()
        .flat_map(|layer| layer.groups[1].start..layer.blocks.end);
    whole.sort_by_key(|layer| std::cmp::Reverse(layer.inputs * layer.outputs));
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for (index, layer) in whole.into_iter().enumerate() {
        if index.is_multiple_of(2) {
            left.extend(layer.blocks.clone());
        } else {
            right.extend(layer.blocks.clone().rev());
        }
    }
    let before = first.chain(left).map(Some);
    let after = right.into_iter().rev().chain(others).map(Some);
    before.chain([None]).chain(after).collect()
}

impl Net {
    /// `layers`, which fit together, for training by `loss`, with zeros for `moments` moments of each parameter.
    pub(super) fn new(layers: Vec<DenseLayer>, loss: DenseLoss, moments: usize) -> Self {
        let arch = Arch::new();
        let lanes = arch.dispatch(Lanes);
        let mut blocks = Vec::new();
        let mut built = Vec::with_capacity(layers.len());
        let shares = (0..layers.len()).map(|index| Share::of(index, &layers, loss));
        let shares: Vec<Share> = shares.collect();
        for (index, (layer, share)) in layers.into_iter().zip(shares).enumerate() {
            let (inputs, outputs) = (layer.inputs(), layer.outputs());
            let width = outputs.next_multiple_of(lanes);
            let vector = |values: &[f32]| Vector::new(values, width, moments);
            let first_block = blocks.len();
            let mut groups: Vec<Range<usize>> = Vec::new();
            for block in Block::of(index, &layer, share, moments, lanes) {
                if block.place.number == 0 {
                    groups.push(blocks.len()..blocks.len());
                }
                let group = block.place.group;
                blocks.push(Shared::new(block));
                groups[group].end = blocks.len();
            }
            built.push(Layer {
                inputs,
                outputs,
                width,
                bias: vector(&layer.bias),
                norm: layer.norm.map(|norm| Norm::new(norm, vector)),
                function: layer.activation,
                slope: match layer.activation {
                    DenseActivation::Prelu { slope } => Some(Vector::new(&[slope], lanes, moments)),
                    _ => None,
                },
                dropout: layer.dropout,
                blocks: first_block..blocks.len(),
                share,
                groups,
            });
        }
        Self {
            arch,
            updates: updates(&built),
            totals: Shared::new(Totals::new(&built)),
            layers: Shared::new(built),
            blocks,
        }
    }

    /// The inputs of the first layer and the outputs of the last.
    pub(super) fn ends(&self) -> (usize, usize) {
        let layers = self.layers.read();
        let inputs = layers.first().map_or(1, |layer| layer.inputs);
        (inputs, layers.last().map_or(1, |layer| layer.outputs))
    }

    /// The number of weights.
    pub(super) fn weights(&self) -> usize {
        let layers = self.layers.read();
        let sizes = layers.iter().map(|layer| layer.inputs * layer.outputs);
        sizes.sum()
    }

    /// The layers as they are now.
    pub(super) fn export(&self) -> Vec<DenseLayer> {
        let layers = self.layers.read();
        let layers = layers.iter().map(|layer| DenseLayer {
            weight: self.matrix(layer, |block| &block.weights),
            bias: layer.bias.numbers().to_vec(),
            norm: layer.norm.as_ref().map(Norm::export),
            activation: layer.activation(),
            dropout: layer.dropout,
        });
        layers.collect()
    }

    /// What all blocks of a layer have of one kind, row-major, shape [outputs, inputs].
    pub(super) fn matrix(&self, layer: &Layer, of: impl Fn(&Block) -> &Panels) -> Vec<f32> {
        let mut matrix = vec![0.0; layer.inputs * layer.outputs];
        for block in &self.blocks[layer.blocks.clone()] {
            let block = block.read();
            of(&block).each_column(|output, numbers| {
                let output = block.place.outputs.start + output;
                let row = &mut matrix[output * layer.inputs + block.place.inputs.start..];
                for (place, number) in row.iter_mut().zip(numbers) {
                    *place = number;
                }
            });
        }
        matrix
    }

    /// The way back: hands out a matrix to all blocks of a layer.
    pub(super) fn hand_out(
        &self,
        layer: &Layer,
        matrix: &[f32],
        to: impl Fn(&mut Block) -> &mut Panels,
    ) {
        for block in &self.blocks[layer.blocks.clone()] {
            let block = &mut *block.write();
            let (first, left) = (block.place.inputs.start, block.place.outputs.start);
            to(block).fill(|row, column| matrix[(left + column) * layer.inputs + first + row]);
            block.transpose();
        }
    }
}

impl Layer {
    /// The activation with its parameter as it is now.
    pub(super) fn activation(&self) -> DenseActivation {
        match &self.slope {
            Some(slope) => DenseActivation::Prelu {
                slope: slope.values[0],
            },
            None => self.function,
        }
    }

    /// One step along the gradients of all that is no weight.
    pub(super) fn update(&mut self, arch: Arch, rule: &Rule, totals: &LayerTotals) {
        self.bias.update(arch, rule, &totals.bias);
        if let Some(slope) = &mut self.slope {
            slope.update(arch, rule, &totals.slope);
        }
        if let Some(norm) = &mut self.norm {
            norm.shift.update(arch, rule, &norm.gradients.sums);
            norm.scale.update(arch, rule, &norm.gradients.products);
        }
    }
}
