//! Measures every step of He's variance law, breaks every assumption of it, and follows it through depth.
//!
//!     cargo run --example he_init
//!
//! The story: the steps of the derivation in `docs/he-initialization.md` hold; each check fails when its
//! assumption is broken, so it could have failed before; of four initializers only He's keeps the
//! variance through a hundred layers; and a network starts from the law and is trained away from it.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/he_init/mod.rs"]
mod parts;

use std::time::Instant;

use anyhow::{Context, anyhow, ensure};
use clap::Parser;
use hemline_init::{Error, Plan};
use parts::args::Args;
use parts::checks::Measured;
use parts::sweep::Sweep;
use parts::weights::Weights;
use parts::{charts, page};
use support::data;
use support::report::{write_json, write_text};

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let device = args.common.open_device()?;
    let out = args.common.make_out("he_init")?;
    let (provenance, development, _) = data::load(&args.common)?;
    let plan = Plan {
        draws: args.draws(),
        seed: args.common.seed,
        workers: args.workers(),
        ..Plan::default()
    };

    println!("{}", parts::text::CHECKS);
    let clock = Instant::now();
    let measured = Measured::new(&plan).map_err(|error| match error {
        Error::TooFewDraws { .. } => anyhow!("--draws {} is too little: {error}", plan.draws),
        _ => error.into(),
    })?;
    let seconds = clock.elapsed().as_secs_f64();
    println!("\n{}", measured.checks_table());
    println!("{}", parts::text::COUNTER_EXAMPLES);
    println!("\n{}", measured.counter_examples_table());
    println!(
        "{} draws in {seconds:.1} s (workers: {})\n",
        data::grouped(usize::try_from(plan.draws)?),
        plan.workers
    );

    let clock = Instant::now();
    let (depth, width) = (args.depth(), args.width());
    let sweep = Sweep::new(depth, width, &plan)
        .with_context(|| format!("cannot follow --depth {depth} with --width {width}"))?;
    println!("{}", sweep.introduction());
    println!("\n{}", sweep.layers_table());
    println!("{}", parts::text::ENDS);
    println!("\n{}", sweep.ends_table());
    println!("({:.1} s)\n", clock.elapsed().as_secs_f64());

    println!("{}", parts::text::WEIGHTS);
    println!();
    let weights = Weights::new(&development, &provenance, &args.common, &device)?;
    println!("\n{}", weights.table());

    write_json(&out.join("checks.json"), &measured.checks)?;
    write_json(
        &out.join("counter_examples.json"),
        &measured.counter_examples,
    )?;
    write_text(&out.join("propagation.csv"), &sweep.csv())?;
    write_text(&out.join("weights.csv"), &weights.csv())?;
    let by_depth = charts::variance_by_depth(&sweep)?;
    by_depth.save(out.join("variance_by_depth.png"))?;
    let density = charts::density(&measured.densities)?;
    density.save(out.join("density.png"))?;
    let page = page::build(&page::Contents {
        plan: &plan,
        provenance: &provenance,
        measured: &measured,
        sweep: &sweep,
        weights: &weights,
        by_depth: &by_depth,
        density: &density,
    })?;
    page.save(out.join("report.html"))?;
    println!(
        "Wrote report.html, checks.json, counter_examples.json, propagation.csv, weights.csv, \
         variance_by_depth.png and density.png to {} ({:.1} s)",
        out.display(),
        started.elapsed().as_secs_f64()
    );

    let failures = measured.failures();
    ensure!(
        failures.is_empty(),
        "{}; the fewer the draws, the more a check misses: take more than --draws {}",
        failures.join("; "),
        plan.draws
    );
    Ok(())
}
