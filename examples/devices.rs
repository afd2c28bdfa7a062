//! Lists what there is to compute on, with the time that a training step takes on each.
//!
//!     cargo run --example devices
//!     cargo run --example devices --features ndarray,wgpu,remote -- --device remote:ws://HOST:PORT
//!
//! The names in the first column are what `--device` of the other examples takes.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/devices/mod.rs"]
mod parts;
#[path = "support/throughput/mod.rs"]
mod throughput;

use std::time::Duration;

use clap::Parser;
use parts::measure::measure;
use support::device::here::{features, present};
use support::learner::StepName;
use support::table::Table;

/// Lists what there is to compute on, with the time that a training step takes on each.
#[derive(Debug, Parser)]
struct Args {
    /// A device to list besides those of this machine, such as remote:ws://HOST:PORT
    #[arg(long, value_name = "NAME")]
    device: Vec<String>,
}

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| {
        run(&args);
        Ok(())
    })
}

fn run(args: &Args) {
    let here = present();
    let mut devices: Vec<(String, String)> = here
        .into_iter()
        .map(|it| (it.name.to_string(), it.description))
        .collect();
    for name in &args.device {
        devices.push((name.clone(), "asked for by --device".to_owned()));
    }
    println!("A step of 784-50-50-50-10 on 64 images, plain SGD:\n");
    let mut table = Table::new(3, ["device", "step", "what it is", "first", "then"]);
    let mut failures = Vec::new();
    for (name, description) in &devices {
        let paths = if name == "flex" {
            ["fast", "generic"].as_slice()
        } else {
            &["generic"]
        };
        for path in paths {
            match measure(name, path) {
                Ok(times) => table.push([
                    name.clone(),
                    step(times.step).to_owned(),
                    times.part.unwrap_or_else(|| description.clone()),
                    milliseconds(times.first),
                    milliseconds(times.median),
                ]),
                Err(error) => failures.push(format!("{name}: {error:#}")),
            }
        }
    }
    println!("{table}");
    for failure in &failures {
        println!("{failure}");
    }
    let missing = features(false);
    if !missing.is_empty() {
        println!(
            "Not in this build: {}. Each is a --features of that name.",
            missing.join(", ")
        );
    }
}

fn step(name: StepName) -> &'static str {
    match name {
        StepName::Dense => "dense",
        StepName::Autodiff => "autodiff",
    }
}

fn milliseconds(time: Duration) -> String {
    format!("{:.3} ms", 1e3 * time.as_secs_f64())
}
