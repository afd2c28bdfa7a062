//! The example `fashion_mlp` from end to end.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod support;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use burn::tensor::{Device, TensorData};
use hemline_data::{Source, freeze, load_folder};
use hemline_models::Mlp;
use serde_json::Value;
use support::{example, fail, journal, real_data, report, report_without_times, succeed};

fn quick(out: &Path, more: &[&str]) -> Command {
    let mut command = example("fashion_mlp");
    command
        .args(["--data", "synthetic", "--quick", "--out"])
        .arg(out)
        .args(more);
    command
}

/// The journals of both searches without times.
fn journals(out: &Path) -> [String; 2] {
    ["trials.jsonl", "variants.jsonl"].map(|name| journal(&out.join(name)))
}

fn model(out: &Path) -> Vec<u8> {
    std::fs::read(out.join("model.safetensors")).expect("the network is there")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

#[test]
fn a_quick_run_writes_everything_it_promises() {
    let folder = tempfile::tempdir().unwrap();
    let printed = succeed(&mut quick(folder.path(), &["--seed", "3", "--seeds", "2"]));
    for said in [
        "Training loss of the last 20 iterations",
        "Test accuracy of the base",
        "Test accuracy of the variant",
        "Difference",
    ] {
        assert!(printed.contains(said), "{said} is missing:\n{printed}");
    }

    let report = report(folder.path());
    assert_eq!(report["seed"], 3);
    assert_eq!(report["device"], "flex");
    assert_eq!(report["data"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(report["data"]["test"], 10_000);
    assert_eq!(report["data"]["train"], 3_000);
    assert_eq!(report["data"]["validation"], 500);
    the_search_is_reported(&report);
    for (single, seeds) in [("final", "base_seeds"), ("variant", "variant_seeds")] {
        let losses = report[single]["last_losses"].as_array();
        assert_eq!(losses.map(Vec::len), Some(20));
        assert!(number(&report[single]["test_cross_entropy"]) > 0.0);
        let accuracies = report[seeds]["test_accuracy"].as_array().expect("a list");
        assert_eq!(accuracies.len(), 2);
        assert_eq!(accuracies[0], report[single]["test_accuracy"]);
        // Ten classes; a net that learnt nothing gets a tenth right.
        assert!(accuracies.iter().all(|accuracy| number(accuracy) > 0.5));
    }
    the_difference_is_that_of_the_pairs(&report);
    the_history_is_that_of_the_report(folder.path(), &report);
    for name in ["loss_last20.png", "tuning.png"] {
        let png = std::fs::read(folder.path().join(name)).unwrap();
        assert!(png.starts_with(b"\x89PNG"), "{name}");
    }
}

fn the_search_is_reported(report: &Value) {
    for (search, trials) in [("tuning", 12), ("variants", 7)] {
        let search = &report[search];
        assert_eq!(search["trials"], trials);
        let ended = ["completed", "pruned", "failed"].map(|key| search[key].as_u64());
        assert_eq!(ended.iter().flatten().sum::<u64>(), trials);
    }
    let best = &report["tuning"]["best"];
    assert_eq!(
        best["validation_accuracy"],
        report["final"]["validation_accuracy"]
    );
    let hidden = report["final"]["config"]["model"]["hidden"]
        .as_array()
        .expect("a list");
    assert_eq!(best["params"]["hidden_layers"], hidden.len());
    assert_eq!(best["params"]["units"], hidden[0]);
}

fn the_difference_is_that_of_the_pairs(report: &Value) {
    let of = |key: &str| -> Vec<f64> {
        let accuracies = report[key]["test_accuracy"].as_array().expect("a list");
        accuracies.iter().map(number).collect()
    };
    let (base, variant) = (of("base_seeds"), of("variant_seeds"));
    let differences: Vec<f64> = base.iter().zip(&variant).map(|(a, b)| b - a).collect();
    let mean = (differences[0] + differences[1]) / 2.0;
    let difference = &report["difference"];
    assert!((number(&difference["mean"]) - mean).abs() < 1e-12);
    // Of two values s/√n is half their distance, and t₀.₉₇₅ with one degree of freedom is 12.7062.
    let half = 12.706_204_736 * (differences[0] - differences[1]).abs() / 2.0;
    let interval = difference["over_seeds_95"].as_array().expect("an interval");
    assert!((number(&interval[0]) - (mean - half)).abs() < 1e-8);
    assert!((number(&interval[1]) - (mean + half)).abs() < 1e-8);
    let images = difference["over_images_95"]
        .as_array()
        .expect("an interval");
    assert!(number(&images[0]) < mean && mean < number(&images[1]));
}

fn the_history_is_that_of_the_report(out: &Path, report: &Value) {
    let history = std::fs::read_to_string(out.join("history.csv")).unwrap();
    let losses: Vec<f64> = history
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(3).unwrap().parse().unwrap())
        .collect();
    let reported = report["final"]["last_losses"].as_array().expect("a list");
    let reported: Vec<f64> = reported.iter().map(number).collect();
    assert_eq!(losses[losses.len() - 20..], reported);
}

#[test]
fn the_saved_networks_score_what_the_report_says() {
    let folder = tempfile::tempdir().unwrap();
    succeed(&mut quick(folder.path(), &[]));
    let device = Device::flex();
    let places = hemline_data::Places::default();
    let data = hemline_data::find(&Source::Synthetic, &places, &mut hemline_data::Silent).unwrap();
    let (_, _, test) = data.into_parts();
    let test = test.open(&freeze("the two saved networks"));
    let shape = [test.count(), test.images().pixels_per_image()];
    let report = report(folder.path());
    for (file, entry) in [("model", "final"), ("variant", "variant")] {
        let path = folder.path().join(format!("{file}.safetensors"));
        let (mlp, _) = Mlp::load(path, &device).unwrap();
        let pixels = TensorData::new(test.images().to_f32(), shape);
        let images = burn::tensor::Tensor::from_data(pixels, &device);
        let evaluation = mlp.evaluate([(images, test.labels())]).unwrap();
        assert_eq!(number(&report[entry]["test_accuracy"]), evaluation.accuracy);
    }
}

#[test]
fn the_same_seed_gives_the_same_bits_with_any_number_of_threads_and_workers() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    for (folder, (threads, workers)) in folders.iter().zip([("1", "1"), ("2", "8"), ("5", "3")]) {
        let mut command = quick(folder.path(), &["--workers", workers]);
        succeed(command.env("RAYON_NUM_THREADS", threads));
    }
    let first = folders[0].path();
    for other in &folders[1..] {
        assert_eq!(journals(other.path()), journals(first));
        assert_eq!(model(other.path()), model(first));
        assert_eq!(
            report_without_times(other.path()),
            report_without_times(first)
        );
    }
    let another = tempfile::tempdir().unwrap();
    succeed(&mut quick(another.path(), &["--seed", "1"]));
    assert_ne!(model(another.path()), model(first));
    assert_ne!(journals(another.path()), journals(first));
}

/// The journal itself is killed at a hundred moments in the tests of hemline-train; here it is the whole
/// run, wherever it happens to be.
#[test]
fn a_run_killed_again_and_again_ends_in_the_same_bytes() {
    const KILLS: u32 = 12;
    let [whole, killed] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let clock = Instant::now();
    succeed(&mut quick(whole.path(), &[]));
    let duration = clock.elapsed();
    let mut interrupted = 0;
    for round in 0..KILLS {
        let mut command = quick(killed.path(), &["--resume"]);
        let mut child = command.stdout(Stdio::null()).spawn().unwrap();
        // The first part of a run draws the data; what follows gets shorter by what is on disk.
        let share = 0.3 + 0.5 * f64::from(round) / f64::from(KILLS);
        std::thread::sleep(duration.mul_f64(share));
        interrupted += u32::from(child.try_wait().unwrap().is_none());
        child.kill().unwrap();
        child.wait().unwrap();
    }
    assert!(interrupted > 2, "only {interrupted} runs were cut short");
    succeed(&mut quick(killed.path(), &["--resume"]));
    assert_eq!(journals(killed.path()), journals(whole.path()));
    assert_eq!(model(killed.path()), model(whole.path()));
    assert_eq!(
        report_without_times(killed.path()),
        report_without_times(whole.path())
    );
}

#[test]
fn an_extended_search_may_choose_anew() {
    let [short, long] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    succeed(&mut quick(short.path(), &["--trials", "10"]));
    // As if the shorter search had chosen something else: the checkpoints of the finals do not fit.
    let base = short.path().join("base-0.checkpoint");
    std::fs::copy(short.path().join("variant-0.checkpoint"), base).unwrap();
    succeed(&mut quick(short.path(), &["--trials", "16", "--resume"]));
    succeed(&mut quick(long.path(), &["--trials", "16"]));
    assert_eq!(journals(short.path()), journals(long.path()));
    assert_eq!(
        report_without_times(short.path()),
        report_without_times(long.path())
    );
}

#[test]
fn wrong_flags_end_in_a_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("out");
    let refused = |flags: &[&str]| fail(&mut quick(&out, flags));
    let devices = "no device `abacus` in this build, which has: flex";
    assert!(refused(&["--device", "abacus"]).contains(devices));
    assert!(refused(&["--seed", "minus one"]).contains("--seed"));
    assert!(refused(&["--seeds", "0"]).contains("1..=1000"));
    assert!(refused(&["--trials", "9"]).contains("10..=100000"));
    assert!(refused(&["--workers", "none"]).contains("--workers"));
    let mut nowhere = example("fashion_mlp");
    let message = fail(
        nowhere
            .args(["--quick", "--data", "/no/such/folder", "--out"])
            .arg(&out),
    );
    assert!(message.contains("/no/such/folder"));
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let message = fail(&mut quick(&file, &[]));
    assert!(message.contains("cannot make the folder"), "{message}");
}

