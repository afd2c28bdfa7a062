//! The arrows between the crates, read from their manifests, and the rules that no compiler checks.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The only arrow between two crates of the house.
const ALLOWED: [(&str, &str); 1] = [("hemline-models", "hemline-init")];
/// Crates that know nothing of tensors.
const WITHOUT_BURN: [&str; 2] = ["hemline-init", "hemline-plot"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn crates() -> Vec<(String, String)> {
    let folders = std::fs::read_dir(root().join("crates")).expect("there are crates");
    let mut crates: Vec<_> = folders
        .map(|entry| entry.expect("the folder can be listed"))
        .map(|entry| {
            let manifest = std::fs::read_to_string(entry.path().join("Cargo.toml"));
            (
                entry.file_name().to_string_lossy().into_owned(),
                manifest.expect("a manifest"),
            )
        })
        .collect();
    crates.sort();
    crates
}

/// The names on the left of the lines of one section of a manifest.
fn dependencies(manifest: &str, section: &str) -> BTreeSet<String> {
    manifest
        .lines()
        .skip_while(|line| line.trim() != format!("[{section}]"))
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split(['.', '=', ' ']).next())
        .filter(|name| !name.is_empty() && !name.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

#[test]
fn the_only_arrow_between_crates_is_from_models_to_init() {
    let mut arrows = Vec::new();
    for (name, manifest) in &crates() {
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let inside = dependencies(manifest, section);
            let inside = inside
                .into_iter()
                .filter(|dependency| dependency.starts_with("hemline"));
            arrows.extend(inside.map(|dependency| (name.clone(), dependency)));
        }
    }
    let allowed = ALLOWED.map(|(from, to)| (from.to_owned(), to.to_owned()));
    assert_eq!(arrows, allowed);
}

#[test]
fn init_and_plot_do_without_burn() {
    for (name, manifest) in &crates() {
        let uses_burn = dependencies(manifest, "dependencies").contains("burn");
        assert_eq!(uses_burn, !WITHOUT_BURN.contains(&name.as_str()), "{name}");
    }
}

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("the folder can be listed") {
        let path = entry.expect("the folder can be listed").path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

#[test]
fn every_file_says_what_it_is_for_and_none_is_long() {
    let mut files = Vec::new();
    for folder in ["crates", "examples", "benches", "tests"] {
        sources(&root().join(folder), &mut files);
    }
    assert!(files.len() > 50);
    for file in files {
        let text = std::fs::read_to_string(&file).expect("a source file is UTF-8");
        assert!(
            text.starts_with("//! "),
            "{} opens without //!",
            file.display()
        );
        let lines = text.lines().count();
        assert!(lines <= 330, "{} has {lines} lines", file.display());
    }
}

#[test]
fn burn_is_in_one_file_of_hemline_data() {
    let mut files = Vec::new();
    sources(&root().join("crates/hemline-data/src"), &mut files);
    let users: Vec<_> = files
        .iter()
        .filter(|file| std::fs::read_to_string(file).is_ok_and(|text| text.contains("use burn")))
        .filter_map(|file| file.file_name())
        .collect();
    assert_eq!(users, ["tensors.rs"]);
}
