//! The example `autoencoder` from end to end.

mod support;

use std::path::Path;
use std::process::Command;

use burn::tensor::{Device, Tensor, TensorData};
use hemline_data::{Source, freeze};
use hemline_models::Autoencoder;
use serde_json::Value;
use support::{example, fail, real_data, report, succeed};

const PICTURES: [&str; 6] = [
    "reconstructions.png",
    "by_class.png",
    "codes.png",
    "interpolation.png",
    "anomaly.png",
    "loss.png",
];

fn quick(out: &Path, more: &[&str]) -> Command {
    let mut command = example("autoencoder");
    command
        .args(["--data", "synthetic", "--quick", "--out"])
        .arg(out)
        .args(more);
    command
}

/// The report without what may differ between two runs.
fn without_times(out: &Path) -> Value {
    let mut report = report(out);
    let fields = report.as_object_mut().expect("an object");
    for key in ["seconds", "training_seconds"] {
        fields.remove(key).expect("the run says how long it took");
    }
    report
}

#[track_caller]
fn number(report: &Value, key: &str) -> f64 {
    report[key].as_f64().unwrap_or_else(|| panic!("no {key}"))
}

#[test]
fn a_quick_run_writes_everything_and_its_claims_hold() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let printed = succeed(&mut quick(out, &["--seed", "3"]));
    let facts = "3,000 + 10,000 samples, image shape [1, 28, 28], 24 train batches of 128";
    assert!(printed.contains(facts), "{printed}");
    assert!(printed.contains("784-128-64-128-784"), "{printed}");

    let report = report(out);
    assert_eq!(report["seed"], 3);
    assert_eq!(report["data"]["sha256"].as_str().map(str::len), Some(64));
    assert_eq!(report["data"]["train"], 3_000);
    assert_eq!(report["data"]["test"], 10_000);
    assert_eq!(report["train_batches"], 24);
    assert_eq!(report["config"]["model"]["bottleneck"], 64);
    assert_eq!(report["config"]["batch_size"], 128);
    let epochs: Vec<f64> = report["epoch_mse"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert_eq!(epochs.len(), 5);
    assert!(epochs[4] < epochs[0], "{epochs:?}");
    // Five short epochs of training: less than half the error of an untrained net, which gives grey.
    assert!(number(&report, "test_mse") < 0.5 * epochs[0]);
    assert!(number(&report, "train_mse") > 0.0);
    let floor = number(&report, "pca64_test_mse");
    assert!(floor > 0.0 && floor < number(&report, "test_mse"));
    assert!(number(&report, "seconds") >= number(&report, "training_seconds"));
    let noise = number(&report["anomaly"], "uniform_noise_above");
    assert!(noise > number(&report["anomaly"], "test_images_above"));
    assert!(report["denoising"].is_null());

    for picture in PICTURES {
        let png = std::fs::read(out.join(picture)).unwrap();
        assert!(png.starts_with(b"\x89PNG"), "{picture}");
    }
    let page = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert_eq!(page.matches("<figure>").count(), PICTURES.len());
    assert!(!page.contains("<script") && !page.contains("src=\"http"));
    let history = std::fs::read_to_string(out.join("history.csv")).unwrap();
    assert_eq!(history.lines().count(), 1 + 5 * 24);
}

#[test]
fn the_saved_network_has_the_error_that_the_report_says() {
    let folder = tempfile::tempdir().unwrap();
    succeed(&mut quick(folder.path(), &[]));
    let device = Device::flex();
    let path = folder.path().join("autoencoder.safetensors");
    let (net, config) = Autoencoder::load(path, &device).unwrap();
    let places = hemline_data::Places::default();
    let data = hemline_data::find(&Source::Synthetic, &places, &mut hemline_data::Silent).unwrap();
    let (_, _, test) = data.into_parts();
    let test = test.open(&freeze(config));
    let pieces = test.images().pixels().chunks(1_000 * 784).map(|pixels| {
        let pixels: Vec<f32> = pixels
            .iter()
            .map(|&pixel| f32::from(pixel) / 255.0)
            .collect();
        let shape = [pixels.len() / 784, 784];
        let images = Tensor::<2>::from_data(TensorData::new(pixels, shape), &device);
        (images.clone(), images)
    });
    let found = net.evaluate(pieces).unwrap().mean_squared_error();
    assert_eq!(number(&report(folder.path()), "test_mse"), found);
}

