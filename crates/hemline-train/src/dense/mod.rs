//! The fast step: dense layers, their loss and their optimizer, computed on the cores of the host.
//!
//! [`BurnStep`](crate::BurnStep) computes the same by reverse-mode differentiation for any module on
//! any device; each of its operations passes over the memory by itself and asks for memory anew. Here a
//! step has two parts. Pieces of the batch go forward and back, each by itself but for the statistics of
//! a batch normalisation; then blocks of the weights are updated, each with gradients that never leave the
//! registers. All memory is there before the first step of a size.
//!
//! Every sum runs over its terms in an order that the sizes of the batch and the layers fix, so any number
//! of threads gives the same bits.

mod activation;
mod aligned;
mod block;
mod columns;
mod crew;
mod gradient;
mod inputs;
mod layer;
mod loss;
mod math;
mod net;
mod norm;
mod pace;
mod panels;
mod piece;
mod product;
mod rule;
mod shared;
mod state;
mod through_layer;

use std::time::Instant;

use rand_chacha::ChaCha8Rng;

pub use activation::DenseActivation;
pub use inputs::DenseInputs;
pub use layer::{DenseLayer, DenseNorm};
pub use loss::{DenseLoss, DenseTargets};

use crate::schedule::check;
use crate::{Error, OptimizerConfig, Step, StepContext};
use crew::with_helpers;
use net::Net;
use pace::Pace;
use piece::{Pass, Piece, Turn};
use rule::Rule;
use shared::Shared;

/// The fewest examples times weights of a step that is shared between threads.
const SHARED: usize = 1 << 18;

/// The examples of a minibatch on the host.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DenseBatch {
    /// What goes into the first layer.
    pub inputs: DenseInputs,
    /// What the outputs should be.
    pub targets: DenseTargets,
}

/// One optimizer step on the loss of a sequence of dense layers.
///
/// With h⁽⁰⁾ = x and h⁽ˡ⁾ = f(norm(h⁽ˡ⁻¹⁾Wᵀ + b)) for each [`DenseLayer`], the loss is a [`DenseLoss`] of
/// the last h. `prepare` writes what the loop hands over into a [`DenseBatch`] that still holds the last
/// one, so that its memory can be used again; its generator is for noise on the inputs, and draws the masks
/// of the dropout afterwards.
///
/// ```
/// use hemline_train::{
///     DenseActivation, DenseBatch, DenseInputs, DenseLayer, DenseLoss, DenseStep, DenseTargets, FitConfig,
///     OptimizerConfig, fit,
/// };
///
/// let layer = DenseLayer::new(vec![0.0], vec![0.0], DenseActivation::Identity);
/// let prepare = |x: f32, _: &mut _, batch: &mut DenseBatch| {
///     batch.inputs = DenseInputs::Values(vec![x]);
///     batch.targets = DenseTargets::Values(vec![2.0 * x + 1.0]);
///     Ok(())
/// };
/// let (loss, adam) = (DenseLoss::MeanSquaredError, OptimizerConfig::adam());
/// let step = DenseStep::new(vec![layer], loss, &adam, 0.0, prepare)?;
/// let batches = |_: &mut _| vec![0.0, 1.0, 2.0].into_iter();
/// let fitted = fit(step, batches, |_| Ok(None), &FitConfig::new(600, 0.01), &mut ())?;
/// let [line] = &fitted.learner.layers()[..] else { unreachable!() };
/// assert!((line.weight[0] - 2.0).abs() < 0.05 && (line.bias[0] - 1.0).abs() < 0.05);
/// # Ok::<(), hemline_train::Error>(())
/// ```
#[derive(Clone)]
pub struct DenseStep<P> {
    net: Net,
    loss: DenseLoss,
    optimizer: OptimizerConfig,
    l2: f32,
    /// The number of steps so far.
    steps: u64,
    prepare: P,
    batch: DenseBatch,
    pieces: Vec<Shared<Piece>>,
    turns: Vec<Turn>,
    pace: Pace,
}

