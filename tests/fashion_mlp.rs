//! The example `fashion_mlp` from end to end.

mod support;

use std::path::Path;

use burn::tensor::{Device, TensorData};
use hemline_data::{Source, freeze, load_folder};
use hemline_models::Mlp;
use serde_json::Value;
use support::{example, fail, real_data, succeed};

fn quick(out: &Path, more: &[&str]) -> String {
    let mut command = example("fashion_mlp");
    command
        .args(["--data", "synthetic", "--quick", "--out"])
        .arg(out)
        .args(more);
    succeed(&mut command)
}

fn report(out: &Path) -> Value {
    let text = std::fs::read_to_string(out.join("report.json")).expect("the report is there");
    serde_json::from_str(&text).expect("the report is JSON")
}

/// The report without what may differ between two runs.
fn without_times(out: &Path) -> Value {
    let mut report = report(out);
    report["final"]
        .as_object_mut()
        .expect("an object")
        .remove("seconds");
    report
}

#[test]
fn a_quick_run_writes_everything_it_promises() {
    let folder = tempfile::tempdir().unwrap();
    let printed = quick(folder.path(), &["--seed", "3"]);
    assert!(
        printed.contains("Training loss of the last 20 iterations"),
        "{printed}"
    );
    assert!(printed.contains("Test accuracy"), "{printed}");

    let report = report(folder.path());
    assert_eq!(report["seed"], 3);
    assert_eq!(report["device"], "flex");
    assert_eq!(report["data"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(report["data"]["test"], 10_000);
    assert_eq!(report["data"]["train"], 3_000);
    let last = &report["final"];
    assert_eq!(last["last_losses"].as_array().map(Vec::len), Some(20));
    assert!(
        last["test_cross_entropy"]
            .as_f64()
            .is_some_and(|loss| loss > 0.0)
    );
    // Ten classes; a net that learnt nothing gets a tenth right.
    let accuracy = last["test_accuracy"].as_f64().expect("a number");
    assert!(accuracy > 0.5, "{accuracy}");

    let history = std::fs::read_to_string(folder.path().join("history.csv")).unwrap();
    let losses: Vec<f64> = history
        .lines()
        .skip(1)
        .map(|line| line.split(',').nth(3).unwrap().parse().unwrap())
        .collect();
    let reported: Vec<f64> = last["last_losses"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert_eq!(losses[losses.len() - 20..], reported);

    let png = std::fs::read(folder.path().join("loss_last20.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
}

#[test]
fn the_saved_network_scores_what_the_report_says() {
    let folder = tempfile::tempdir().unwrap();
    quick(folder.path(), &[]);
    let device = Device::flex();
    let (mlp, config) = Mlp::load(folder.path().join("model.safetensors"), &device).unwrap();
    let places = hemline_data::Places::default();
    let data = hemline_data::find(&Source::Synthetic, &places, &mut hemline_data::Silent).unwrap();
    let (_, _, test) = data.into_parts();
    let test = test.open(&freeze(config));
    let shape = [test.count(), test.images().pixels_per_image()];
    let pixels = TensorData::new(test.images().to_f32(), shape);
    let images = burn::tensor::Tensor::from_data(pixels, &device);
    let evaluation = mlp.evaluate([(images, test.labels())]).unwrap();
    let report = report(folder.path());
    assert_eq!(
        report["final"]["test_accuracy"].as_f64(),
        Some(evaluation.accuracy)
    );
}

#[test]
fn the_same_seed_gives_the_same_bits_with_any_number_of_threads() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    for (folder, threads) in folders.iter().zip(["1", "2", "5"]) {
        let mut command = example("fashion_mlp");
        command
            .args(["--data", "synthetic", "--quick", "--out"])
            .arg(folder.path());
        succeed(command.env("RAYON_NUM_THREADS", threads));
    }
    let model = |folder: &Path| std::fs::read(folder.join("model.safetensors")).unwrap();
    for other in &folders[1..] {
        assert_eq!(model(other.path()), model(folders[0].path()));
        assert_eq!(
            without_times(other.path()),
            without_times(folders[0].path())
        );
    }
    let another = tempfile::tempdir().unwrap();
    quick(another.path(), &["--seed", "1"]);
    assert_ne!(model(another.path()), model(folders[0].path()));
}

#[test]
fn a_killed_run_resumes_to_the_same_network() {
    let [whole, killed] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    quick(whole.path(), &[]);
    for milliseconds in [150, 300, 500] {
        let mut command = example("fashion_mlp");
        command
            .args(["--data", "synthetic", "--quick", "--resume", "--out"])
            .arg(killed.path());
        let mut child = command.stdout(std::process::Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    quick(killed.path(), &["--resume"]);
    assert_eq!(without_times(killed.path()), without_times(whole.path()));
}

#[test]
fn wrong_flags_end_in_a_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let mut command = example("fashion_mlp");
        command
            .arg("--quick")
            .arg("--out")
            .arg(folder.path().join("out"))
            .args(arguments);
        fail(&mut command)
    };
    assert!(
        run(&["--device", "abacus"]).contains("no device `abacus` in this build, which has: flex")
    );
    assert!(run(&["--data", "/no/such/folder"]).contains("/no/such/folder"));
    assert!(run(&["--seed", "minus one"]).contains("--seed"));
    let file = folder.path().join("file");
    std::fs::write(&file, "no folder").unwrap();
    let out = file.to_str().expect("the temporary folder is UTF-8");
    let mut command = example("fashion_mlp");
    let message = fail(command.args(["--quick", "--data", "synthetic", "--out", out]));
    assert!(message.contains("cannot make the folder"), "{message}");
}

#[test]
fn a_checkpoint_of_other_data_is_refused() {
    let Some(folder) = real_data() else { return };
    let out = tempfile::tempdir().unwrap();
    quick(out.path(), &[]);
    let mut command = example("fashion_mlp");
    command
        .args(["--quick", "--resume", "--data"])
        .arg(folder)
        .arg("--out")
        .arg(out.path());
    let message = fail(&mut command);
    assert!(
        message.contains("belongs to another run: identity"),
        "{message}"
    );
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
    succeed(
        command
            .arg("--quick")
            .arg("--data")
            .arg(&folder)
            .arg("--out")
            .arg(out.path()),
    );
    let report = report(out.path());
    assert_eq!(report["data"]["name"], "Fashion-MNIST");
    let accuracy = report["final"]["test_accuracy"].as_f64().expect("a number");
    assert!(accuracy > 0.6, "{accuracy}");
}

#[test]
fn on_the_real_data_the_default_run_reaches_87_percent() {
    let Some(folder) = real_data() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example("fashion_mlp");
    succeed(
        command
            .arg("--data")
            .arg(&folder)
            .arg("--out")
            .arg(out.path()),
    );
    let report = report(out.path());
    let accuracy = report["final"]["test_accuracy"].as_f64().expect("a number");
    assert!(accuracy >= 0.87, "{accuracy}");
    assert_eq!(report["data"]["train"], 60_000);
    assert_eq!(report["data"]["validation"], 10_000);
}
