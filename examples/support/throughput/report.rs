//! What is printed.

use std::time::Duration;

use clap::ValueEnum;
use serde::Serialize;

use super::args::Args;
use super::workload::Measured;
use crate::support::learner::StepName;

/// One line.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    network: String,
    batch: usize,
    optimizer: String,
    /// The path taken, whatever was asked for.
    step: StepName,
    threads: usize,
    samples_per_second: f64,
    median_step_us: f64,
    /// Half of the steps lie between these.
    quartiles_step_us: [f64; 2],
    /// Of the products of matrices alone, in the median step; the fast step leaves some of their zeros out.
    gflops: f64,
    /// What the threads together could do on numbers in registers, measured before and after.
    fma_limit_gflops: f64,
    share_of_limit: f64,
    share_of_pixels_zero: f64,
    /// From one core to another and back.
    round_trip_ns: Option<f64>,
    last_loss: f64,
}

impl Report {
    pub(crate) fn new(
        args: &Args,
        measured: Measured,
        limit: f64,
        round_trip: Option<f64>,
    ) -> Self {
        let Measured {
            widths,
            step,
            samples,
            mut steps,
            last_loss,
            zeros,
        } = measured;
        let total: Duration = steps.iter().sum();
        steps.sort();
        let quantile = |share: f64| {
            let index = (share * steps.len() as f64) as usize;
            let step = steps.get(index.min(steps.len().saturating_sub(1)));
            step.map_or(f64::NAN, |step| 1e6 * step.as_secs_f64())
        };
        let batch = args.batch.get();
        let median = quantile(0.5);
        let gflops = operations(&widths, batch) / median / 1e3;
        let name = |value: Option<clap::builder::PossibleValue>| {
            value.map_or_else(String::new, |value| value.get_name().to_owned())
        };
        Self {
            network: widths
                .iter()
                .map(usize::to_string)
                .collect::<Vec<_>>()
                .join("-"),
            batch,
            optimizer: name(args.optimizer.to_possible_value()),
            step,
            threads: rayon::current_num_threads(),
            samples_per_second: samples as f64 / total.as_secs_f64(),
            median_step_us: median,
            quartiles_step_us: [quantile(0.25), quantile(0.75)],
            gflops,
            fma_limit_gflops: limit,
            share_of_limit: gflops / limit,
            share_of_pixels_zero: zeros,
            round_trip_ns: round_trip,
            last_loss,
        }
    }
}

/// The floating-point operations of a step's matrix products: each weight multiplies and adds once forward and
/// once for its gradient, and but for the first layer's once on the way back.
fn operations(widths: &[usize], batch: usize) -> f64 {
    let weights = widths.windows(2).map(|pair| pair[0] * pair[1]);
    let all: usize = weights.clone().sum();
    let first = weights.take(1).sum::<usize>();
    (2 * batch * (3 * all - first)) as f64
}
