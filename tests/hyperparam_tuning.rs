//! The example `hyperparam_tuning` from end to end.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod support;

use std::path::Path;
use std::process::Command;

use support::{example, fail, journal, report, succeed};

fn quick(out: &Path, more: &[&str]) -> Command {
    let mut command = example("hyperparam_tuning");
    command
        .args(["--data", "synthetic", "--quick", "--out"])
        .arg(out)
        .args(more);
    command
}

#[test]
fn a_quick_search_writes_everything_it_promises() {
    let folder = tempfile::tempdir().unwrap();
    let printed = succeed(&mut quick(folder.path(), &["--trials", "11"]));
    assert!(printed.contains("What mattered"), "{printed}");

    let report = report(folder.path());
    let tuning = &report["tuning"];
    assert_eq!(tuning["trials"], 11);
    let count = |key: &str| tuning[key].as_u64().expect("a count");
    assert_eq!(count("completed") + count("pruned") + count("failed"), 11);
    assert!(count("completed") >= 1);

    let table = std::fs::read_to_string(folder.path().join("trials.csv")).unwrap();
    let mut lines = table.lines();
    let header = lines.next().expect("a header");
    assert!(
        header.starts_with("trial,status,validation_accuracy,budget,seed,seconds,hidden_layers")
    );
    assert_eq!(lines.clone().count(), 11);
    // The best of the report is the completed trial of the table with the highest accuracy.
    let best = lines
        .map(|line| line.split(',').collect::<Vec<_>>())
        .filter(|fields| fields[1] == "completed")
        .map(|fields| fields[2].parse::<f64>().unwrap())
        .fold(0.0, f64::max);
    assert_eq!(tuning["best"]["validation_accuracy"].as_f64(), Some(best));

    let png = std::fs::read(folder.path().join("tuning.png")).unwrap();
    assert!(png.starts_with(b"\x89PNG"));
    let page = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
    assert!(page.contains("<svg") && page.contains("learning rate"));
}

#[test]
fn workers_change_nothing_and_a_finished_search_is_extended() {
    let folders: Vec<_> = (0..3).map(|_| tempfile::tempdir().unwrap()).collect();
    let [one, eight, extended] = &folders[..] else {
        unreachable!("three folders")
    };
    succeed(&mut quick(
        one.path(),
        &["--trials", "14", "--workers", "1"],
    ));
    succeed(&mut quick(
        eight.path(),
        &["--trials", "14", "--workers", "8"],
    ));
    succeed(&mut quick(extended.path(), &["--trials", "10"]));
    succeed(&mut quick(extended.path(), &["--trials", "14", "--resume"]));
    let trials = |folder: &Path| journal(&folder.join("trials.jsonl"));
    assert_eq!(trials(one.path()), trials(eight.path()));
    assert_eq!(trials(one.path()), trials(extended.path()));
    let other = tempfile::tempdir().unwrap();
    succeed(&mut quick(other.path(), &["--trials", "14", "--seed", "1"]));
    assert_ne!(trials(one.path()), trials(other.path()));
}

#[test]
fn each_sampler_searches_elsewhere() {
    let journals = ["tree-parzen", "sobol", "random"].map(|sampler| {
        let folder = tempfile::tempdir().unwrap();
        let flags = ["--trials", "10", "--sampler", sampler];
        succeed(&mut quick(folder.path(), &flags));
        assert_eq!(report(folder.path())["sampler"], sampler);
        journal(&folder.path().join("trials.jsonl"))
    });
    assert_ne!(journals[0], journals[1]);
    assert_ne!(journals[1], journals[2]);
}

#[test]
fn wrong_flags_end_in_a_clear_line() {
    let folder = tempfile::tempdir().unwrap();
    let refused = |flags: &[&str]| fail(&mut quick(folder.path(), flags));
    assert!(refused(&["--trials", "9"]).contains("10..=100000"));
    assert!(refused(&["--workers", "0"]).contains("1..=1024"));
    assert!(refused(&["--sampler", "oracle"]).contains("tree-parzen"));
    let mut nowhere = example("hyperparam_tuning");
    let message = fail(
        nowhere
            .args(["--data", "/no/such/folder", "--out"])
            .arg(folder.path()),
    );
    assert!(message.contains("/no/such/folder"), "{message}");
    std::fs::write(folder.path().join("trials.jsonl"), "no journal\n").unwrap();
    let message = refused(&["--resume"]);
    assert!(message.contains("trials.jsonl"), "{message}");
}
