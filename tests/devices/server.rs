//! A server of devices in a process of its own, which a test can stop for a while or end.

use std::io::{BufRead as _, BufReader, copy, sink};
use std::process::{Child, Command, Stdio};

use crate::support::example;

/// The example `serve` on flex, ended when dropped.
pub(crate) struct Server {
    process: Child,
    address: String,
}

impl Server {
    /// Starts a server on a free port of this machine and waits until it listens.
    pub(crate) fn spawn() -> Self {
        Self::at("127.0.0.1:0")
    }

    /// Starts a server at an address of this machine and waits until it listens.
    pub(crate) fn at(address: &str) -> Self {
        let mut process = example("serve")
            .args(["--device", "flex", "--listen", address])
            .env_remove("HEMLINE_TOKEN")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        output.read_line(&mut line).unwrap();
        let address = line.trim_end().split_once(" at ws://");
        let (_, address) = address.unwrap_or_else(|| panic!("the server's first line is {line:?}"));
        // A server whose standard output is gone or full does not go on.
        std::thread::spawn(move || copy(&mut output, &mut sink()));
        Self {
            process,
            address: address.to_owned(),
        }
    }

    /// Ends it without a word to its clients, and starts another in its place.
    pub(crate) fn restart(&mut self) {
        self.kill();
        *self = Self::at(&self.address);
    }

    /// Where it listens, HOST:PORT.
    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    /// The name of its device, as `--device` takes it.
    pub(crate) fn device(&self) -> String {
        format!("remote:ws://{}", self.address())
    }

    /// Ends it without a word to its clients.
    pub(crate) fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Holds it: it keeps its connections and answers nobody.
    pub(crate) fn stop(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on after [`stop`](Self::stop).
    pub(crate) fn resume(&self) {
        self.signal("-CONT");
    }

    fn signal(&self, signal: &str) {
        let process = self.process.id().to_string();
        let status = Command::new("kill").args([signal, &process]).status();
        assert!(status.unwrap().success(), "kill {signal} {process}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