#[test]
fn a_journal_of_other_data_is_refused() {
    let Some(folder) = real_data() else { return };
    let out = tempfile::tempdir().unwrap();
    succeed(&mut quick(out.path(), &[]));
    let mut command = example("fashion_mlp");
    command.args(["--quick", "--resume", "--data"]).arg(folder);
    let message = fail(command.arg("--out").arg(out.path()));
    assert!(message.contains("trials.jsonl"), "{message}");
    assert!(message.contains("identity"), "{message}");
}

#[test]
fn without_data_and_network_the_run_says_so_first() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = example("fashion_mlp");
    // A proxy that refuses at once keeps the test off the network.
    let printed = succeed(
        command
            .args(["--quick", "--out"])
            .arg(folder.path().join("out"))
            .env_remove("HEMLINE_DATA")
            .env("HOME", folder.path())
            .env("XDG_CACHE_HOME", folder.path().join("cache"))
            .env("ALL_PROXY", "http://127.0.0.1:9")
            .env("HTTP_PROXY", "http://127.0.0.1:9")
            .env("HTTPS_PROXY", "http://127.0.0.1:9"),
    );
    let at = printed
        .find("so the built-in synthetic garments stand in")
        .expect("it says so");
    let first_result = printed.find("Data:").expect("it says what it uses");
    assert!(at < first_result);
    assert!(printed.contains("HEMLINE_DATA"), "it says what to do");
}

