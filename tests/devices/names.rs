//! Names of devices that are wrong, not in the build, or not in the machine: one line, soon, no panic.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{example, fail, succeed};

/// The features that bring devices, a device of each, and whether the build has it.
const KINDS: [(&str, &str, bool); 5] = [
    ("flex", "flex", cfg!(feature = "flex")),
    ("ndarray", "ndarray", cfg!(feature = "ndarray")),
    ("wgpu", "wgpu:cpu", cfg!(feature = "wgpu")),
    ("cuda", "cuda:0", cfg!(feature = "cuda")),
    (
        "remote",
        "remote:ws://127.0.0.1:9",
        cfg!(feature = "remote"),
    ),
];

/// The features that the build has, as a message lists them.
fn built() -> String {
    let built = KINDS.iter().filter(|(.., built)| *built);
    let names: Vec<&str> = built.map(|(feature, ..)| *feature).collect();
    names.join(", ")
}

/// A short training. Where a machine has no desktop, drivers complain of it on standard error; that is not
/// what is looked for here.
fn training() -> Command {
    let mut command = example("throughput");
    command
        .args(["--data", "synthetic", "--images", "640", "--epochs", "1"])
        .env("XDG_RUNTIME_DIR", std::env::temp_dir());
    command
}

/// What `--device name` leads to, which must take no longer than `limit`.
#[track_caller]
fn refused(name: &str, limit: Duration) -> String {
    let begun = Instant::now();
    let error = fail(training().args(["--device", name]));
    let took = begun.elapsed();
    assert!(took < limit, "`{name}` took {took:?}");
    let error = error.trim_end();
    assert_eq!(error.lines().count(), 1, "{error}");
    assert!(error.contains(&format!("`{name}`")), "{error}");
    assert!(error.contains(&format!(" has: {}; ", built())), "{error}");
    assert!(error.contains("; this machine has: "), "{error}");
    error.to_owned()
}

#[test]
fn a_name_that_is_none_says_which_there_are() {
    let wrong = [
        "nope",
        "",
        "flex:1",
        "Flex",
        "ndarray:0",
        "wgpu:fast",
        "wgpu:-1",
        "cuda:one",
        "remote",
        "remote:",
        "remote:http://127.0.0.1:3000",
        "remote:ws://127.0.0.1",
        "remote:ws://127.0.0.1:0",
        "remote:ws://:3000",
        "remote:ws://127.0.0.1:99999",
        "remote:ws://127.0.0.1:3000/first",
        "remote:ws://me@127.0.0.1:3000",
    ];
    for name in wrong {
        let error = refused(name, Duration::from_secs(2));
        assert!(!error.contains("made without"), "{error}");
    }
}

#[test]
fn a_device_that_is_not_in_the_build_names_its_feature() {
    for (feature, name, built) in KINDS {
        if !built {
            let error = refused(name, Duration::from_secs(2));
            assert!(error.contains(&format!("the feature {feature}")), "{error}");
        }
    }
}

#[cfg(feature = "wgpu")]
#[test]
fn an_adapter_that_is_not_in_the_machine_is_an_error() {
    refused("wgpu:63", Duration::from_secs(2));
    // What hides every driver of Vulkan and OpenGL.
    let mut command = training();
    command
        .args(["--device", "wgpu"])
        .env("VK_DRIVER_FILES", "/nonexistent")
        .env("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent");
    let error = fail(&mut command);
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
}

#[cfg(feature = "remote")]
#[test]
fn a_server_that_is_not_there_is_an_error_within_twenty_seconds() {
    let limit = Duration::from_secs(20);
    // A listener that accepts and never answers, and a port where nothing listens.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let silent = silent.local_addr().unwrap();
    let none = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let unused = none.local_addr().unwrap();
    drop(none);
    std::thread::scope(|scope| {
        for address in [silent, unused] {
            scope.spawn(move || refused(&format!("remote:ws://{address}"), limit));
        }
    });
}

#[test]
fn one_device_at_a_time_where_the_example_takes_one() {
    let mut command = example("autoencoder");
    let error = fail(command.args(["--device", "flex", "--device", "flex"]));
    assert!(error.contains("--device names 2"), "{error}");
}

#[test]
fn the_example_devices_measures_what_is_there() {
    let text = succeed(&mut example("devices"));
    let rows: Vec<&str> = text.lines().filter(|line| line.contains(" ms")).collect();
    for (name, built) in [
        ("flex", cfg!(feature = "flex")),
        ("ndarray", cfg!(feature = "ndarray")),
    ] {
        let row = |row: &&str| row.split_whitespace().next() == Some(name);
        assert_eq!(rows.iter().any(row), built, "{text}");
    }
}
