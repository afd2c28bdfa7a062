//! The example `loss_landscape` from end to end.
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod support;

use std::fs::File;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use ndarray::{Array1, Array2};
use ndarray_npy::NpzReader;
use serde_json::Value;
use support::{example, fail, real_data, report, succeed};

fn quick(out: &Path, more: &[&str]) -> Command {
    let mut command = example("loss_landscape");
    command
        .args(["--data", "synthetic", "--quick", "--out"])
        .arg(out)
        .args(more);
    command
}

/// Everything that must be the same in two runs of the same settings.
fn arrays(out: &Path) -> Vec<Vec<u64>> {
    let file = File::open(out.join("landscape.npz")).expect("the run wrote it");
    let mut npz = NpzReader::new(file).expect("it is an npz file");
    let bits = |array: Vec<f64>| array.into_iter().map(f64::to_bits).collect::<Vec<_>>();
    let loss: Array2<f64> = npz.by_name("loss").expect("it has the losses");
    let origin: Array1<f64> = npz.by_name("origin").expect("it has the origin");
    let path: Array1<f64> = npz.by_name("path_loss_1").expect("it has a second path");
    [
        loss.into_raw_vec_and_offset().0,
        origin.to_vec(),
        path.to_vec(),
    ]
    .map(bits)
    .to_vec()
}

#[test]
fn a_quick_run_writes_everything_and_it_fits_together() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let printed = succeed(&mut quick(out, &["--seed", "3"]));
    assert!(printed.contains("component 1"), "{printed}");

    let report = report(out);
    assert_eq!(report["subset"], 500);
    assert_eq!(report["grid"], serde_json::json!([15, 15]));
    assert_eq!(report["parameters"], 44_860);
    assert_eq!(report["config"]["step"], "dense");
    let difference = report["largest_difference_of_paths"].as_f64().unwrap();
    assert!(difference <= 1e-5 && report["points_compared"].as_u64().unwrap() > 10);

    let subset: Vec<usize> =
        serde_json::from_str(&std::fs::read_to_string(out.join("subset.json")).unwrap()).unwrap();
    assert_eq!(subset.len(), 500);
    assert!(subset.windows(2).all(|pair| pair[0] < pair[1]) && subset[499] < 60_000);
    let layout: Value =
        serde_json::from_str(&std::fs::read_to_string(out.join("layout.json")).unwrap()).unwrap();
    assert_eq!(layout["entries"].as_array().map(Vec::len), Some(8));

    let mut npz = NpzReader::new(File::open(out.join("landscape.npz")).unwrap()).unwrap();
    let (x, y): (Array1<f64>, Array1<f64>) = (npz.by_name("x").unwrap(), npz.by_name("y").unwrap());
    let loss: Array2<f64> = npz.by_name("loss").unwrap();
    assert_eq!(loss.dim(), (y.len(), x.len()));
    let directions: Array2<f64> = npz.by_name("directions").unwrap();
    assert_eq!(directions.dim(), (2, 44_860));
    let gram = directions.dot(&directions.t());
    for (index, expected) in [(0, 1.0), (1, 0.0), (2, 0.0), (3, 1.0)] {
        assert!(
            (gram[[index / 2, index % 2]] - expected).abs() < 1e-9,
            "{gram}"
        );
    }
    let ratio: Array1<f64> = npz.by_name("explained_variance_ratio").unwrap();
    assert!(ratio[0] > ratio[1] && ratio[1] > 0.0 && ratio.sum() < 1.0);
    for run in 0..2 {
        let path: Array2<f64> = npz.by_name(&format!("path_{run}")).unwrap();
        let mut column =
            |name: &str| -> Array1<f64> { npz.by_name(&format!("path_{name}_{run}")).unwrap() };
        let [true_loss, plane_loss, distance] = ["loss", "plane_loss", "distance"].map(&mut column);
        let iterations: Array1<i64> = npz.by_name(&format!("path_iteration_{run}")).unwrap();
        let count = path.nrows();
        assert!(count > 10);
        assert!(
            [
                true_loss.len(),
                plane_loss.len(),
                distance.len(),
                iterations.len()
            ]
            .iter()
            .all(|&length| length == count)
        );
        assert_eq!(iterations[0], 0);
        assert_eq!(
            iterations[count - 1],
            report["runs"][run]["iterations"].as_i64().unwrap()
        );
        assert!(true_loss[count - 1] < 0.7 * true_loss[0], "{true_loss}");
        assert!(distance.iter().all(|&d| d >= 0.0) && distance[0] > 0.1);
        for point in path.rows() {
            assert!(x[0] < point[0] && point[0] < x[x.len() - 1]);
            assert!(y[0] < point[1] && point[1] < y[y.len() - 1]);
        }
        // On the plane the surface is what it says: near a node, about the node's loss.
        assert!(plane_loss.iter().all(|loss| loss.is_finite()));
    }

    for picture in ["landscape.png", "contour.png"] {
        assert!(
            std::fs::read(out.join(picture))
                .unwrap()
                .starts_with(b"\x89PNG")
        );
    }
    let svg = std::fs::read_to_string(out.join("landscape.svg")).unwrap();
    assert!(svg.contains("at its true loss") && svg.contains("% of the variance"));
    let vtk = std::fs::read_to_string(out.join("landscape.vtk")).unwrap();
    assert!(
        vtk.contains("POLYGONS 196 980"),
        "a grid of 15 × 15 has 196 cells"
    );
}

