//! The flags of the example `throughput`.

use std::num::NonZeroUsize;

use clap::{Parser, ValueEnum};
use hemline_data::Source;
use hemline_train::OptimizerConfig;

use crate::support::args::{CommonArgs, workers};
use crate::support::learner::StepChoice;

/// Measures how fast a network is trained, and prints one line of JSON.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    /// `auto` looks for Fashion-MNIST and draws a synthetic set where there is none; `synthetic`; or
    /// a folder with .npy or IDX files
    #[arg(long, value_name = "auto|synthetic|PATH", default_value = "auto")]
    data: Source,

    /// The device to compute on
    #[arg(long, value_name = "NAME", default_value = "flex")]
    device: String,

    /// What to train: a classifier, or the autoencoder 784-128-64-128-784
    #[arg(long, value_enum, default_value_t = Model::Mlp)]
    pub(crate) model: Model,

    /// The classifier's hidden layers
    #[arg(
        long,
        value_name = "WIDTHS",
        value_delimiter = ',',
        default_value = "50,50,50"
    )]
    pub(crate) hidden: Vec<NonZeroUsize>,

    /// Whether its hidden layers are normalised over the batch
    #[arg(long)]
    pub(crate) batch_norm: bool,

    /// The probability that one of its hidden activations is dropped, in [0, 1)
    #[arg(long, value_name = "P", default_value_t = 0.0)]
    pub(crate) dropout: f64,

    /// Images in a minibatch
    #[arg(long, value_name = "N", default_value = "64")]
    pub(crate) batch: NonZeroUsize,

    /// The optimizer
    #[arg(long, value_enum, default_value_t = OptimizerName::Sgd)]
    pub(crate) optimizer: OptimizerName,

    /// Passes over the images
    #[arg(long, value_name = "N", default_value = "3")]
    pub(crate) epochs: NonZeroUsize,

    /// Images of an epoch, no more than there are [default: all]
    #[arg(long, value_name = "N")]
    pub(crate) images: Option<NonZeroUsize>,

    /// How a step is computed: by the fast step where it can be, or by burn's differentiation
    #[arg(long, value_enum, default_value_t = PathName::Fast)]
    path: PathName,

    /// Threads [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    threads: Option<u64>,
}

/// The networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Model {
    /// A classifier with ReLU
    Mlp,
    /// The autoencoder of the example `autoencoder`
    Autoencoder,
}

/// The optimizers with their usual settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OptimizerName {
    /// Gradient descent
    Sgd,
    /// Gradient descent with momentum 0.9
    Momentum,
    /// Adam
    Adam,
    /// AdamW
    Adamw,
}

/// The ways to compute a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PathName {
    /// The dense step of the host
    Fast,
    /// burn's reverse-mode differentiation
    Generic,
}

impl Args {
    /// The same as the flags that all other examples have.
    pub(crate) fn common(&self) -> CommonArgs {
        CommonArgs {
            data: self.data.clone(),
            device: vec![self.device.clone()],
            step: match self.path {
                PathName::Fast => StepChoice::Auto,
                PathName::Generic => StepChoice::Autodiff,
            },
            seed: 0,
            out: None,
            resume: false,
            quick: false,
        }
    }

    pub(crate) fn threads(&self) -> usize {
        workers(self.threads)
    }
}

impl OptimizerName {
    /// The optimizer, and a learning rate at which the networks here learn.
    pub(crate) fn config(self) -> (OptimizerConfig, f64) {
        match self {
            Self::Sgd => (OptimizerConfig::sgd(0.0), 0.05),
            Self::Momentum => (OptimizerConfig::sgd(0.9), 0.01),
            Self::Adam => (OptimizerConfig::adam(), 1e-3),
            Self::Adamw => (OptimizerConfig::adamw(), 1e-3),
        }
    }
}
