//! Runs the built examples as a person would, in a folder of their own.

#![allow(dead_code, reason = "every test binary uses a part of this")]
#![allow(clippy::print_stderr, reason = "a skipped test says so")]

pub(crate) mod browser;

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

/// The built example `name`. Cargo builds the examples before it runs the tests and puts them beside
/// the folder of the test binaries.
pub(crate) fn example(name: &str) -> Command {
    let test = std::env::current_exe().expect("a running test knows where it is");
    let profile = test
        .parent()
        .and_then(Path::parent)
        .expect("tests lie in <profile>/deps");
    let path = profile
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(
        path.is_file(),
        "{} is not built: run `cargo build --examples`",
        path.display()
    );
    Command::new(path)
}

/// Standard output of a run that must succeed.
#[track_caller]
pub(crate) fn succeed(command: &mut Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().expect("the example starts");
    let stdout = String::from_utf8_lossy(&stdout).into_owned();
    let stderr = String::from_utf8_lossy(&stderr);
    assert!(status.success(), "{status}\n{stdout}\n{stderr}");
    stdout
}

/// Standard error of a run that must fail with a message and not with a panic.
#[track_caller]
pub(crate) fn fail(command: &mut Command) -> String {
    let output = command.output().expect("the example starts");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success(), "the run succeeded");
    assert!(!stderr.contains("panicked"), "{stderr}");
    stderr
}

/// The folder with real Fashion-MNIST, or `None` where the test is to be skipped.
///
/// Where `HEMLINE_REQUIRE_DATA` is 1, absence is a failure.
#[track_caller]
pub(crate) fn real_data() -> Option<PathBuf> {
    match std::env::var_os("HEMLINE_DATA").filter(|value| !value.is_empty()) {
        Some(folder) => Some(folder.into()),
        None => {
            let required =
                std::env::var_os("HEMLINE_REQUIRE_DATA").is_some_and(|value| value == "1");
            assert!(
                !required,
                "HEMLINE_REQUIRE_DATA is 1, but HEMLINE_DATA names no folder"
            );
            eprintln!("skipped: HEMLINE_DATA names no folder with Fashion-MNIST");
            None
        }
    }
}

/// The run's `report.json`.
#[track_caller]
pub(crate) fn report(out: &Path) -> serde_json::Value {
    let text = std::fs::read_to_string(out.join("report.json")).expect("the report is there");
    serde_json::from_str(&text).expect("the report is JSON")
}

/// The report without what may differ between two runs: every entry called `seconds`.
pub(crate) fn report_without_times(out: &Path) -> serde_json::Value {
    let mut report = report(out);
    remove_times(&mut report);
    report
}

fn remove_times(value: &mut serde_json::Value) {
    match value {
        serde_json::Value::Object(entries) => {
            entries.remove("seconds");
            entries.values_mut().for_each(remove_times);
        }
        serde_json::Value::Array(values) => values.iter_mut().for_each(remove_times),
        _ => {}
    }
}

/// A search's journal without what may differ between two runs, their times.
#[track_caller]
pub(crate) fn journal(path: &Path) -> String {
    let text = std::fs::read_to_string(path).expect("the journal is there");
    hemline_train::tune::without_times(&text)
}