#[test]
fn on_the_real_data_a_quick_run_learns() {
    let Some(folder) = real_data() else { return };
    let data = load_folder(&folder).unwrap();
    assert_eq!(data.provenance().name, "Fashion-MNIST");
    let out = tempfile::tempdir().unwrap();
    let mut command = example("fashion_mlp");
    command.args(["--quick", "--data"]).arg(&folder);
    succeed(command.arg("--out").arg(out.path()));
    let report = report(out.path());
    assert_eq!(report["data"]["name"], "Fashion-MNIST");
    assert!(number(&report["final"]["test_accuracy"]) > 0.6);
}

#[test]
fn on_the_real_data_the_default_run_reaches_87_percent_and_the_variant_beats_it() {
    let Some(folder) = real_data() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example("fashion_mlp");
    command.arg("--data").arg(&folder);
    succeed(command.arg("--out").arg(out.path()));
    let report = report(out.path());
    assert_eq!(report["data"]["train"], 60_000);
    assert_eq!(report["data"]["validation"], 10_000);
    assert_eq!(report["tuning"]["trials"], 32);
    let accuracy = number(&report["final"]["test_accuracy"]);
    assert!(accuracy >= 0.87, "{accuracy}");
    let low = number(&report["difference"]["over_images_95"][0]);
    assert!(low > 0.0, "the interval of the difference begins at {low}");
}
