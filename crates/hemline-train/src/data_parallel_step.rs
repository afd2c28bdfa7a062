//! The step over several devices: one shard of the minibatch on each, one update for all.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;

use crate::error::panic_message;
use crate::schedule::check;
use crate::shard::{Shared, count_examples};
use crate::{BurnStep, Error, Reduction, Shard, Snapshot, Step, StepContext};

/// A [`BurnStep`] whose minibatches are shared between devices: synchronous data parallelism.
///
/// The gradient and the loss of the minibatch are put together from those of its shards,
///
/// > g = Σ_k (n_k/n) g_k,  ℓ = Σ_k (n_k/n) ℓ_k,
///
/// and the optimizer takes one step along g. For a loss that is a mean over independent examples they
/// are those of the whole minibatch, up to rounding.
///
/// # Symbols
///
/// - n_k ≥ 1: the examples in shard k, [`Shard::examples`]; n = Σ_k n_k.
/// - ℓ_k: the loss of shard k, a tensor of shape \[1\] and the *mean* over the shard; g_k: its gradient,
///   in the shapes of the parameters.
///
/// # How it is computed
///
/// The first device is the main one: it holds the module and the optimizer. A minibatch is a `Vec` of
/// shards, the k-th on the k-th device. Every shard but the first is given a copy of the module on its
/// device and a thread, for this step alone; the main device's shard is computed by the module itself,
/// on the calling thread. The gradients come to the main device and are added up there in the order of
/// the shards, so that the bits do not depend on which thread is done first; or, where the devices have
/// collective operations, they exchange the gradients themselves ([`Reduction`]). A short minibatch may have
/// fewer shards than there are devices, and the rest of the devices then wait. The threads are not of
/// the rayon pool that the call may come from.
///
/// Every shard has a generator of its own: the first the step's, the others one that is seeded from it,
/// in the order of the shards. One shard therefore computes what [`BurnStep`] computes, to the bit.
///
/// # Batch normalisation
///
/// A layer that looks at the whole batch sees its shard only: the shards of a batch normalisation are
/// normalised each by its own mean and variance, and g is not the gradient of the whole minibatch. Its
/// running statistics are those of the main device's shards. PyTorch's `DataParallel` and, with
/// `broadcast_buffers`, `DistributedDataParallel` do the same.
///
/// # Source
///
/// Goyal et al., *Accurate, Large Minibatch SGD: Training ImageNet in 1 Hour*, 2017, section 3; by its
/// remark 3 a shard's summed loss is divided by n, as n_k ℓ_k is here.
///
/// # Example
///
/// A straight line, fitted to five points by two devices, which here are the same one:
///
/// ```
/// use burn::module::{Module, Param};
/// use burn::tensor::{Device, Tensor, TensorData};
/// use hemline_train::{BurnStep, DataParallelStep, FitConfig, OptimizerConfig, Shard, fit};
///
/// #[derive(Module, Debug)]
/// struct Line {
///     weight: Param<Tensor<2>>,
///     bias: Param<Tensor<1>>,
/// }
///
/// let devices = vec![Device::flex().autodiff(); 2];
/// let line = Line {
///     weight: Param::from_data([[0.0]], &devices[0]),
///     bias: Param::from_data([0.0], &devices[0]),
/// };
/// let step = BurnStep::new(line, &OptimizerConfig::sgd(0.9), 0.0, |line: &Line, (x, y), _| {
///     let predicted = x * line.weight.val() + line.bias.val().unsqueeze();
///     let residual: Tensor<2> = predicted - y;
///     residual.powi_scalar(2).mean()
/// });
/// let learner = DataParallelStep::new(step, devices.clone())?;
///
/// // y = 2x + 1 at five points: three on the first device, two on the second.
/// let batches = |_: &mut _| {
///     let shards = [0.0, 1.0, 2.0, 3.0, 4.0].chunks(3).zip(&devices).map(|(x, device)| {
///         let column = |values: Vec<f32>| {
///             let shape = [values.len(), 1];
///             Tensor::<2>::from_data(TensorData::new(values, shape), device)
///         };
///         let y = x.iter().map(|x| 2.0 * x + 1.0).collect();
///         Shard { batch: (column(x.to_vec()), column(y)), examples: x.len() }
///     });
///     vec![shards.collect::<Vec<_>>()].into_iter()
/// };
/// let fitted = fit(learner, batches, |_| Ok(None), &FitConfig::new(200, 0.02), &mut ())?;
/// assert!(fitted.history.last_losses(1)[0].loss < 1e-3);
/// # Ok::<(), hemline_train::Error>(())
/// ```
#[derive(Clone)]
pub struct DataParallelStep<M, L> {
    step: BurnStep<M, L>,
    /// The main device and then the others; never empty.
    devices: Vec<Device>,
    reduction: Reduction,
}

