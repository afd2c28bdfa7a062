//! Searches, trains and tests a multilayer perceptron on Fashion-MNIST, and a variant that beats it.
//!
//!     cargo run --example fashion_mlp
//!
//! The story: find the data; search the assignment's space on 50,000 images, scoring on the other
//! 10,000; compare variants there; freeze both choices; train them on all 60,000; open the test set,
//! once.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/fashion_mlp/mod.rs"]
mod parts;

use std::time::Instant;

use clap::Parser;
use hemline_data::freeze;
use indicatif::MultiProgress;
use parts::args::Args;
use parts::difference::Difference;
use parts::finals::{Finals, Keep};
use parts::page::{self, Contender, Contents};
use parts::report::{FinalReport, Report, SeedsReport};
use parts::searches;
use support::charts;
use support::data::{self, grouped};
use support::examples::Examples;
use support::report::{DataReport, print_losses, write_json};
use support::search::charts::tuning;
use support::search::report::SearchReport;
use support::search::run::Search;

/// How many of the last iterations are shown.
const LAST_ITERATIONS: usize = 20;

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let common = &args.common;
    common.check_devices()?;
    let device = common.open_main_device()?;
    let out = common.make_out("fashion_mlp")?;
    let (provenance, development, sealed) = data::load(common)?;

    // All that the searches are given: two parts of the training images.
    let parts = data::split(&development, common.seed)?;
    let search = Search::new(common, &args.search, &out, &parts, &provenance);
    println!("{}", search.introduction());
    let (base_search, base) = search.run(searches::base(args, &development)?)?;
    println!("\nVariants, wider and trained by AdamW:");
    let (variant_search, variant) = search.run(searches::variants(args, &development)?)?;

    // From here on nothing is chosen any more.
    let choice = freeze(searches::at_full_length(base, variant));
    let [base, variant] = &*choice;
    let seeds = args.seeds();
    let all = Examples::new(&development, &device).with_identity(&provenance.sha256);
    println!("\nTraining on all {} images:", grouped(all.count()));
    let named = [("base", &base.config), ("variant", &variant.config)];
    for (name, config) in named {
        println!("  {name}: {}", config.describe());
    }
    let keep = Keep {
        out: &out,
        resume: common.resume,
        bars: MultiProgress::new(),
    };
    let [base_finals, variant_finals] = Finals::train_both(named, &all, &seeds, &keep)?;
    for (name, finals) in [("base", &base_finals), ("variant", &variant_finals)] {
        println!("\nThe {name}:");
        print_losses(finals.first().history.last_losses(LAST_ITERATIONS));
    }

    let test = sealed.open(&choice);
    let test_examples = Examples::new(&test, &device);
    let base_scores = base_finals.evaluate(&test_examples)?;
    let variant_scores = variant_finals.evaluate(&test_examples)?;
    let difference = Difference::new(&base_scores.0, &variant_scores.0)?;
    println!("\nTest accuracy of the base:    {base_scores}");
    println!("Test accuracy of the variant: {variant_scores}");
    println!("Difference: {difference}");

    let data = DataReport {
        train: development.count(),
        validation: parts.validation.count(),
        test: test.count(),
        provenance,
    };
    let page = page::build(&Contents {
        data: &data,
        names: &data::class_names(&data.provenance, development.classes()),
        images: &development,
        test: &test,
        seeds: &seeds,
        base: Contender {
            search: &base_search,
            chosen: base,
            finals: &base_finals,
            scores: &base_scores,
        },
        variant: Contender {
            search: &variant_search,
            chosen: variant,
            finals: &variant_finals,
            scores: &variant_scores,
        },
        difference: &difference,
        last: LAST_ITERATIONS,
    })?;
    let report = Report {
        device: common.device_names(),
        seed: common.seed,
        tuning: SearchReport::new(&base_search),
        r#final: FinalReport::new(base, &base_finals, &base_scores, LAST_ITERATIONS),
        base_seeds: SeedsReport::new(&seeds, &base_scores),
        variants: SearchReport::new(&variant_search),
        variant: FinalReport::new(variant, &variant_finals, &variant_scores, LAST_ITERATIONS),
        variant_seeds: SeedsReport::new(&seeds, &variant_scores),
        difference,
        data,
        seconds: started.elapsed().as_secs_f64(),
    };
    let first = base_finals.first();
    charts::last_losses(first.history.last_losses(LAST_ITERATIONS))?
        .save(out.join("loss_last20.png"))?;
    tuning("Search", &base_search)?.save(out.join("tuning.png"))?;
    first.history.write_csv(out.join("history.csv"))?;
    for (name, finals, chosen) in [
        ("model.safetensors", &base_finals, base),
        ("variant.safetensors", &variant_finals, variant),
    ] {
        let network = &finals.first().model;
        network.save(&chosen.config.model, out.join(name))?;
    }
    page.save(out.join("report.html"))?;
    write_json(&out.join("report.json"), &report)?;
    println!(
        "\nWrote report.html, report.json, trials.jsonl, variants.jsonl, model.safetensors, \
         variant.safetensors, history.csv, tuning.png and loss_last20.png to {} ({:.1} s)",
        out.display(),
        report.seconds
    );
    Ok(())
}
