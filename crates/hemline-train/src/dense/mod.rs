//! The fast step: dense layers, their loss and their optimizer, computed on the cores of the host.
//!
//! [`BurnStep`](crate::BurnStep) computes the same by reverse-mode differentiation for any module on
//! any device; each of its operations passes over the memory by itself and asks for memory anew. Here a
//! step has three parts. Strips of the batch enter the first layer; pieces of it go on forward and back, each
//! by itself but for the statistics of a batch normalisation, and leave a wide last layer by exits; then blocks
//! of the weights are updated with gradients that are never written down as a whole. Zeros among the inputs are
//! left out where that is faster. All memory is there before the first step of a size.
//!
//! Every sum runs over its terms in an order that the sizes of the batch and the layers fix, so any number
//! of threads gives the same bits, and so does any processor with fused multiplication and addition.

mod activation;
mod ahead;
mod aligned;
mod block;
mod board;
mod columns;
mod crew;
mod cross_entropy;
mod exit;
mod gradient;
mod input;
mod inputs;
mod layer;
mod loss;
mod math;
mod net;
mod nonzero;
mod norm;
mod pace;
mod panels;
mod piece;
#[cfg(test)]
mod portable;
mod product;
mod rule;
mod share;
mod shared;
mod sparse;
mod state;
mod strip;
mod tail;
mod targets;
mod through_layer;
mod tiles;
mod totals;
mod values;
mod vector;
mod vectorise;
mod work;
mod write;

use std::time::Instant;

use rand_chacha::ChaCha8Rng;

pub use activation::DenseActivation;
pub use inputs::{DenseInputs, DenseRows};
pub use layer::{DenseLayer, DenseNorm};
pub use loss::{DenseLoss, DenseTargets};

use crate::schedule::check;
use crate::{Error, OptimizerConfig, Step, StepContext};
use crew::Crew;
use net::Net;
use pace::Pace;
use rule::Rule;
use shared::Shared;
use work::{Order, Stage, Task};

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
pub struct DenseStep<P> {
    crew: Crew<Task>,
    optimizer: OptimizerConfig,
    /// The number of steps so far.
    steps: u64,
    prepare: P,
    stages: Vec<Stage>,
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
        let net = Net::new(layers, loss, Rule::moments(optimizer));
        let stages = work::stages(&net.layers.read());
        let task = Task {
            net,
            loss,
            l2: l2 as f32,
            now: Shared::default(),
        };
        Ok(Self {
            crew: Crew::new(task),
            optimizer: *optimizer,
            steps: 0,
            prepare,
            stages,
            pace: Pace::default(),
        })
    }

    /// The layers as they are now.
    pub fn layers(&self) -> Vec<DenseLayer> {
        self.crew.work().net.export()
    }

    /// Forward, back and one step along the gradients; returns the loss before it.
    fn advance(&mut self, rule: Rule, generator: &ChaCha8Rng) -> Result<f64, Error> {
        let task = self.crew.work();
        let examples = task.check()?;
        let items = task.cut(examples);
        let most_helpers = if examples * task.net.weights() >= SHARED {
            (rayon::current_num_threads() - 1).min(items.most() - 1)
        } else {
            0
        };
        let begin = Instant::now();
        let helped = most_helpers > 0 && self.pace.choose();
        if helped {
            self.crew.call(most_helpers);
        }
        let mut came = false;
        task.now.write().order = Order {
            examples,
            pieces: items.pieces,
            rule,
            generator: generator.clone(),
            ..Order::default()
        };
        for &stage in &self.stages {
            if let Stage::Turn(turn) = stage {
                task.combine(turn);
            }
            task.now.write().order.stage = stage;
            if helped {
                came |= self.crew.share(items.of(stage));
            } else {
                self.crew.alone(items.of(stage));
            }
        }
        let loss = task.finish();
        if most_helpers > 0 {
            let seconds = begin.elapsed().as_secs_f64();
            self.pace.learn(seconds / examples as f64, came);
        }
        Ok(loss)
    }
}

impl<Batch, P> Step<Batch> for DenseStep<P>
where
    P: Fn(Batch, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error>,
{
    fn step(&mut self, batch: Batch, context: StepContext<'_>) -> Result<f64, Error> {
        let mut now = self.crew.work().now.write();
        (self.prepare)(batch, context.generator, &mut now.batch)?;
        drop(now);
        let rule = Rule::new(&self.optimizer, self.steps + 1, context.learning_rate);
        let loss = self.advance(rule, context.generator)?;
        self.steps += 1;
        Ok(loss)
    }
}

/// Not derived: a copy has a network of its own.
impl<P: Clone> Clone for DenseStep<P> {
    fn clone(&self) -> Self {
        Self {
            crew: Crew::new(self.crew.work().clone()),
            optimizer: self.optimizer,
            steps: self.steps,
            prepare: self.prepare.clone(),
            stages: self.stages.clone(),
            pace: self.pace.clone(),
        }
    }
}

impl<P> std::fmt::Debug for DenseStep<P> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DenseStep")
            .field("layers", &self.crew.work().net.layers.read().len())
            .field("loss", &self.crew.work().loss)
            .field("optimizer", &self.optimizer)
            .field("l2", &self.crew.work().l2)
            .field("steps", &self.steps)
            .finish_non_exhaustive()
    }
}
