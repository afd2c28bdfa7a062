//! The flags of the example `fashion_mlp`.

use clap::Parser;

use crate::support::args::CommonArgs;
use crate::support::search::args::SearchArgs;

/// Searches, trains and tests a multilayer perceptron on Fashion-MNIST, and a variant that beats it.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    #[command(flatten)]
    pub(crate) search: SearchArgs,

    /// Final trainings of the network and of the variant, each with a seed of its own from --seed on
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=1_000))]
    seeds: u64,
}

impl Args {
    /// The seeds of the final trainings.
    pub(crate) fn seeds(&self) -> Vec<u64> {
        (0..self.seeds)
            .map(|index| self.common.seed.wrapping_add(index))
            .collect()
    }
}
