//! How threads share a layer, and how its weights are cut into blocks for it.
//!
//! A layer in the middle goes from piece to piece, whoever has them. A first layer of many inputs is shared by
//! these, and a last one of many outputs by those: they have most of the weights, and what is read of each and
//! written, forward, back and in the update, stays with the core that has that half. Only numbers of the size
//! of the narrow layer beside it go from one core to another.

use std::ops::Range;

use super::panels::LINE;
use super::{DenseLayer, DenseLoss};

/// About the number of weights in a block: with its moments and gradients it stays in a core's own cache.
const BLOCK: usize = 1 << 15;
/// The most inputs of a block: one panel of it stays in the cache nearest to the core.
pub(super) const BLOCK_INPUTS: usize = 128;
/// The fewest inputs or outputs that are shared.
const SHARED: usize = 256;
/// The groups that they are shared out to.
const GROUPS: usize = 2;

/// How threads share a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Share {
    /// By examples.
    Pieces,
    /// By its inputs, as strips meet them.
    Inputs,
    /// By its outputs, each group of which leaves by an exit of its own.
    Outputs,
}

/// Some weights of a layer.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) inputs: Range<usize>,
    pub(super) outputs: Range<usize>,
    /// Their group among those of the layer, and their number in the group.
    pub(super) group: usize,
    pub(super) number: usize,
}

/// The number among all strips or exits: the `index`th of those of group `group` of `groups`.
pub(super) fn number(index: usize, group: usize, groups: usize) -> usize {
    index * groups + group
}

/// The number of an item where threads take `each` of the first group, then as many of the next, so that each group
/// stays with the thread that has its weights; and how many of its group come before it.
pub(super) fn by_group(item: usize, each: usize, groups: usize) -> (usize, usize) {
    let index = item % each;
    (number(index, item / each, groups), index)
}

impl Share {
    /// How layer number `index` of `layers` is shared. It hangs on the sizes and the loss alone, since sums begin
    /// and end with groups.
    pub(super) fn of(index: usize, layers: &[DenseLayer], loss: DenseLoss) -> Self {
        let layer = &layers[index];
        // Others need all outputs of an example, or all examples, or draw for one output after the other.
        let apart =
            loss == DenseLoss::MeanSquaredError && layer.norm.is_none() && layer.dropout == 0.0;
        if index == 0 && layer.inputs() >= SHARED {
            Self::Inputs
        } else if index > 0 && index == layers.len() - 1 && apart && layer.outputs() >= SHARED {
            Self::Outputs
        } else {
            Self::Pieces
        }
    }

    /// The blocks of a layer of `inputs` times `outputs` weights, group after group. Where they begin and end
    /// hangs on the layer alone and not on the processor.
    pub(super) fn places(self, inputs: usize, outputs: usize) -> Vec<Place> {
        match self {
            Self::Pieces | Self::Inputs => {
                let groups = if self == Self::Inputs { GROUPS } else { 1 };
                let most = (BLOCK / outputs.next_multiple_of(LINE)).clamp(LINE, BLOCK_INPUTS);
                let cuts = cut(inputs, most, groups);
                let place = |(inputs, group, number)| Place {
                    inputs,
                    outputs: 0..outputs,
                    group,
                    number,
                };
                cuts.map(place).collect()
            }
            Self::Outputs => {
                let rows: Vec<_> = cut(inputs, BLOCK_INPUTS, 1).collect();
                let most = BLOCK / BLOCK_INPUTS.min(inputs.next_multiple_of(LINE));
                let cuts = cut(outputs, most, GROUPS);
                // All inputs of some outputs before the next ones.
                let blocks = cuts.flat_map(|(outputs, group, column)| {
                    let rows = rows
                        .iter()
                        .map(move |(inputs, _, row)| (inputs.clone(), *row));
                    let count = column * rows.len();
                    rows.map(move |(inputs, row)| Place {
                        inputs,
                        outputs: outputs.clone(),
                        group,
                        number: count + row,
                    })
                });
                blocks.collect()
            }
        }
    }
}

/// `length` numbers shared out to `groups`, and each group cut into ranges of one size of at most `most`, the last
/// perhaps less: these, the group, and the number in it.
fn cut(
    length: usize,
    most: usize,
    groups: usize,
) -> impl Iterator<Item = (Range<usize>, usize, usize)> {
    let share = length.div_ceil(groups).next_multiple_of(LINE);
    let groups = (0..length).step_by(share).enumerate();
    groups.flat_map(move |(group, first)| {
        let end = length.min(first + share);
        let length = end - first;
        let size = length
            .div_ceil(length.div_ceil(most))
            .next_multiple_of(LINE);
        let ranges = (first..end).step_by(size).enumerate();
        ranges.map(move |(number, first)| (first..end.min(first + size), group, number))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_every_weight_once() {
        for share in [Share::Pieces, Share::Inputs, Share::Outputs] {
            for (inputs, outputs) in [
                (1, 1),
                (784, 50),
                (50, 10),
                (128, 784),
                (300, 257),
                (20, 1001),
            ] {
                let mut seen = vec![0; inputs * outputs];
                let places = share.places(inputs, outputs);
                for place in &places {
                    assert!(place.inputs.len() <= BLOCK_INPUTS);
                    for input in place.inputs.clone() {
                        for output in place.outputs.clone() {
                            seen[input * outputs + output] += 1;
                        }
                    }
                }
                assert!(
                    seen.iter().all(|&times| times == 1),
                    "{share:?} {inputs} {outputs}"
                );
                let begins = places.windows(2).filter(|pair| pair[1].number == 0);
                assert_eq!(begins.count(), places[places.len() - 1].group);
                let next = places
                    .windows(2)
                    .filter(|pair| pair[1].number == pair[0].number + 1);
                assert_eq!(
                    next.count(),
                    places.len() - 1 - places[places.len() - 1].group
                );
            }
        }
    }
}