#[test]
fn the_same_seed_gives_the_same_bits_with_any_number_of_threads() {
    for step in ["auto", "autodiff"] {
        let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
        for (folder, threads) in folders.iter().zip(["1", "2", "5"]) {
            let mut command = quick(folder.path(), &["--step", step, "--epochs", "2"]);
            succeed(command.env("RAYON_NUM_THREADS", threads));
        }
        let model = |folder: &Path| std::fs::read(folder.join("autoencoder.safetensors")).unwrap();
        for other in &folders[1..] {
            assert!(model(other.path()) == model(folders[0].path()), "{step}");
            assert_eq!(
                without_times(other.path()),
                without_times(folders[0].path())
            );
        }
        let another = tempfile::tempdir().unwrap();
        succeed(&mut quick(
            another.path(),
            &["--seed", "1", "--epochs", "2"],
        ));
        assert!(model(another.path()) != model(folders[0].path()));
    }
}

#[test]
fn the_dense_step_and_burns_differentiation_train_the_same_network() {
    let [dense, autodiff] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    for (folder, step, taken) in [
        (&dense, "auto", "dense"),
        (&autodiff, "autodiff", "autodiff"),
    ] {
        let flags = ["--step", step, "--epochs", "2"];
        succeed(&mut quick(folder.path(), &flags));
        assert_eq!(report(folder.path())["config"]["step"], taken);
    }
    for key in ["train_mse", "test_mse"] {
        let [one, other] = [&dense, &autodiff].map(|folder| number(&report(folder.path()), key));
        assert!((one / other - 1.0).abs() < 0.01, "{key}: {one}, {other}");
    }
}

#[test]
fn a_killed_run_resumes_to_the_same_network() {
    let [whole, killed] = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let flags = ["--epochs", "8"];
    succeed(&mut quick(whole.path(), &flags));
    for milliseconds in [300, 500] {
        let mut command = quick(killed.path(), &flags);
        command.arg("--resume").stdout(std::process::Stdio::null());
        let mut child = command.spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(milliseconds));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    succeed(quick(killed.path(), &flags).arg("--resume"));
    assert_eq!(without_times(killed.path()), without_times(whole.path()));
}

#[test]
fn a_denoising_run_removes_noise() {
    let folder = tempfile::tempdir().unwrap();
    let printed = succeed(&mut quick(folder.path(), &["--noise", "0.3"]));
    assert!(
        printed.contains("Noise of standard deviation 0.3"),
        "{printed}"
    );
    let denoising = &report(folder.path())["denoising"];
    assert_eq!(number(denoising, "deviation"), 0.3);
    let noisy = number(denoising, "noisy_test_mse");
    assert!(noisy > 0.02 && number(denoising, "denoised_test_mse") < noisy);
    assert!(folder.path().join("denoising.png").is_file());
}

#[test]
fn wrong_flags_end_in_a_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let run = |flags: &[&str]| fail(&mut quick(folder.path(), flags));
    assert!(run(&["--noise", "2"]).contains("expected a number from 0 to 1"));
    assert!(run(&["--schedule", "square"]).contains("one-cycle"));
    assert!(run(&["--epochs", "0"]).contains("epochs must be at least 1"));
    assert!(run(&["--learning-rate", "NaN"]).contains("learning_rate must be positive"));
    assert!(run(&["--device", "abacus"]).contains("no device `abacus`"));
    assert!(fail(example("autoencoder").args(["--data", "/no/such/folder"])).contains("/no/such"));
    // A checkpoint of a run with other settings.
    succeed(&mut quick(folder.path(), &["--epochs", "1"]));
    let message = run(&["--epochs", "1", "--noise", "0.1", "--resume"]);
    assert!(message.contains("belongs to another run"), "{message}");
}

#[test]
fn on_the_real_data_the_default_run_gets_below_the_linear_floor() {
    let Some(folder) = real_data() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example("autoencoder");
    command
        .arg("--data")
        .arg(&folder)
        .arg("--out")
        .arg(out.path());
    let printed = succeed(&mut command);
    let facts = "60,000 + 10,000 samples, image shape [1, 28, 28], 469 train batches of 128";
    assert!(printed.contains(facts), "{printed}");
    let report = report(out.path());
    assert_eq!(report["epoch_mse"].as_array().map(Vec::len), Some(20));
    let floor = number(&report, "pca64_test_mse");
    assert!((floor - 0.010_37).abs() < 1e-5, "{floor}");
    let error = number(&report, "test_mse");
    assert!(error <= 0.0082, "{error}");
}
