//! The flags of the example `he_init`.

use clap::Parser;

use crate::support::args::{CommonArgs, workers};

/// Measures every step of He's variance law, its counter-examples, and what depth makes of it.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    /// Random numbers for the checks, the counter-examples and the densities [default: 1e8; with
    /// --quick 2e7]
    #[arg(long, value_name = "N", value_parser = whole_number)]
    draws: Option<u64>,

    /// Layers of the networks that the variance is followed through, at most 10000 [default: 100; with
    /// --quick 20]
    #[arg(long, value_name = "LAYERS", value_parser = clap::value_parser!(u64).range(1..=10_000))]
    depth: Option<u64>,

    /// Units of each of these layers, at most 4096 [default: 256; with --quick 64]
    #[arg(long, value_name = "UNITS", value_parser = clap::value_parser!(u64).range(1..=4_096))]
    width: Option<u64>,

    /// Threads; the results do not depend on them [default: one for each core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_024))]
    workers: Option<u64>,
}

impl Args {
    pub(crate) fn draws(&self) -> u64 {
        self.draws.unwrap_or(if self.common.quick {
            20_000_000
        } else {
            100_000_000
        })
    }

    pub(crate) fn depth(&self) -> usize {
        let depth = self
            .depth
            .unwrap_or(if self.common.quick { 20 } else { 100 });
        usize::try_from(depth).unwrap_or(usize::MAX)
    }

    pub(crate) fn width(&self) -> usize {
        let width = self
            .width
            .unwrap_or(if self.common.quick { 64 } else { 256 });
        usize::try_from(width).unwrap_or(usize::MAX)
    }

    pub(crate) fn workers(&self) -> usize {
        workers(self.workers)
    }
}

/// The largest whole number that is accepted: ten thousand times the default, some hours of work.
const MOST_DRAWS: u64 = 1_000_000_000_000;

/// A whole number of at least 1, also written as 1e8.
fn whole_number(text: &str) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().or_else(|| {
        let number: f64 = text.parse().ok()?;
        let is_whole = number.fract() == 0.0 && (1.0..=MOST_DRAWS as f64).contains(&number);
        is_whole.then_some(number as u64)
    });
    number
        .filter(|number| (1..=MOST_DRAWS).contains(number))
        .ok_or_else(|| "expected a whole number from 1 to 1e12".to_owned())
}