impl<M: Module, L> DataParallelStep<M, L> {
    /// Lets `step` share its minibatches between `devices`, of which the first must be the one that its
    /// module lives on. A device may stand there more than once.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] where there is no device, or the module lives on another than the first.
    pub fn new(step: BurnStep<M, L>, devices: Vec<Device>) -> Result<Self, Error> {
        let led_by_main = devices
            .first()
            .is_some_and(|main| step.module().devices().iter().all(|device| device == main));
        check(
            "devices",
            "a list that begins with the device of the module",
            format!("{devices:?}"),
            led_by_main,
        )?;
        let reduction = Reduction::of(&devices);
        Ok(Self {
            step,
            devices,
            reduction,
        })
    }

    /// Adds gradients up by burn's accumulator, on devices with collectives too.
    #[must_use]
    pub fn by_accumulator(self) -> Self {
        Self {
            reduction: Reduction::Accumulator,
            ..self
        }
    }

    /// The way in which gradients are added up: [`Reduction::Collective`] where the devices can exchange
    /// them, which [`DataParallelStep::new`] has tried.
    pub fn reduction(&self) -> Reduction {
        self.reduction
    }

    /// A copy of the module for evaluation, as [`BurnStep::valid`] gives it.
    pub fn valid(&self) -> M {
        self.step.valid()
    }

    /// The module in training, on the main device.
    pub fn module(&self) -> &M {
        self.step.module()
    }
}

impl<M: std::fmt::Debug, L> std::fmt::Debug for DataParallelStep<M, L> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("DataParallelStep")
            .field("step", &self.step)
            .field("devices", &self.devices)
            .field("reduction", &self.reduction)
            .finish()
    }
}

/// # Errors
///
/// [`Error::Batch`] for no shard, more shards than devices, or a shard without an example;
/// [`Error::Device`] where a shard's loss cannot be read, as on a lost device, or a collective fails; [`Error::Shard`] where the
/// loss closure panics, or burn does, or a thread cannot be started. Of several the first shard's is
/// returned. The parameters are then as they were.
impl<Batch, M, L> Step<Vec<Shard<Batch>>> for DataParallelStep<M, L>
where
    Batch: Send,
    M: Module,
    L: Fn(&M, Batch, &mut ChaCha8Rng) -> Tensor<1> + Sync,
{
    fn step(&mut self, shards: Vec<Shard<Batch>>, context: StepContext<'_>) -> Result<f64, Error> {
        let shared = &Shared {
            loss: self.step.loss(),
            main: &self.devices[0],
            reduction: self.reduction,
            examples: count_examples(&shards, self.devices.len())?,
        };
        let module = self.step.module();
        let generator = context.generator;
        let parts = thread::scope(|scope| {
            let mut shards = shards.into_iter();
            let first = shards.next();
            let threads: Vec<_> = shards
                .zip(&self.devices[1..])
                .map(|(shard, device)| {
                    let replica = self.step.detached();
                    let mut generator = ChaCha8Rng::from_rng(generator);
                    let part = move || shared.part(&replica.fork(device), shard, &mut generator);
                    thread::Builder::new().spawn_scoped(scope, part)
                })
                .collect();
            // Caught here as well, so that it does not matter which shard the closure panics on.
            let first = first.map(|shard| {
                let part = || shared.part(module, shard, generator);
                Ok(catch_unwind(AssertUnwindSafe(part)))
            });
            let others = threads
                .into_iter()
                .map(|thread| thread.map(thread::ScopedJoinHandle::join));
            first.into_iter().chain(others).collect::<Vec<_>>()
        });

        let mut loss = 0.0;
        let mut gradients = Vec::with_capacity(parts.len());
        for (shard, part) in parts.into_iter().enumerate() {
            let failed = |message| Error::Shard { shard, message };
            let part = part
                .map_err(|error| failed(format!("its thread could not be started: {error}")))?
                .map_err(|payload| failed(format!("panicked: {}", panic_message(&*payload))))??;
            loss += part.loss;
            gradients.push(part.gradients);
        }
        let module = self.step.module();
        let sum = self.reduction.sum(module, gradients, shared.main)?;
        self.step.update(context.learning_rate, sum);
        Ok(loss)
    }
}

impl<M: Module, L> Snapshot for DataParallelStep<M, L> {
    fn snapshot(&self) -> Result<Vec<u8>, Error> {
        self.step.snapshot()
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        self.step.restore(state)
    }
}
