//! Searches on two servers that are killed, held, late and restarted: the same results as on one local flex
//! device, and no run that hangs.

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use hemline_train::{Purpose, generator};
use rand::RngExt;
use tempfile::TempDir;

use crate::server::Server;
use crate::support::{example, journal, succeed};

/// Longer than any of these runs may take, hung servers included.
const LIMIT: Duration = Duration::from_secs(180);
/// Lines of a journal that is well begun.
const BEGUN: usize = 4;

/// An example at work in a folder of its own.
pub(crate) struct Run {
    process: Child,
    out: PathBuf,
}

pub(crate) fn flags(seed: u64, out: &Path) -> Vec<String> {
    let out = out.to_str().unwrap();
    let seed = seed.to_string();
    [
        "--data",
        "synthetic",
        "--quick",
        "--seed",
        &seed,
        "--out",
        out,
    ]
    .map(str::to_owned)
    .into()
}

impl Run {
    pub(crate) fn start(
        name: &str,
        seed: u64,
        devices: &[String],
        more: &[&str],
        out: &Path,
    ) -> Self {
        let devices = devices
            .iter()
            .flat_map(|device| ["--device", device.as_str()]);
        std::fs::create_dir_all(out).unwrap();
        let log = std::fs::File::create(out.join("log")).unwrap();
        let process = example(name)
            .args(flags(seed, out))
            .args(devices)
            .args(more)
            .env_remove("HEMLINE_TOKEN")
            .stdout(log.try_clone().unwrap())
            .stderr(Stdio::from(log))
            .spawn()
            .unwrap();
        let out = out.to_owned();
        Self { process, out }
    }

    /// A search of 12 trials, two at a time on each device.
    fn search(seed: u64, devices: &[String], out: &Path) -> Self {
        let more = ["--trials", "12", "--workers", "2"];
        Self::start("hyperparam_tuning", seed, devices, &more, out)
    }

    pub(crate) fn is_over(&mut self) -> bool {
        self.process.try_wait().unwrap().is_some()
    }

    /// Waits until the file `name` has so many lines, or the run is over.
    fn wait_for(&mut self, name: &str, lines: usize) {
        let path = self.out.join(name);
        let has = || {
            let text = std::fs::read(&path).unwrap_or_default();
            text.iter().filter(|byte| **byte == b'\n').count() >= lines
        };
        while !has() && !self.is_over() {
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Waits for the end, which must be a good one; what was printed.
    #[track_caller]
    pub(crate) fn finish(&mut self) -> String {
        let begun = Instant::now();
        let log = || std::fs::read_to_string(self.out.join("log")).unwrap();
        let status = loop {
            match self.process.try_wait().unwrap() {
                Some(status) => break status,
                None if begun.elapsed() > LIMIT => {
                    let _ = self.process.kill();
                    panic!("it hangs:\n{}", log());
                }
                None => std::thread::sleep(Duration::from_millis(20)),
            }
        };
        assert!(status.success(), "{status}\n{}", log());
        log()
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The journal of the search on one local flex device, times aside.
fn expected(seed: u64) -> String {
    let folder = tempfile::tempdir().unwrap();
    let mut command = example("hyperparam_tuning");
    command.args(flags(seed, folder.path()));
    succeed(command.args(["--trials", "12", "--device", "flex", "--step", "autodiff"]));
    journal(&folder.path().join("trials.jsonl"))
}

/// What happened to the servers while a search ran, and that it came to nothing.
#[track_caller]
fn unchanged(mut run: Run, folder: &TempDir, seed: u64) -> Vec<String> {
    let log = run.finish();
    let path = folder.path().join("trials.jsonl");
    assert_eq!(journal(&path), expected(seed), "{log}");
    let text = std::fs::read_to_string(&path).unwrap();
    let notes = text.lines().filter(|line| line.contains("\"note\":"));
    notes.map(str::to_owned).collect()
}

/// Whether one of `notes` says this of a server.
fn says(notes: &[String], server: &Server, what: &str) -> bool {
    let start = format!("{} {what}", server.device());
    notes.iter().any(|note| note.contains(&start))
}

#[test]
fn a_server_killed_in_the_middle_of_a_search_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let (mut one, two) = (Server::spawn(), Server::spawn());
    let mut run = Run::search(1, &[one.device(), two.device()], folder.path());
    run.wait_for("trials.jsonl", BEGUN);
    one.kill();
    let notes = unchanged(run, &folder, 1);
    assert!(says(&notes, &one, "is lost: "), "{notes:?}");
    assert!(says(&notes, &two, "is open"), "{notes:?}");
}

#[test]
fn a_server_held_in_the_middle_of_a_search_is_found_out() {
    let folder = tempfile::tempdir().unwrap();
    let (one, two) = (Server::spawn(), Server::spawn());
    let mut run = Run::search(2, &[one.device(), two.device()], folder.path());
    run.wait_for("trials.jsonl", BEGUN);
    two.stop();
    let notes = unchanged(run, &folder, 2);
    assert!(
        says(&notes, &two, "is lost: no answer within 15s"),
        "{notes:?}"
    );
    two.resume();
}

#[test]
fn a_server_that_starts_late_does_what_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let (mut early, mut late) = (Server::spawn(), Server::spawn());
    // Its port is free until it starts.
    late.kill();
    let devices = [early.device(), late.device()];
    let mut run = Run::search(3, &devices, folder.path());
    run.wait_for("trials.jsonl", BEGUN);
    early.kill();
    let late = Server::at(late.address());
    let notes = unchanged(run, &folder, 3);
    assert!(says(&notes, &early, "is lost: "), "{notes:?}");
    assert!(says(&notes, &late, "is open"), "{notes:?}");
}

#[test]
fn twenty_random_kills_change_nothing() {
    let mut draws = generator(20, Purpose::Shuffle, 0);
    let mut servers = [Server::spawn(), Server::spawn()];
    let (mut kills, mut lost, mut seed) = (0, 0, 4);
    while kills < 20 {
        let folder = tempfile::tempdir().unwrap();
        let devices = [servers[0].device(), servers[1].device()];
        let mut run = Run::search(seed, &devices, folder.path());
        run.wait_for("trials.jsonl", 1);
        while kills < 20 && !run.is_over() {
            std::thread::sleep(Duration::from_millis(draws.random_range(50..1500)));
            servers[draws.random_range(0..2)].restart();
            kills += 1;
        }
        let notes = unchanged(run, &folder, seed);
        lost += notes
            .iter()
            .filter(|note| note.contains(" is lost: "))
            .count();
        seed += 1;
    }
    // Some kills hit a server between two of its sessions.
    assert!(lost >= 5, "only {lost} sessions were lost");
}

#[test]
fn several_devices_that_are_not_there_are_one_line_in_time() {
    let unused = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = unused.local_addr().unwrap();
    drop(unused);
    let folder = tempfile::tempdir().unwrap();
    let begun = Instant::now();
    let mut command = example("hyperparam_tuning");
    // Without it, drivers of graphics processors complain on standard error.
    command.env("XDG_RUNTIME_DIR", folder.path());
    command.args(flags(0, folder.path()));
    for number in [0, 1] {
        command.args(["--device", &format!("remote:ws://{address}/{number}")]);
    }
    let error = crate::support::fail(&mut command);
    assert!(begun.elapsed() < Duration::from_secs(25));
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert!(error.contains("no place is open: remote:ws://"), "{error}");
}
