//! The pages that the examples write, opened in headless Chromium as a person would open them.

#![allow(clippy::print_stderr, reason = "a skipped test says so")]
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod support;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::{example, succeed};

/// The names under which Chromium is installed.
const NAMES: [&str; 4] = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
];

/// What a page is asked once it is loaded: which resources it fetched, which charts have no size or no
/// marks, and whether anything is wider than the window.
const QUESTIONS: &str = r#"<script>
addEventListener("load", () => requestAnimationFrame(() => {
  const drawn = svg => {
    const box = svg.getBoundingClientRect();
    const marks = [...svg.querySelectorAll("path, polyline, polygon, rect, circle, line, image, text")];
    const visible = marks.filter(mark => {
      const size = mark.getBoundingClientRect();
      return size.width + size.height > 0;
    });
    return box.width > 100 && box.height > 100 && visible.length > 10;
  };
  const charts = [...document.querySelectorAll("figure svg")];
  const answer = {
    fetched: performance.getEntriesByType("resource").map(entry => entry.name),
    charts: charts.length,
    blank: charts.filter(svg => !drawn(svg)).length,
    overflow: document.documentElement.scrollWidth - innerWidth,
    heading: document.querySelector("h1").textContent,
  };
  const element = document.createElement("pre");
  element.id = "answer";
  element.textContent = JSON.stringify(answer);
  document.body.append(element);
}));
</script></body>"#;

/// The browser, or `None` where the test is to be skipped. Where `HEMLINE_REQUIRE_BROWSER` is 1, absence
/// is a failure.
fn browser() -> Option<PathBuf> {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found = std::env::split_paths(&folders)
        .flat_map(|folder| NAMES.map(|name| folder.join(name)))
        .find(|path| path.is_file());
    if found.is_none() {
        let required = std::env::var_os("HEMLINE_REQUIRE_BROWSER").is_some_and(|v| v == "1");
        assert!(
            !required,
            "HEMLINE_REQUIRE_BROWSER is 1, but there is no Chromium"
        );
        eprintln!("skipped: there is no Chromium");
    }
    found
}

/// Opens a copy of the page that answers [`QUESTIONS`]; returns the answer and what the browser logged.
fn ask(browser: &Path, page: &Path) -> (Value, String) {
    let folder = tempfile::tempdir().unwrap();
    let html = std::fs::read_to_string(page).expect("the page is there");
    assert!(html.contains("</body>"), "the page is whole");
    let copy = folder.path().join("page.html");
    std::fs::write(&copy, html.replace("</body>", QUESTIONS)).unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--enable-logging=stderr",
            // Whatever asks for a host is told that there is none.
            "--host-resolver-rules=MAP * ~NOTFOUND",
            "--window-size=1280,1000",
            "--virtual-time-budget=5000",
            "--dump-dom",
        ])
        .arg(format!(
            "--user-data-dir={}",
            folder.path().join("profile").display()
        ))
        .arg(format!("file://{}", copy.display()))
        .output()
        .expect("Chromium starts");
    let dom = String::from_utf8_lossy(&output.stdout).into_owned();
    let log = String::from_utf8_lossy(&output.stderr).into_owned();
    let answer = dom
        .split_once("<pre id=\"answer\">")
        .and_then(|(_, rest)| rest.split_once("</pre>"))
        .unwrap_or_else(|| panic!("the page did not answer:\n{log}"))
        .0;
    let answer = answer
        .replace("&amp;", "&")
        .replace("&lt;", "<")
        .replace("&gt;", ">");
    (
        serde_json::from_str(&answer).expect("the answer is JSON"),
        log,
    )
}

/// The page of a quick run of `name` shows `charts` charts, and nothing goes wrong with it.
fn check(name: &str, flags: &[&str], charts: u64) {
    let Some(browser) = browser() else { return };
    let out = tempfile::tempdir().unwrap();
    let mut command = example(name);
    command
        .args(["--quick", "--data", "synthetic", "--out"])
        .arg(out.path());
    succeed(command.args(flags));
    let (answer, log) = ask(&browser, &out.path().join("report.html"));
    let complaints: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("CONSOLE"))
        .collect();
    assert!(complaints.is_empty(), "{complaints:#?}");
    assert_eq!(
        answer["fetched"],
        serde_json::json!([]),
        "the page fetches something"
    );
    assert_eq!(answer["charts"], charts, "{answer}");
    assert_eq!(answer["blank"], 0, "{answer}");
    assert!(
        answer["overflow"]
            .as_i64()
            .is_some_and(|pixels| pixels <= 0),
        "{answer}"
    );
    assert!(
        answer["heading"]
            .as_str()
            .is_some_and(|heading| !heading.is_empty())
    );
}

#[test]
fn the_page_of_fashion_mlp() {
    // The classes, the search; curves and last losses of two networks; two confusion matrices with
    // their mistakes.
    check("fashion_mlp", &[], 10);
}

#[test]
fn the_page_of_hyperparam_tuning() {
    check("hyperparam_tuning", &["--trials", "10"], 2);
}

#[test]
fn the_page_of_autoencoder() {
    // Two images and one of each class, the loss, the codes, the ways between codes, the anomalies.
    check("autoencoder", &[], 6);
}

#[test]
fn the_page_of_he_init() {
    check("he_init", &["--depth", "10"], 3);
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
    let (answer, log) = ask(&browser, &page);
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
