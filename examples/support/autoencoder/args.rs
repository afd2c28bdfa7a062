//! The flags of the example `autoencoder`.

use clap::{Parser, ValueEnum};
use hemline_train::Schedule;

use crate::support::args::CommonArgs;

/// The number of passes over the training images.
const EPOCHS: usize = 20;
/// The same with `--quick`.
const QUICK_EPOCHS: usize = 5;

/// Trains an autoencoder 784-128-64-128-784 and shows what it keeps of an image, and what not.
#[derive(Debug, Parser)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: CommonArgs,

    /// Passes over the training images [default: 20; with --quick 5]
    #[arg(long, value_name = "N")]
    epochs: Option<usize>,

    /// How the learning rate goes: `one-cycle` rises to its peak and falls to 0 along half cosines
    #[arg(long, value_name = "NAME", value_enum, default_value_t = ScheduleName::OneCycle)]
    pub(crate) schedule: ScheduleName,

    /// The learning rate of Adam, or its peak [default: 0.001 if constant, else 0.008]
    #[arg(long, value_name = "RATE")]
    learning_rate: Option<f64>,

    /// Trains a denoising autoencoder: the standard deviation of the noise on its inputs, in [0, 1]
    #[arg(long, value_name = "DEVIATION", default_value_t = 0.0, value_parser = deviation)]
    pub(crate) noise: f64,
}

/// The schedules that can be asked for by name.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum ScheduleName {
    /// The same learning rate throughout
    Constant,
    /// Up for a fifth of the run, then down to 0
    OneCycle,
}

impl Args {
    pub(crate) fn epochs(&self) -> usize {
        self.epochs.unwrap_or(if self.common.quick {
            QUICK_EPOCHS
        } else {
            EPOCHS
        })
    }

    /// The schedule and the learning rate that it scales.
    ///
    /// Smith & Topin's one-cycle schedule with a fifth of the run for the way up. Its peak and that
    /// share were chosen on 10,000 images held out of the training set.
    pub(crate) fn schedule(&self) -> (Schedule, f64) {
        let (schedule, rate) = match self.schedule {
            ScheduleName::Constant => (Schedule::constant(), 1e-3),
            ScheduleName::OneCycle => (Schedule::cosine(0.0).with_warmup(0.2, 0.04), 8e-3),
        };
        (schedule, self.learning_rate.unwrap_or(rate))
    }
}

/// A number in [0, 1].
fn deviation(text: &str) -> Result<f64, String> {
    text.parse()
        .ok()
        .filter(|number| (0.0..=1.0).contains(number))
        .ok_or_else(|| "expected a number from 0 to 1".to_owned())
}
