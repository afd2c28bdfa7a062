//! The pages that the examples write, opened in headless Chromium as a person would open them.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod support;

use hemline_plot::{Axis, Surface, SurfaceGrid, SurfacePage, SurfacePath};
use support::browser::{ask, browser, check, check_surface};
use support::{example, succeed};

/// The page of a quick run of `name` shows `charts` charts, and nothing goes wrong with it.
fn check_report(name: &str, flags: &[&str], charts: u64) {
    let Some(browser) = browser() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example(name);
    command
        .args(["--quick", "--data", "synthetic", "--out"])
        .arg(out.path());
    succeed(command.args(flags));
    let answer = check(&browser, &out.path().join("report.html"), 1280, charts);
    assert_eq!(answer["plots"], serde_json::json!([]));
}

#[test]
fn the_page_of_fashion_mlp() {
    // The classes, the search; curves and last losses of two networks; two confusion matrices with
    // their mistakes.
    check_report("fashion_mlp", &[], 10);
}

#[test]
fn the_page_of_hyperparam_tuning() {
    check_report("hyperparam_tuning", &["--trials", "10"], 2);
}

#[test]
fn the_page_of_autoencoder() {
    // Two images and one of each class, the loss, the codes, the ways between codes, the anomalies.
    check_report("autoencoder", &[], 6);
}

#[test]
fn the_page_of_he_init() {
    check_report("he_init", &["--depth", "10"], 3);
}

/// A bowl whose corner diverged, with two runs, one of which has a name that tries to be markup.
fn bowl() -> Surface {
    let x: Vec<f64> = (0..30).map(|i| f64::from(i) / 10.0 - 1.5).collect();
    let loss = |x: f64, y: f64| 0.4 + 2.0 * x * x + y * y + 0.3 * x * y;
    let mut z: Vec<f64> = x
        .iter()
        .flat_map(|&y| x.iter().map(move |&x| loss(x, y)))
        .collect();
    z[0] = f64::INFINITY;
    let run = |name: &str, start: f64| {
        let way: Vec<f64> = (0..40).map(|i| start * 0.9_f64.powi(i)).collect();
        let height: Vec<f64> = way.iter().map(|&w| loss(w, -w)).collect();
        let other: Vec<f64> = way.iter().map(|w| -w).collect();
        let time: Vec<f64> = (0..40).map(|i| f64::from(10 * i)).collect();
        let path = SurfacePath::new(name, &way, &other, &height, &time).unwrap();
        path.column("distance <from> the plane", &way).unwrap()
    };
    Surface::new("A bowl </script><b>", SurfaceGrid::new(&x, &x, &z).unwrap())
        .x(Axis::linear("PC 1 <61 %>"))
        .y(Axis::linear("PC 2"))
        .height(Axis::logarithmic("cross-entropy (nats)"))
        .path(run("seed 1", 1.3))
        .path(run("<img src=x onerror=missing()> %{x}", -1.2))
}

#[test]
fn the_page_of_a_surface() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("surface.html");
    SurfacePage::new(bowl())
        .paragraph("A & B")
        .save(&page)
        .unwrap();
    check_surface(&browser, &page, 2, 0);
}

#[test]
fn the_page_of_loss_landscape() {
    let Some(browser) = browser() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example("loss_landscape");
    command.args(["--quick", "--data", "synthetic", "--out"]);
    succeed(command.arg(out.path()));
    // The surface with two runs, and the map below it.
    check_surface(&browser, &out.path().join("landscape.html"), 2, 1);
}

#[test]
fn a_page_with_a_fault_is_noticed() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    let faults = "<h1>Faults</h1><figure><svg width=\"300\" height=\"300\"></svg></figure>\
                  <img src=\"http://example.org/a.png\"><script>missing()</script>";
    std::fs::write(
        &page,
        format!("<!DOCTYPE html><html><body>{faults}</body></html>"),
    )
    .unwrap();
    let (answer, log) = ask(&browser, &page, 1280);
    assert!(
        log.contains("CONSOLE") && log.contains("missing is not defined"),
        "{log}"
    );
    assert_eq!(answer["blank"], 1);
    assert_eq!(
        answer["fetched"].as_array().map(Vec::len),
        Some(1),
        "{answer}"
    );
}
