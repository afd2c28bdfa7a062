//! Trains a multilayer perceptron on Fashion-MNIST and judges it on the test set, once.
//!
//!     cargo run --example fashion_mlp
//!
//! The story: find the data; train on 50,000 images and look at the other 10,000 to see that the
//! choice of settings is sound; freeze it; train again on all 60,000; open the test set.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

use std::time::Instant;

use clap::Parser;
use hemline_data::{DEFAULT_VALIDATION, freeze};
use hemline_train::{CheckpointConfig, Purpose, generator};
use serde::Serialize;
use support::args::CommonArgs;
use support::classifier::{ClassifierConfig, Examples};
use support::data::grouped;
use support::progress::FitProgress;
use support::report::{DataReport, print_losses, write_json};
use support::{charts, data, device};

/// How many of the last iterations are shown.
const LAST_ITERATIONS: usize = 20;
/// The number of passes over the training images.
const EPOCHS: usize = 40;
/// The same with `--quick`.
const QUICK_EPOCHS: usize = 3;

/// Trains a multilayer perceptron on Fashion-MNIST and judges it on the test set, once.
#[derive(Debug, Parser)]
struct Args {
    #[command(flatten)]
    common: CommonArgs,
}

/// `report.json`.
#[derive(Debug, Serialize)]
struct Report {
    data: DataReport,
    device: String,
    seed: u64,
    r#final: FinalReport,
}

#[derive(Debug, Serialize)]
struct FinalReport {
    config: ClassifierConfig,
    validation_accuracy: f64,
    validation_cross_entropy: f64,
    last_losses: Vec<f64>,
    test_accuracy: f64,
    test_accuracy_interval_95: (f64, f64),
    test_cross_entropy: f64,
    seconds: f64,
}

fn main() -> std::process::ExitCode {
    support::finish(run(&Args::parse().common))
}

fn run(args: &CommonArgs) -> anyhow::Result<()> {
    let started = Instant::now();
    let device = device::open(&args.device)?;
    let out = args.make_out("fashion_mlp")?;
    let (provenance, development, sealed) = data::load(args)?;

    let data_sum = provenance.sha256.as_str();

    let epochs = if args.quick { QUICK_EPOCHS } else { EPOCHS };
    let config = ClassifierConfig::for_images(&development, epochs);
    println!(
        "Network: {}, {} parameters",
        describe(&config),
        grouped(config.model.parameters())
    );

    let validation = DEFAULT_VALIDATION.min(development.count() / 6);
    let parts = development.split(validation, &mut generator(args.seed, Purpose::Split, 0))?;
    println!(
        "\nTraining on {} images, validating on {}:",
        grouped(parts.train.count()),
        grouped(validation)
    );
    let checkpoint = |name: &str| Some(CheckpointConfig::new(out.join(name)).resume(args.resume));
    let held_out = Examples::new(&parts.validation, &device);
    let train = Examples::new(&parts.train, &device).with_identity(data_sum);
    let validated = config.train(
        &train,
        Some(&held_out),
        args.seed,
        checkpoint("validation.checkpoint"),
        &mut FitProgress::new(),
    )?;
    let validated = held_out.evaluate(&validated.model)?;
    println!(
        "Validation accuracy {}",
        percent(validated.accuracy, validated.accuracy_interval())
    );

    // From here on nothing is chosen any more.
    let config = freeze(config);
    println!(
        "\nTraining the same again on all {} images:",
        grouped(development.count())
    );
    let all = Examples::new(&development, &device).with_identity(data_sum);
    let trained = config.train(
        &all,
        None,
        args.seed,
        checkpoint("final.checkpoint"),
        &mut FitProgress::new(),
    )?;
    let last = trained.history.last_losses(LAST_ITERATIONS);
    print_losses(last);

    let (train_count, test_count) = (development.count(), sealed.count());
    let test = Examples::new(&sealed.open(&config), &device).evaluate(&trained.model)?;
    println!(
        "\nTest accuracy {}",
        percent(test.accuracy, test.accuracy_interval())
    );
    println!("Test cross-entropy {:.4}", test.cross_entropy);

    let report = Report {
        data: DataReport {
            provenance: provenance.clone(),
            train: train_count,
            validation,
            test: test_count,
        },
        device: args.device.clone(),
        seed: args.seed,
        r#final: FinalReport {
            config: (*config).clone(),
            validation_accuracy: validated.accuracy,
            validation_cross_entropy: validated.cross_entropy,
            last_losses: last.iter().map(|record| record.loss).collect(),
            test_accuracy: test.accuracy,
            test_accuracy_interval_95: test.accuracy_interval(),
            test_cross_entropy: test.cross_entropy,
            seconds: started.elapsed().as_secs_f64(),
        },
    };
    charts::last_losses(last)?.save(out.join("loss_last20.png"))?;
    trained.history.write_csv(out.join("history.csv"))?;
    trained
        .model
        .save(&config.model, out.join("model.safetensors"))?;
    write_json(&out.join("report.json"), &report)?;
    println!(
        "\nWrote report.json, model.safetensors, history.csv and loss_last20.png to {} ({:.1} s)",
        out.display(),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}

fn describe(config: &ClassifierConfig) -> String {
    let widths = std::iter::once(&config.model.inputs)
        .chain(&config.model.hidden)
        .chain([&config.model.classes]);
    let widths: Vec<String> = widths.map(ToString::to_string).collect();
    format!(
        "{} with {}",
        widths.join("-"),
        config.model.activation.name()
    )
}

fn percent(share: f64, (low, high): (f64, f64)) -> String {
    let [share, low, high] = [share, low, high].map(|share| 100.0 * share);
    format!("{share:.2} % (95 % interval {low:.2} to {high:.2})")
}
