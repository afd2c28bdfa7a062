//! Measures how fast this machine trains a network, and how near that is to what it could do.
//!
//!     cargo run --release --example throughput -- --hidden 50,50,50 --batch 64 --optimizer sgd --epochs 3
//!
//! Trains as the other examples do, through `fit`, with the gathering of the minibatches; prints one line
//! of JSON. docs/performance.md says what the numbers mean.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/throughput/mod.rs"]
mod parts;

use clap::Parser;
use parts::args::Args;
use parts::limit::fma_limit;
use parts::report::Report;
use parts::round_trip::round_trip;
use parts::workload;

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let common = args.common();
    let device = common.open_device()?;
    let images = workload::images(args, &common)?;
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(args.threads())
        .build()?;
    let report = pool.install(|| -> anyhow::Result<Report> {
        let before = fma_limit();
        let measured = workload::train(args, &common, &images, &device)?;
        // The clock of a processor changes; what it could do at its best is the limit.
        let limit = before.max(fma_limit());
        Ok(Report::new(args, measured, limit, round_trip()))
    })?;
    println!("{}", serde_json::to_string(&report)?);
    Ok(())
}