impl<P> DenseStep<P> {
    /// A step for `layers`, first to last, with an L2 penalty of strength `l2` ≥ 0 on their weights and on
    /// nothing else, as [`BurnStep`](crate::BurnStep) has it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for no layer, for layers whose sizes do not fit together, and for a setting
    /// outside its domain.
    pub fn new<Batch>(
        layers: Vec<DenseLayer>,
        loss: DenseLoss,
        optimizer: &OptimizerConfig,
        l2: f64,
        prepare: P,
    ) -> Result<Self, Error>
    where
        P: Fn(Batch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error>,
    {
        layer::check(&layers)?;
        loss.check()?;
        optimizer.check()?;
        let in_domain = l2 >= 0.0 && l2.is_finite();
        check("l2", "at least 0 and finite", l2, in_domain)?;
        let net = Net::new(layers, Rule::moments(optimizer));
        Ok(Self {
            turns: piece::turns(&net.layers),
            net,
            loss,
            optimizer: *optimizer,
            l2: l2 as f32,
            steps: 0,
            prepare,
            batch: DenseBatch::default(),
            pieces: Vec::new(),
            pace: Pace::default(),
        })
    }

    /// The layers as they are now.
    pub fn layers(&self) -> Vec<DenseLayer> {
        self.net.export()
    }

    /// The number of examples in the batch, after checking that it is one of this network.
    fn count(&self) -> Result<usize, Error> {
        let (inputs, _) = self.net.ends();
        let found = self.batch.inputs.count();
        let count = found / inputs;
        if count > 0 && found == count * inputs {
            return Ok(count);
        }
        Err(Error::Batch {
            expected: format!("n times {inputs} inputs, n at least 1"),
            found: found.to_string(),
        })
    }

    /// Cuts the batch into pieces and returns their number.
    fn cut(&mut self, count: usize) -> usize {
        let size = piece::size(count);
        let used = count.div_ceil(size);
        while self.pieces.len() < used {
            self.pieces.push(Shared::new(Piece::new(&self.net.layers)));
        }
        for (index, piece) in self.pieces[..used].iter_mut().enumerate() {
            let piece = piece.get_mut();
            piece.first = index * size;
            piece.count = size.min(count - piece.first);
        }
        used
    }

    /// Forward, back and one step along the gradients; returns the loss before it.
    fn advance(&mut self, count: usize, rule: &Rule, generator: &ChaCha8Rng) -> Result<f64, Error> {
        let used = self.cut(count);
        let (width, outputs) = self.net.ends();
        let targets = self
            .loss
            .targets(&self.batch.targets, width, [count, outputs])?;
        let inputs = self.batch.inputs.view();
        let most_helpers = if count * self.net.weights() >= SHARED {
            rayon::current_num_threads() - 1
        } else {
            0
        };
        let begin = Instant::now();
        let helpers = if most_helpers > 0 && self.pace.choose() {
            most_helpers
        } else {
            0
        };
        let Net {
            arch,
            layers,
            blocks,
        } = &mut self.net;
        let (arch, blocks, pieces, l2) = (*arch, &**blocks, &self.pieces[..used], self.l2);
        let layers = Shared::new(layers);
        // `None` for the update.
        let turn = Shared::new(Some(Turn::Begin));
        let work = |item: usize| {
            let layers = layers.read();
            match *turn.read() {
                Some(turn) => {
                    let pass = Pass {
                        arch,
                        layers: &layers,
                        blocks,
                        inputs,
                        targets,
                        examples: count,
                        generator,
                    };
                    pieces[item].write().run(&pass, turn);
                }
                None => blocks[item]
                    .write()
                    .update(arch, &layers, pieces, inputs, rule, l2),
            }
        };
        with_helpers(helpers.min(used.max(blocks.len()) - 1), &work, |board| {
            for &now in &self.turns {
                norm::combine(&mut layers.write(), pieces, now);
                *turn.write() = Some(now);
                board.share(used, &work);
            }
            *turn.write() = None;
            board.share(blocks.len(), &work);
        });
        for (index, layer) in self.net.layers.iter_mut().enumerate() {
            layer.update(arch, rule, index, pieces);
        }
        if most_helpers > 0 {
            let seconds = begin.elapsed().as_secs_f64();
            self.pace.learn(seconds / count as f64);
        }
        // In the order of the pieces, whoever computed them.
        let losses = pieces.iter().map(|piece| piece.read().loss);
        Ok(losses.sum::<f64>() / count as f64)
    }
}

impl<Batch, P> Step<Batch> for DenseStep<P>
where
    P: Fn(Batch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error>,
{
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error> {
        (self.prepare)(batch, context.generator, &mut self.batch)?;
        let count = self.count()?;
        let rule = Rule::new(&self.optimizer, self.steps + 1, context.learning_rate);
        let loss = self.advance(count, &rule, context.generator)?;
        self.steps += 1;
        Ok(loss)
    }
}

impl<P> std::fmt::Debug for DenseStep<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DenseStep")
            .field("layers", &self.net.layers.len())
            .field("loss", &self.loss)
            .field("optimizer", &self.optimizer)
            .field("l2", &self.l2)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
