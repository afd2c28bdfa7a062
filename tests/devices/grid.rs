//! Grids on two servers of which one is killed or held: the same surface as on one local flex device.

use std::path::Path;
use std::time::Duration;

use crate::server::Server;
use crate::several::{Run, flags};
use crate::support::{example, succeed};

const SEED: u64 = 5;
const GRID: [&str; 6] = ["--grid", "24", "--path", "plain", "--workers", "2"];

fn surface(folder: &Path) -> Vec<u8> {
    std::fs::read(folder.join("landscape.npz")).unwrap()
}

/// Does `this` to the second of two servers once it has rows; what the run then says of that server.
#[track_caller]
fn unchanged_by(this: impl FnOnce(&mut Server), more: &[&str]) -> Vec<String> {
    let [alone, shared] = [(), ()].map(|()| tempfile::tempdir().unwrap());
    let mut command = example("loss_landscape");
    command.args(flags(SEED, alone.path())).args(GRID);
    succeed(command.args(["--step", "autodiff"]));

    let (one, mut two) = (Server::spawn(), Server::spawn());
    let devices = [one.device(), two.device()];
    let more = [&GRID, more].concat();
    let mut run = Run::start("loss_landscape", SEED, &devices, &more, shared.path());
    // As soon as it is open it is given rows.
    let open = format!("{} is open", two.device());
    let log = shared.path().join("log");
    while !std::fs::read_to_string(&log).unwrap().contains(&open) && !run.is_over() {
        std::thread::sleep(Duration::from_millis(2));
    }
    this(&mut two);
    let log = run.finish();
    assert!(
        surface(shared.path()) == surface(alone.path()),
        "the surfaces differ\n{log}"
    );
    let of_two = log.lines().filter(|line| line.contains(&two.device()));
    of_two.map(str::to_owned).collect()
}

#[test]
fn a_server_killed_in_the_middle_of_a_grid_changes_nothing() {
    let said = unchanged_by(Server::kill, &[]);
    let lost = |line: &String| line.contains(" is lost: ");
    assert!(said.iter().any(lost), "{said:?}");
}

#[test]
fn rows_on_a_server_that_is_held_are_begun_anew_after_their_deadline() {
    let said = unchanged_by(|two| two.stop(), &["--deadline", "2"]);
    let late = |line: &&String| line.contains("exceeded its deadline of 2s on remote:ws://");
    assert!(said.iter().filter(late).count() >= 2, "{said:?}");
}
