//! Trains an autoencoder on the images alone, judges it on the test set, and shows what it keeps.
//!
//!     cargo run --example autoencoder
//!
//! The story: find the data; train 784-128-64-128-784 on all training images to give back what it was
//! given; find the best linear code of the same size beside it; open the test set; measure both, and
//! look at reconstructions, codes, the ways between codes, and what noise does.

#![allow(clippy::print_stdout, reason = "an example talks to a person")]

mod support;

#[path = "support/autoencoder/mod.rs"]
mod parts;

use std::time::Instant;

use clap::Parser;
use hemline_data::{TensorSet, freeze};
use hemline_train::CheckpointConfig;
use parts::args::Args;
use parts::codes::Codes;
use parts::covariance::Covariance;
use parts::images::Gallery;
use parts::measured::{Anomaly, Denoising, Measured};
use parts::page::{Contents, Figures};
use parts::pca::Pca;
use parts::training::{TrainingConfig, evaluate, pieces};
use parts::{charts, page};
use serde::Serialize;
use support::data;
use support::data::{class_names, grouped};
use support::examples::Examples;
use support::report::{DataReport, write_json};
use support::table::Table;

/// `report.json`.
#[derive(Debug, Serialize)]
struct Report<'a> {
    data: DataReport,
    device: String,
    seed: u64,
    config: &'a TrainingConfig,
    train_batches: usize,
    /// The mean loss of the minibatches of each epoch.
    epoch_mse: Vec<f64>,
    train_mse: f64,
    test_mse: f64,
    pca64_train_mse: f64,
    pca64_test_mse: f64,
    /// Units of the bottleneck that are 0 for every test image.
    dead_code_units: usize,
    anomaly: &'a Anomaly,
    denoising: Option<Denoising>,
    training_seconds: f64,
    seconds: f64,
}

fn main() -> std::process::ExitCode {
    let args = Args::parse();
    support::finish(|| run(&args))
}

fn run(args: &Args) -> anyhow::Result<()> {
    let started = Instant::now();
    let common = &args.common;
    let device = common.open_device()?;
    let out = common.make_out("autoencoder")?;
    let (provenance, development, sealed) = data::load(common)?;
    let train = Examples::new(&development, &device).with_identity(&provenance.sha256);
    let config = TrainingConfig::new(&development, args);
    let train_batches = config.batches(&train);
    let (height, width) = (development.images().height(), development.images().width());
    let (train_count, test_count) = (development.count(), sealed.count());
    let shape = format!("[1, {height}, {width}]");
    println!(
        "{} + {} samples, image shape {shape}, {train_batches} train batches of {}",
        grouped(train_count),
        grouped(test_count),
        config.batch_size
    );
    let widths: Vec<String> = config.model.widths().iter().map(usize::to_string).collect();
    let network = widths.join("-");
    println!(
        "Network: {network}, {} parameters\n",
        grouped(config.model.parameters())
    );

    let clock = Instant::now();
    let trained = config.train(
        &train,
        common.seed,
        CheckpointConfig::new(out.join("training.checkpoint")).resume(common.resume),
    )?;
    let training_seconds = clock.elapsed().as_secs_f64();
    let model = &trained.model;
    let train_errors = evaluate(model, train.tensors())?;
    let covariance = Covariance::of_images(development.images(), &device)?;
    let pca = Pca::new(&covariance, model.bottleneck())?;

    // From here on nothing is chosen any more.
    let config = freeze(config);
    let images = sealed.open(&config);
    let test = TensorSet::new(&images, &device);
    let measured = Measured::new(model, &pca, &train_errors, &test, config.noise, common.seed)?;
    let (train_mse, test_mse) = (
        train_errors.mean_squared_error(),
        measured.test.mean_squared_error(),
    );
    let pca_test_mse = measured.pca.mean_squared_error();
    let mut errors = Table::new(1, ["mean squared error", "training images", "test images"]);
    for (name, train, test) in [
        (network.clone(), train_mse, test_mse),
        (
            format!("PCA, {} components", pca.count()),
            pca.residual(),
            pca_test_mse,
        ),
    ] {
        errors.push([name, format!("{train:.5}"), format!("{test:.5}")]);
    }
    println!("\n{errors}");
    println!("{}", measured.anomaly.sentence());
    if let Some(denoising) = &measured.denoising {
        println!("{}", denoising.sentence());
    }

    let codes = Codes::new(model, pieces(&test))?;
    let dead_code_units = codes.dead_units();
    let names = class_names(&provenance, images.classes());
    let gallery = Gallery {
        images: &images,
        names: &names,
        model,
        measured: &measured,
        device: &device,
    };
    let noise = (config.noise > 0.0).then_some(config.noise);
    let figures = Figures {
        loss: charts::loss(&trained.history, test_mse, pca_test_mse)?,
        reconstructions: gallery.reconstructions()?,
        by_class: gallery.by_class()?,
        codes: charts::codes(&codes.map()?, &images, &names)?,
        interpolation: gallery.interpolation(&codes.ways(model, &images, &device)?)?,
        anomaly: charts::anomaly(&measured.test, &measured.anomaly)?,
        denoising: noise
            .map(|deviation| gallery.denoising(&test, deviation, common.seed))
            .transpose()?,
    };
    let facts = [
        ("data", provenance.name.clone()),
        ("training images", grouped(train_count)),
        ("test images", grouped(test_count)),
        ("image shape", shape),
        (
            "minibatches",
            format!("{train_batches} of {}", config.batch_size),
        ),
        ("epochs", config.epochs.to_string()),
        ("seed", common.seed.to_string()),
        ("network", network),
        ("code units that are always 0", dead_code_units.to_string()),
        ("training", format!("{training_seconds:.1} s")),
    ];
    let page = page::build(&Contents {
        facts: &facts,
        config: &config,
        errors: &errors,
        by_class: &measured.by_class(&images, &names),
        measured: &measured,
        figures: &figures,
    })?;

    model.save(&config.model, out.join("autoencoder.safetensors"))?;
    trained.history.write_csv(out.join("history.csv"))?;
    for (file, figure) in figures.named() {
        figure.save(out.join(file))?;
    }
    page.save(out.join("report.html"))?;
    let epochs = trained.history.epochs.iter();
    let report = Report {
        data: DataReport {
            provenance,
            train: train_count,
            validation: 0,
            test: test_count,
        },
        device: common.device_names(),
        seed: common.seed,
        config: &config,
        train_batches,
        epoch_mse: epochs.map(|epoch| epoch.train_loss).collect(),
        train_mse,
        test_mse,
        pca64_train_mse: pca.residual(),
        pca64_test_mse: pca_test_mse,
        dead_code_units,
        anomaly: &measured.anomaly,
        denoising: measured.denoising,
        training_seconds,
        seconds: started.elapsed().as_secs_f64(),
    };
    write_json(&out.join("report.json"), &report)?;
    println!(
        "\nWrote report.html, report.json, autoencoder.safetensors, history.csv and {} to {} ({:.1} s)",
        figures
            .named()
            .map(|(file, _)| file)
            .collect::<Vec<_>>()
            .join(", "),
        out.display(),
        started.elapsed().as_secs_f64()
    );
    Ok(())
}
