//! Some inputs of some examples, on their way into the first layer.
//!
//! Threads share the first layer by its inputs: a strip's pixels and the weights that they meet stay with the core
//! that a strip was given to, here and in the update, and only sums of the size of the layer's outputs go from
//! one core to another.

use super::ahead::{Ahead, Rows};
use super::aligned::Aligned;
use super::inputs::Inputs;
use super::net::Layer;
use super::nonzero::Nonzero;
use super::panels::LINE;
use super::piece::Pass;
use super::product::{Product, Start};
use super::share::BLOCK_INPUTS;
use super::write::Write;

/// The most examples in a strip: its numbers stay close to the core beside the weights of a block.
pub(super) const STRIP: usize = 32;

/// Inputs of examples `first`, `first + 1`, … of a batch, which meet one group of the first layer's blocks.
#[derive(Clone, Debug)]
pub(super) struct Strip {
    pub(super) group: usize,
    pub(super) first: usize,
    pub(super) count: usize,
    /// For each block of the group, shape [examples, inputs of the block], and after that as much as a block may have.
    x: Vec<Aligned>,
    /// Which of them are other than zero; none where no product leaves zeros out.
    nonzero: Vec<Nonzero>,
    /// What the group adds to z, shape [examples, width of the layer].
    pub(super) z: Aligned,
}

impl Strip {
    pub(super) fn new(layer: &Layer, group: usize) -> Self {
        Self {
            group,
            first: 0,
            count: 0,
            x: Vec::new(),
            nonzero: Vec::new(),
            z: Aligned::zeros(STRIP * layer.width),
        }
    }

    /// Reads the inputs and multiplies them by their weights; strip number `next` likely comes after.
    pub(super) fn run(&mut self, pass: &Pass<'_>, next: Option<usize>) {
        let layer = &pass.layers[0];
        let Self { first, count, .. } = *self;
        let blocks = layer.groups[self.group].clone();
        let vectors = pass.blocks.get(blocks.start).weights.vectors();
        if self.x.is_empty() {
            let depths = blocks
                .clone()
                .map(|block| pass.blocks.get(block).weights.rows());
            // A tile of a single vector would wait for its additions whatever it leaves out.
            if vectors > 1 {
                self.nonzero = depths.clone().map(Nonzero::new).collect();
            }
            self.x = depths
                .map(|depth| Aligned::zeros(STRIP * apart(depth) + BLOCK_INPUTS))
                .collect();
        }
        if let Some(rows) = rows(pass, self.group, first) {
            // To read row by row would take longer, and what was asked for before is here.
            rows.ask();
        }
        let ahead = next
            .map(|next| place(next, layer.groups.len()))
            .and_then(|(group, first)| rows(pass, group, first))
            .map(|rows| Ahead::new(rows, count * vectors * blocks.len()));
        // Block by block: what was written is in the nearest cache when it is multiplied.
        for (number, (block, x)) in blocks.zip(&mut self.x).enumerate() {
            let block = pass.blocks.get(block);
            pass.arch.dispatch(Write {
                from: pass.inputs,
                inputs: layer.inputs,
                examples: [first, count],
                columns: block.place.inputs.clone(),
                to: x,
                stride: apart(block.weights.rows()),
                nonzero: self.nonzero.get_mut(number),
            });
            pass.arch.dispatch(Product {
                left: x,
                stride: apart(block.weights.rows()),
                rows: count,
                right: &block.weights,
                start: match (number, self.group) {
                    (0, 0) => Start::Row(&layer.bias.values),
                    (0, _) => Start::Zero,
                    _ => Start::Output,
                },
                output: &mut self.z,
                output_stride: layer.width,
                nonzero: self
                    .nonzero
                    .get(number)
                    .filter(|nonzero| nonzero.for_product),
                ahead: ahead.as_ref(),
            });
        }
    }

    /// The inputs that meet block number `block` of the group, of the examples from number `first` of the batch on,
    /// and how far apart the rows are. More numbers follow on the last example.
    pub(super) fn inputs(&self, block: usize, first: usize) -> (&[f32], usize) {
        let x = &self.x[block];
        let stride = (x.len() - BLOCK_INPUTS) / STRIP;
        (&x[(first - self.first) * stride..], stride)
    }

    /// Which inputs that meet block number `block` of the group are other than zero, where anyone may ask.
    pub(super) fn nonzero(&self, block: usize) -> Option<&Nonzero> {
        self.nonzero.get(block)
    }
}

/// How far apart rows of `depth` numbers are: an odd number of lines, so that the same column of many rows has room in
/// a cache, which keeps only a few lines of any one place modulo a power of two.
fn apart(depth: usize) -> usize {
    (depth.div_ceil(LINE) | 1) * LINE
}

/// The group of strip number `number` where the layer has `groups`, and the first of its examples.
pub(super) fn place(number: usize, groups: usize) -> (usize, usize) {
    (number % groups, number / groups * STRIP)
}

/// The rows that a strip of group `group` reads from example number `first` on, if they lie anywhere.
fn rows<'a>(pass: &Pass<'a>, group: usize, first: usize) -> Option<Rows<'a>> {
    let Inputs::Rows(matrix, numbers) = pass.inputs else {
        return None;
    };
    let layer = &pass.layers[0];
    let blocks = &layer.groups[group];
    let inputs = |block| &pass.blocks.get(block).place.inputs;
    Some(Rows {
        matrix,
        stride: layer.inputs,
        numbers: &numbers[first..numbers.len().min(first + STRIP)],
        columns: inputs(blocks.start).start..inputs(blocks.end - 1).end,
    })
}
