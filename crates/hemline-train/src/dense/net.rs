//! The layers in training: their parameters in the layout of the products, and what the optimizer remembers.

use std::ops::Range;

use pulp::{Arch, Simd, WithSimd};

use super::aligned::Aligned;
use super::norm::{Norm, add};
use super::panels::{LINE, Panels};
use super::piece::Piece;
use super::rule::Rule;
use super::shared::Shared;
use super::{DenseActivation, DenseLayer};

/// About the number of weights in a block: with its moments and gradients it stays in a core's own cache.
const BLOCK: usize = 1 << 15;
/// The most inputs of a block: one panel of it stays in the cache nearest to the core.
const BLOCK_INPUTS: usize = 128;

/// The fewest inputs of a first layer that threads share by its inputs.
const SHARED_INPUTS: usize = 256;

/// All layers, and the weights of all of them, block by block.
#[derive(Clone, Debug)]
pub(super) struct Net {
    pub(super) arch: Arch,
    pub(super) layers: Shared<Vec<Layer>>,
    pub(super) blocks: Vec<Shared<Block>>,
}

/// A layer without its weights.
#[derive(Clone, Debug)]
pub(super) struct Layer {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    /// The outputs filled up to whole vectors.
    pub(super) width: usize,
    pub(super) bias: Vector,
    /// Where the gradients of a vector are added up.
    pub(super) sums: Aligned,
    pub(super) norm: Option<Norm>,
    pub(super) function: DenseActivation,
    /// The slope of a PReLU.
    pub(super) slope: Option<Vector>,
    pub(super) dropout: f64,
    /// Its weights, among all blocks.
    pub(super) blocks: Range<usize>,
    /// The blocks whose share of z is summed up by itself, group by group; only the first layer has several.
    pub(super) groups: Vec<Range<usize>>,
}

/// A parameter of rank 1 with its moments, filled up with zeros to whole vectors.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    pub(super) values: Aligned,
    pub(super) moments: [Aligned; 2],
    pub(super) length: usize,
}

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

/// The number of f32 in a vector of this processor.
struct Lanes;

impl WithSimd for Lanes {
    type Output = usize;

    #[inline(always)]
    fn with_simd<S: Simd>(self, _simd: S) -> usize {
        S::F32_LANES
    }
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

impl Net {
    /// `layers`, which fit together, with zeros for `moments` moments of each parameter.
    pub(super) fn new(layers: Vec<DenseLayer>, moments: usize) -> Self {
        let arch = Arch::new();
        let lanes = arch.dispatch(Lanes);
        let mut blocks = Vec::new();
        let mut built = Vec::with_capacity(layers.len());
        for (index, layer) in layers.into_iter().enumerate() {
            let (inputs, outputs) = (layer.inputs(), layer.outputs());
            let first_block = blocks.len();
            let width = outputs.next_multiple_of(lanes);
            let vector = |values: &[f32]| Vector::new(values, width, moments);
            let most = (BLOCK / width).clamp(LINE, BLOCK_INPUTS);
            let shares = if index == 0 && inputs >= SHARED_INPUTS {
                2
            } else {
                1
            };
            let mut groups = Vec::with_capacity(shares);
            for (first, rows, group, number) in places(inputs, most, shares) {
                if number == 0 {
                    groups.push(blocks.len()..blocks.len());
                }
                let zeros = || Panels::zeros(rows, outputs, lanes);
                let mut weights = zeros();
                weights.fill(|row, column| layer.weight[column * inputs + first + row]);
                let mut block = Block {
                    layer: index,
                    first,
                    group,
                    number,
                    sums: Aligned::zeros(weights.values.len()),
                    weights,
                    moments: [0, 1].map(|moment| {
                        if moment < moments {
                            zeros()
                        } else {
                            Panels::zeros(0, outputs, lanes)
                        }
                    }),
                    transposed: (index > 0).then(|| Panels::zeros(outputs, rows, lanes)),
                };
                block.transpose();
                blocks.push(Shared::new(block));
                groups[group].end = blocks.len();
            }
            built.push(Layer {
                inputs,
                outputs,
                width,
                bias: vector(&layer.bias),
                sums: Aligned::zeros(width),
                norm: layer.norm.map(|norm| Norm::new(norm, vector)),
                function: layer.activation,
                slope: match layer.activation {
                    DenseActivation::Prelu { slope } => Some(Vector::new(&[slope], lanes, moments)),
                    _ => None,
                },
                dropout: layer.dropout,
                blocks: first_block..blocks.len(),
                groups,
            });
        }
        Self {
            arch,
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
        let layers = layers.iter().map(|layer| {
            let mut weight = vec![0.0; layer.inputs * layer.outputs];
            for block in &self.blocks[layer.blocks.clone()] {
                let block = block.read();
                block.weights.each_column(|output, numbers| {
                    let row = &mut weight[output * layer.inputs + block.first..];
                    for (weight, number) in row.iter_mut().zip(numbers) {
                        *weight = number;
                    }
                });
            }
            DenseLayer {
                weight,
                bias: layer.bias.numbers().to_vec(),
                norm: layer.norm.as_ref().map(Norm::export),
                activation: layer.activation(),
                dropout: layer.dropout,
            }
        });
        layers.collect()
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

    /// One step along the gradients of all that is no weight, from the pieces in their order.
    pub(super) fn update(
        &mut self,
        arch: Arch,
        rule: &Rule,
        index: usize,
        pieces: &[Shared<Piece>],
    ) {
        self.sums.fill(0.0);
        let mut slope_gradient = 0.0;
        for piece in pieces {
            let values = &piece.read().layers[index];
            add(&mut self.sums, &values.bias);
            slope_gradient += values.slope;
        }
        self.bias.update(arch, rule, &self.sums);
        if let Some(slope) = &mut self.slope {
            self.sums.fill(0.0);
            self.sums[0] = slope_gradient;
            slope.update(arch, rule, &self.sums);
        }
        if let Some(norm) = &mut self.norm {
            norm.shift.update(arch, rule, &norm.gradients.sums);
            norm.scale.update(arch, rule, &norm.gradients.products);
        }
    }
}

impl Block {
    /// Brings the transposed weights up to date.
    pub(super) fn transpose(&mut self) {
        if let Some(transposed) = &mut self.transposed {
            self.weights.transpose_into(transposed);
        }
    }
}

/// One step of a vector, which no penalty applies to.
struct Update<'a> {
    rule: &'a Rule,
    vector: &'a mut Vector,
    gradients: &'a [f32],
}

impl WithSimd for Update<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (values, _) = S::as_mut_simd_f32s(&mut self.vector.values);
        let [first, second] = &mut self.vector.moments;
        let moments = [S::as_mut_simd_f32s(first).0, S::as_mut_simd_f32s(second).0];
        let (gradients, _) = S::as_simd_f32s(self.gradients);
        self.rule.update(simd, values, moments, gradients, 0.0);
    }
}

impl Vector {
    fn new(values: &[f32], width: usize, moments: usize) -> Self {
        let zeros = |moment| Aligned::zeros(if moment < moments { width } else { 0 });
        Self {
            values: Aligned::padded(values, width),
            moments: [0, 1].map(zeros),
            length: values.len(),
        }
    }

    /// Its numbers without what fills them up.
    pub(super) fn numbers(&self) -> &[f32] {
        &self.values[..self.length]
    }

    pub(super) fn update(&mut self, arch: Arch, rule: &Rule, gradients: &[f32]) {
        arch.dispatch(Update {
            rule,
            vector: self,
            gradients,
        });
    }
}
