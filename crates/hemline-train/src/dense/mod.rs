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
mod gradient;
mod inputs;
mod layer;
mod loss;
mod math;
mod net;
mod norm;
mod panels;
mod piece;
mod product;
mod rule;
mod state;
mod through_layer;

use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

pub use activation::DenseActivation;
pub use inputs::DenseInputs;
pub use layer::{DenseLayer, DenseNorm};
pub use loss::{DenseLoss, DenseTargets};

use crate::schedule::check;
use crate::{Error, OptimizerConfig, Step, StepContext};
use net::Net;
use norm::add_up;
use piece::{PIECE, Pass, Piece, Turn};
use rule::Rule;

/// The fewest multiplications of a part of a step that are shared between threads. To wake a thread costs
/// as much as some hundred thousand of them.
const SHARED: usize = 1 << 20;

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
    pieces: Vec<Piece>,
    turns: Vec<Turn>,
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
            turns: piece::turns(&net),
            net,
            loss,
            optimizer: *optimizer,
            l2: l2 as f32,
            steps: 0,
            prepare,
            batch: DenseBatch::default(),
            pieces: Vec::new(),
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

    /// Forward and back: the loss, and in the pieces all that the gradients are made of.
    fn pass(&mut self, count: usize, generator: &ChaCha8Rng) -> Result<f64, Error> {
        let (width, outputs) = self.net.ends();
        let inputs = self.batch.inputs.view();
        let targets = self
            .loss
            .targets(&self.batch.targets, width, [count, outputs])?;
        let used = count.div_ceil(PIECE);
        while self.pieces.len() < used {
            self.pieces.push(Piece::new(&self.net));
        }
        let pieces = &mut self.pieces[..used];
        for (index, piece) in pieces.iter_mut().enumerate() {
            piece.first = index * PIECE;
            piece.count = PIECE.min(count - piece.first);
        }
        let work = count * self.net.weights();
        for &turn in &self.turns {
            match turn {
                Turn::Begin => {}
                Turn::Forward(layer) => {
                    if let Some(norm) = &mut self.net.layers[layer].norm {
                        norm.combine(
                            pieces
                                .iter()
                                .map(|piece| (&piece.layers[layer].partial, piece.count)),
                        );
                    }
                }
                Turn::Back(layer) => {
                    if let Some(norm) = &mut self.net.layers[layer].norm {
                        norm.combine_gradients(
                            pieces.iter().map(|piece| &piece.layers[layer].partial),
                        );
                    }
                }
            }
            let pass = Pass {
                net: &self.net,
                inputs,
                targets,
                examples: count,
                generator,
            };
            for_each(pieces, work / self.turns.len(), |piece| {
                piece.run(&pass, turn)
            });
        }
        // In the order of the pieces, whoever computed them.
        Ok(pieces.iter().map(|piece| piece.loss).sum::<f64>() / count as f64)
    }

    /// One step along the gradients.
    fn update(&mut self, count: usize, rule: &Rule) {
        let Self {
            net,
            pieces,
            batch,
            l2,
            ..
        } = self;
        let pieces = &pieces[..count.div_ceil(PIECE)];
        let work = count * net.weights();
        let (arch, layers) = (net.arch, &net.layers);
        for_each(&mut net.blocks, work, |block| {
            block.update(arch, layers, pieces, batch.inputs.view(), rule, *l2);
        });
        for (index, layer) in net.layers.iter_mut().enumerate() {
            let sums = &mut layer.sums;
            add_up(sums, pieces.iter().map(|piece| &piece.layers[index].bias));
            layer.bias.update(arch, rule, sums);
            if let Some(slope) = &mut layer.slope {
                sums.fill(0.0);
                sums[0] = pieces.iter().map(|piece| piece.layers[index].slope).sum();
                slope.update(arch, rule, sums);
            }
            if let Some(norm) = &mut layer.norm {
                norm.shift.update(arch, rule, &norm.gradients.sums);
                norm.scale.update(arch, rule, &norm.gradients.products);
            }
        }
    }
}

impl<Batch, P> Step<Batch> for DenseStep<P>
where
    P: Fn(Batch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error>,
{
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error> {
        (self.prepare)(batch, context.generator, &mut self.batch)?;
        let count = self.count()?;
        let loss = self.pass(count, context.generator)?;
        self.steps += 1;
        let rule = Rule::new(&self.optimizer, self.steps, context.learning_rate);
        self.update(count, &rule);
        Ok(loss)
    }
}

/// Calls `f` for each of `items`, on the threads of the pool where `work` multiplications are worth it.
fn for_each<T: Send>(items: &mut [T], work: usize, f: impl Fn(&mut T) + Sync + Send) {
    if items.len() > 1 && work >= SHARED && rayon::current_num_threads() > 1 {
        items.par_iter_mut().for_each(f);
    } else {
        items.iter_mut().for_each(f);
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
