//! What the threads of a step read and write, and what an item of each stage is.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::board::Item;
use super::crew::Work;
use super::exit::{self, Exit};
use super::net::{Layer, Net};
use super::norm;
use super::piece::{self, Pass, Piece, Turn};
use super::rule::Rule;
use super::share::by_group;
use super::shared::{Held, Shared};
use super::strip::{self, STRIP, Strip};
use super::{DenseBatch, DenseLoss};
use crate::Error;

/// The network, and a step on it.
#[derive(Clone, Debug)]
pub(super) struct Task {
    pub(super) net: Net,
    pub(super) loss: DenseLoss,
    pub(super) l2: f32,
    pub(super) now: Shared<Now>,
}

/// What stays as it is while threads are at work.
#[derive(Clone, Debug, Default)]
pub(super) struct Now {
    pub(super) batch: DenseBatch,
    pub(super) order: Order,
    /// As many as the largest batch so far took.
    pieces: Vec<Shared<Piece>>,
    /// For every few examples, one for each group of the first layer; as many as the largest batch took.
    strips: Vec<Shared<Strip>>,
    /// For every piece, one for each group of a last layer that is shared by its outputs; likewise.
    exits: Vec<Shared<Exit>>,
}

/// What is to be done now.
#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) stage: Stage,
    /// The examples of the batch.
    pub(super) examples: usize,
    /// The pieces that they make.
    pub(super) pieces: usize,
    pub(super) rule: Rule,
    /// Where the masks of the first dropout begin.
    pub(super) generator: ChaCha8Rng,
}

/// What an item is.
#[derive(Clone, Copy, Debug)]
pub(super) enum Stage {
    /// A strip on its way into the first layer.
    Enter,
    /// The turn of a piece.
    Turn(Turn),
    /// Some outputs of a piece, on their way out of the last layer.
    Leave,
    /// The update of a block of weights, or what all else needs for its own.
    Update,
}

/// How many items there are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Items {
    strips: usize,
    pub(super) pieces: usize,
    exits: usize,
    updates: usize,
}

impl Items {
    pub(super) fn of(&self, stage: Stage) -> usize {
        match stage {
            Stage::Enter => self.strips,
            Stage::Turn(_) => self.pieces,
            Stage::Leave => self.exits,
            Stage::Update => self.updates,
        }
    }

    /// The most of a stage.
    pub(super) fn most(&self) -> usize {
        self.strips
            .max(self.pieces)
            .max(self.exits)
            .max(self.updates)
    }
}

/// The stages of a step: a turn of the pieces more than twice the normalisations, and another where there are exits.
pub(super) fn stages(layers: &[Layer]) -> Vec<Stage> {
    let norms = layers.iter().enumerate();
    let norms = norms.filter_map(|(index, layer)| layer.norm.as_ref().map(|_| index));
    let forward = norms.clone().map(Turn::Forward).map(Stage::Turn);
    let back = norms.rev().map(Turn::Back).map(Stage::Turn);
    let leave: &[Stage] = if exit::groups(layers) > 0 {
        &[Stage::Leave, Stage::Turn(Turn::Return)]
    } else {
        &[]
    };
    [Stage::Enter, Stage::Turn(Turn::Begin)]
        .into_iter()
        .chain(forward)
        .chain(leave.iter().copied())
        .chain(back)
        .chain([Stage::Update])
        .collect()
}

impl Default for Order {
    fn default() -> Self {
        Self {
            stage: Stage::Update,
            examples: 0,
            pieces: 0,
            rule: Rule::Descent { rate: 0.0 },
            generator: ChaCha8Rng::from_seed(Default::default()),
        }
    }
}

impl Task {
    /// The number of examples in the batch, after checking that it is one for this network.
    pub(super) fn check(&self) -> Result<usize, Error> {
        let batch = &self.now.read().batch;
        let (inputs, outputs) = self.net.ends();
        let count = batch.inputs.count(inputs)?;
        self.loss
            .check_targets(&batch.targets, inputs, [count, outputs])?;
        Ok(count)
    }

