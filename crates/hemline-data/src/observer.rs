//! How long work reports what it does: this crate never prints.

use std::path::Path;
use std::time::Duration;

/// Something that happened while a data set was looked for or downloaded.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Event<'a> {
    /// A place is looked into.
    Looking {
        /// The place in words.
        place: &'a str,
    },
    /// A place gave nothing, and the next is tried.
    NotFound {
        /// The place and the reason.
        reason: &'a str,
    },
    /// Another process is downloading; this one waits for it.
    Waiting {
        /// The lock file.
        lock: &'a Path,
        /// How long this process will wait at most.
        at_most: Duration,
    },
    /// A file begins to arrive.
    Started {
        /// The file's name.
        file: &'a str,
        /// Where it comes from.
        url: &'a str,
        /// Its size in bytes.
        bytes: u64,
    },
    /// Part of a file has arrived.
    Progress {
        /// The file's name.
        file: &'a str,
        /// Bytes so far.
        done: u64,
        /// Its size in bytes.
        bytes: u64,
    },
    /// A file is complete and verified.
    Finished {
        /// The file's name.
        file: &'a str,
    },
    /// An address failed; the next one is tried, if there is one.
    Failed {
        /// The address.
        url: &'a str,
        /// Why.
        reason: &'a str,
    },
}

/// Receives events; every `FnMut(Event)` is one.
pub trait Observer {
    /// Something happened.
    fn on_event(&mut self, event: Event<'_>);
}

impl<F: FnMut(Event<'_>)> Observer for F {
    fn on_event(&mut self, event: Event<'_>) {
        self(event);
    }
}

/// Ignores every event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn on_event(&mut self, _event: Event<'_>) {}
}
