//! What the threads of a step read and write, and what an item of each stage is.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use super::crew::Work;
use super::net::Net;
use super::norm;
use super::piece::{self, Pass, Piece, Turn};
use super::rule::Rule;
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
    /// The update of a block of weights.
    Update,
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

    /// Cuts a batch of `examples` into strips and pieces and returns their numbers.
    pub(super) fn cut(&self, examples: usize) -> [usize; 2] {
        let layers = self.net.layers.read();
        let groups = layers[0].groups.len();
        let strips = examples.div_ceil(STRIP) * groups;
        let size = piece::size(examples);
        let pieces = examples.div_ceil(size);
        let now = &mut *self.now.write();
        if now.order.examples == examples {
            // Cut like the last one. What is not written to need not be fetched from the core that had it.
            return [strips, pieces];
        }
        for index in 0..strips {
            if index == now.strips.len() {
                let strip = Strip::new(&layers[0], index % groups);
                now.strips.push(Shared::new(strip));
            }
            let strip = now.strips[index].get_mut();
            strip.first = index / groups * STRIP;
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
        [strips, pieces]
    }

    /// Puts together what the pieces have found out before a turn of theirs.
    pub(super) fn combine(&self, turn: Turn) {
        let now = self.now.read();
        let pieces = &now.pieces[..now.order.pieces];
        norm::combine(&mut self.net.layers.write(), pieces, turn);
    }

    /// Updates all that is no weight, and returns the loss.
    pub(super) fn finish(&self) -> f64 {
        let Now { order, pieces, .. } = &*self.now.read();
        let pieces = &pieces[..order.pieces];
        for (index, layer) in self.net.layers.write().iter_mut().enumerate() {
            layer.update(self.net.arch, &order.rule, index, pieces);
        }
        // In the order of the pieces, whoever computed them.
        let losses = pieces.iter().map(|piece| piece.read().loss);
        losses.sum::<f64>() / order.examples as f64
    }
}

impl Work for Task {
    /// Not inlined: with a copy in each of its callers the compiler no longer inlines what is called for
    /// every vector, and the step takes twice as long.
    #[inline(never)]
    fn visit(&self, next: &mut dyn FnMut() -> Option<usize>) {
        let (now, layers) = (self.now.read(), self.net.layers.read());
        let Now {
            batch,
            order,
            pieces,
            strips,
            ..
        } = &*now;
        let pieces = &pieces[..order.pieces];
        let pass = Pass {
            arch: self.net.arch,
            layers: &layers,
            blocks: Held::new(&self.net.blocks),
            strips: Held::new(strips),
            inputs: batch.inputs.view(),
            targets: batch.targets.view(self.loss),
            examples: order.examples,
            generator: &order.generator,
        };
        let held = Held::new(pieces);
        while let Some(item) = next() {
            match order.stage {
                Stage::Enter => {
                    // Group after group, so that each stays with the thread that has its weights.
                    let groups = layers[0].groups.len();
                    let each = order.examples.div_ceil(STRIP);
                    let number = strip::number(item % each, item / each, groups);
                    strips[number].write().run(&pass);
                }
                Stage::Turn(turn) => pieces[item].write().run(&pass, turn),
                Stage::Update => {
                    let mut block = self.net.blocks[self.net.updates[item]].write();
                    block.update(&pass, &held, &order.rule, self.l2);
                }
            }
        }
    }
}