    /// Cuts a batch of `examples` into strips, pieces and exits, and returns how many items that makes.
    pub(super) fn cut(&self, examples: usize) -> Items {
        let layers = self.net.layers.read();
        let groups = layers[0].groups.len();
        let strips = examples.div_ceil(STRIP) * groups;
        let size = piece::size(examples);
        let pieces = examples.div_ceil(size);
        let ways = exit::groups(&layers);
        let items = Items {
            strips,
            pieces,
            exits: pieces * ways,
            updates: self.net.updates.len(),
        };
        let now = &mut *self.now.write();
        if now.order.examples == examples {
            // Cut like the last one. What is not written to need not be fetched from the core that had it.
            return items;
        }
        for index in 0..strips {
            let (group, first) = strip::place(index, groups);
            if index == now.strips.len() {
                let strip = Strip::new(&layers[0], group);
                now.strips.push(Shared::new(strip));
            }
            let strip = now.strips[index].get_mut();
            strip.first = first;
            strip.count = STRIP.min(examples - strip.first);
        }
        for index in 0..pieces {
            if index == now.pieces.len() {
                now.pieces.push(Shared::new(Piece::new(&layers)));
            }
            let piece = now.pieces[index].get_mut();
            piece.first = index * size;
            piece.count = size.min(examples - piece.first);
        }
        for index in now.exits.len()..items.exits {
            let exit = Exit::new(&self.net, index % ways);
            now.exits.push(Shared::new(exit));
        }
        items
    }

    /// Puts together what the pieces have found out before a turn of theirs.
    pub(super) fn combine(&self, turn: Turn) {
        let now = self.now.read();
        let pieces = &now.pieces[..now.order.pieces];
        norm::combine(self.net.arch, &self.net.layers, pieces, turn);
    }

    /// Updates all that is no weight, and returns the loss.
    pub(super) fn finish(&self) -> f64 {
        let order = &self.now.read().order;
        let totals = self.net.totals.read();
        let mut layers = self.net.layers.write();
        for (layer, totals) in layers.iter_mut().zip(&totals.layers) {
            layer.update(self.net.arch, &order.rule, totals);
        }
        totals.loss / order.examples as f64
    }
}

impl Work for Task {
    /// Not inlined: with a copy in each of its callers the compiler no longer inlines what is called for
    /// every vector, and the step takes twice as long.
    #[inline(never)]
    fn visit(&self, next: &mut dyn FnMut() -> Option<Item>) {
        let (now, layers) = (self.now.read(), self.net.layers.read());
        let Now {
            batch,
            order,
            pieces,
            strips,
            exits,
        } = &*now;
        let pieces = &pieces[..order.pieces];
        let pass = Pass {
            arch: self.net.arch,
            layers: &layers,
            blocks: Held::new(&self.net.blocks),
            strips: Held::new(strips),
            exits: Held::new(exits),
            inputs: batch.inputs.view(),
            targets: batch.targets.view(self.loss),
            examples: order.examples,
            generator: &order.generator,
        };
        let held = Held::new(pieces);
        while let Some(Item { number: item, next }) = next() {
            match order.stage {
                Stage::Enter => {
                    let each = order.examples.div_ceil(STRIP);
                    let strip = |item| by_group(item, each, layers[0].groups.len()).0;
                    strips[strip(item)].write().run(&pass, next.map(strip));
                }
                Stage::Turn(turn) => pieces[item].write().run(&pass, turn),
                Stage::Leave => {
                    let (number, piece) = by_group(item, pieces.len(), exit::groups(&layers));
                    exits[number].write().run(&pass, held.get(piece));
                }
                Stage::Update => {
                    let Some(block) = self.net.updates[item] else {
                        self.net.totals.write().add_up(self.net.arch, &held);
                        continue;
                    };
                    let mut block = self.net.blocks[block].write();
                    block.update(&pass, &held, &order.rule, self.l2);
                }
            }
        }
    }
}
