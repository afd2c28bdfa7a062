//! The flags of the example `hyperparam_tuning`.

use clap::{Parser, ValueEnum};
use hemline_train::tune::{Random, SamplerChoice, Sobol, TreeParzen};

use crate::support::args::CommonArgs;
use crate::support::search::args::SearchArgs;

/// Searches the assignment's space on any data set of labelled images.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    /// How trials get their settings
    #[arg(long, value_enum, default_value_t = SamplerName::TreeParzen)]
    pub(crate) sampler: SamplerName,
}

/// The samplers that suit a space with continuous dimensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SamplerName {
    /// Learns from the finished trials
    TreeParzen,
    /// Spreads evenly over the space
    Sobol,
    /// Independent draws
    Random,
}

impl SamplerName {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::TreeParzen => "tree-parzen",
            Self::Sobol => "sobol",
            Self::Random => "random",
        }
    }

    pub(crate) fn choice(self) -> SamplerChoice {
        match self {
            Self::TreeParzen => SamplerChoice::TreeParzen(TreeParzen::default()),
            Self::Sobol => SamplerChoice::Sobol(Sobol),
            Self::Random => SamplerChoice::Random(Random),
        }
    }
}
