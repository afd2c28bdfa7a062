//! Searches the assignment's space on any data set of labelled images, and nothing else.
//!
//!     cargo run --example hyperparam_tuning -- --data FOLDER
//!
//! The story: find the data; hold out a part of the training images; train trials on the rest and score
//! them on that part; show which settings won and which mattered. The test set stays shut.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/hyperparam_tuning/mod.rs"]
mod parts;

use clap::Parser;
use hemline_train::tune::assignment_space;
use parts::args::Args;
use parts::report::{self, Report};
use support::data;
use support::report::{DataReport, write_json, write_text};
use support::search::report::SearchReport;
use support::search::run::{Plan, Search};
use support::search::{charts, space, table};

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let common = &args.common;
    common.check_devices()?;
    let out = common.make_out("hyperparam_tuning")?;
    let (provenance, development, sealed) = data::load(common)?;
    let parts = data::split(&development, common.seed)?;

    let search = Search::new(common, &args.search, &out, &parts, &provenance);
    println!("{}", search.introduction());
    let (result, chosen) = search.run(Plan {
        journal: "trials.jsonl",
        space: assignment_space(),
        recipe: space::assignment(&development, common),
        first: vec![space::settings_to_beat()],
        trials: args.search.trials(common),
        sampler: args.sampler.choice(),
        halving: space::halving()?,
    })?;
    match result.importance() {
        Ok(importance) => println!("\nWhat mattered:\n\n{}", table::importance(&importance)),
        Err(error) => println!("\nWhat mattered cannot be said: {error}"),
    }

    charts::tuning("Search", &result)?.save(out.join("tuning.png"))?;
    write_text(&out.join("trials.csv"), &table::csv(&result))?;
    let names = data::class_names(&provenance, development.classes());
    let report = Report {
        data: DataReport {
            train: development.count(),
            validation: parts.validation.count(),
            test: sealed.count(),
            provenance,
        },
        device: common.device_names(),
        seed: common.seed,
        sampler: args.sampler.name().to_owned(),
        tuning: SearchReport::new(&result),
        config: chosen.config,
    };
    report::page(&report, &development, &names, &result)?.save(out.join("report.html"))?;
    write_json(&out.join("report.json"), &report)?;
    println!(
        "Wrote report.html, report.json, trials.jsonl, trials.csv and tuning.png to {} ({:.1} s)",
        out.display(),
        result.seconds()
    );
    Ok(())
}
