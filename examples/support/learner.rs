//! What the training loop drives: the fast step, or burn's differentiation.

use anyhow::Context;
use burn::module::Module;
use burn::tensor::Device;
use clap::ValueEnum;
use hemline_models::Activation;
use hemline_train::{BurnStep, DenseStep, Error, Snapshot, Step, StepContext};
use serde::{Deserialize, Serialize};

use super::args::CommonArgs;
use super::dense::{self, Network};
use super::task::{Loss, Prepare, Task};

/// How a step may be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum StepChoice {
    /// The dense step where the device is the host and the step can express the network
    Auto,
    /// burn's reverse-mode differentiation on the device
    Autodiff,
}

/// The ways to compute a step; both lead to the same numbers but for rounding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum StepName {
    /// Forward, back and update written out for dense layers, on the cores of the host.
    Dense,
    /// burn's reverse-mode differentiation, on the device.
    Autodiff,
}

impl StepName {
    /// How networks with these activations are trained.
    pub(crate) fn of(common: &CommonArgs, activations: &[Activation]) -> Self {
        let dense = common.step == StepChoice::Auto
            && common.device == ["flex"]
            && activations.iter().all(dense::has);
        if dense { Self::Dense } else { Self::Autodiff }
    }
}

/// A network in training, on minibatches given by the numbers of their images.
pub(crate) enum Learner<N> {
    /// The fast step, and the network that it was made from.
    Dense(Box<DenseStep<Prepare>>, N),
    /// burn's.
    Autodiff(Box<BurnStep<N, Loss<N>>>),
}

impl<N: Module + Network> Learner<N> {
    /// A learner for the network that `init` draws on a device.
    pub(crate) fn new(
        step: StepName,
        init: impl FnOnce(&Device) -> Result<N, hemline_models::Error>,
        device: &Device,
        task: Task<N>,
    ) -> anyhow::Result<Self> {
        let Task {
            optimizer,
            l2,
            dense,
            prepare,
            loss,
        } = task;
        optimizer.check()?;
        Ok(match step {
            StepName::Dense => {
                let network = init(device)?;
                let layers = dense::layers(&network)?;
                let layers = layers
                    .context("the dense step cannot express this network: take --step autodiff")?;
                let step = DenseStep::new(layers, dense, &optimizer, l2, prepare)?;
                Self::Dense(Box::new(step), network)
            }
            StepName::Autodiff => {
                let network = init(&device.clone().autodiff())?;
                Self::Autodiff(Box::new(BurnStep::new(network, &optimizer, l2, loss)))
            }
        })
    }

    /// The network as it is now, without autodiff, for evaluation.
    pub(crate) fn valid(&self) -> Result<N, hemline_models::Error> {
        match self {
            Self::Dense(step, network) => dense::with_layers(network.clone(), step.layers()),
            Self::Autodiff(step) => Ok(step.valid()),
        }
    }
}

impl<N: Module> Step<Vec<usize>> for Learner<N> {
    fn step(&mut self, batch: Vec<usize>, context: StepContext<'_>) -> Result<f64, Error> {
        match self {
            Self::Dense(step, _) => step.step(batch, context),
            Self::Autodiff(step) => step.step(batch, context),
        }
    }
}

impl<N: Module> Snapshot for Learner<N> {
    fn snapshot(&self) -> Result<Vec<u8>, Error> {
        match self {
            Self::Dense(step, _) => step.snapshot(),
            Self::Autodiff(step) => step.snapshot(),
        }
    }

    fn restore(&mut self, state: &[u8]) -> Result<(), Error> {
        match self {
            Self::Dense(step, _) => step.restore(state),
            Self::Autodiff(step) => step.restore(state),
        }
    }
}