#[test]
fn the_same_seed_gives_the_same_bits_for_any_number_of_workers_and_after_a_kill() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    succeed(&mut quick(folders[0].path(), &["--workers", "1"]));
    succeed(quick(folders[1].path(), &["--workers", "5"]).env("RAYON_NUM_THREADS", "5"));
    let expected = arrays(folders[0].path());
    assert_eq!(arrays(folders[1].path()), expected);
    // Killed as soon as the cache holds a row, by the slow path that both paths' results agree with.
    let out = folders[2].path();
    let slow = ["--path", "plain", "--grid", "40", "--workers", "1"];
    let mut child = quick(out, &slow)
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let cache = out.join("landscape.cache");
    for _ in 0..1_000 {
        if std::fs::metadata(&cache).is_ok_and(|file| file.len() > 1_000) {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let mut resumed = slow.to_vec();
    resumed.push("--resume");
    succeed(&mut quick(out, &resumed));
    let cached = report(out)["cached_rows"].as_u64().unwrap();
    assert!(
        (1..40).contains(&cached),
        "{cached} rows came from the cache"
    );
    let whole = arrays(out);
    succeed(&mut quick(out, &slow));
    assert_eq!(report(out)["cached_rows"], 0);
    assert_eq!(arrays(out), whole);
}

#[test]
fn every_plane_has_its_picture() {
    for (plane, flags) in [
        ("random", &["--log", "--height", "surface"][..]),
        ("hessian", &["--hidden", "10", "--runs", "1"]),
        ("line", &["--runs", "2"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path();
        succeed(quick(out, &["--plane", plane]).args(flags));
        assert_eq!(report(out)["plane"]["name"], plane);
        assert!(out.join("landscape.png").is_file());
        let is_line = plane == "line";
        assert_eq!(out.join("landscape.html").is_file(), !is_line);
        let mut npz = NpzReader::new(File::open(out.join("landscape.npz")).unwrap()).unwrap();
        let loss: Array2<f64> = npz.by_name("loss").unwrap();
        assert_eq!(loss.dim(), if is_line { (1, 31) } else { (15, 15) });
    }
}

#[test]
fn a_loss_that_is_nearly_0_is_compared_by_its_absolute_difference() {
    let folder = tempfile::tempdir().unwrap();
    succeed(&mut quick(
        folder.path(),
        &["--subset", "1", "--epochs", "40"],
    ));
    let lowest = report(folder.path())["lowest_loss"].as_f64().unwrap();
    assert!((0.0..1e-3).contains(&lowest), "{lowest}");
}

#[test]
fn wrong_flags_are_one_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let one = fail(&mut quick(out, &["--plane", "line", "--runs", "1"]));
    assert!(one.contains("needs two runs"), "{one}");
    for flags in [
        ["--grid", "1"],
        ["--grid", "-5"],
        ["--runs", "0"],
        ["--plane", "flat"],
        ["--hidden", "0"],
        ["--hidden", "a,b"],
        ["--epochs", "0"],
        ["--device", "abacus"],
    ] {
        let message = fail(&mut quick(out, &flags));
        assert!(message.starts_with("error: "), "{flags:?}: {message}");
    }
}

#[test]
fn on_the_real_data_two_runs_end_in_different_places_at_similar_loss() {
    let Some(data) = real_data() else { return };
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path();
    let mut command = example("loss_landscape");
    succeed(command.arg("--data").arg(data).arg("--out").arg(out));
    let report = report(out);
    let run = |index: usize, key: &str| report["runs"][index][key].as_f64().unwrap();
    let apart = report["distances_between_ends"][1].as_f64().unwrap();
    let moved = run(0, "moved").max(run(1, "moved"));
    assert!(apart > 1.5 * moved, "{apart} apart, {moved} from the start");
    let (first, second) = (run(0, "last_loss"), run(1, "last_loss"));
    assert!(
        (first - second).abs() < 0.1 && first.max(second) < 0.3,
        "{first}, {second}"
    );
    let seconds = report["seconds"]["total"].as_f64().unwrap();
    assert!(seconds < 60.0, "{seconds} s, even beside other tests");
}
