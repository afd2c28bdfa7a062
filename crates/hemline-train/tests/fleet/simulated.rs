//! A server in miniature, which can be killed, stopped and started.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use hemline_train::BoxedError;
use hemline_train::fleet::{Patience, Place};

/// What a server does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mode {
    Running,
    Dead,
    /// It neither answers nor refuses.
    Stopped,
}

/// A server. A session outlives no kill, whatever is started afterwards.
pub(crate) struct Server {
    mode: Mutex<Mode>,
    changed: Condvar,
    kills: AtomicU64,
}

/// A client's end.
pub(crate) struct Session {
    server: Arc<Server>,
    kills: u64,
}

impl Server {
    pub(crate) fn new(mode: Mode) -> Arc<Self> {
        Arc::new(Self {
            mode: Mutex::new(mode),
            changed: Condvar::new(),
            kills: AtomicU64::new(0),
        })
    }

    pub(crate) fn set(&self, mode: Mode) {
        let mut now = self.mode.lock().unwrap();
        if mode == Mode::Dead {
            self.kills.fetch_add(1, Ordering::SeqCst);
        }
        *now = mode;
        self.changed.notify_all();
    }

    pub(crate) fn open(self: &Arc<Self>) -> Result<Session, BoxedError> {
        let session = Session {
            kills: self.kills.load(Ordering::SeqCst),
            server: Arc::clone(self),
        };
        session.touch()?;
        Ok(session)
    }

    pub(crate) fn place(self: &Arc<Self>, name: &str, workers: usize) -> Place<Session> {
        let (server, workers) = (Arc::clone(self), NonZeroUsize::new(workers).unwrap());
        Place::elsewhere(name, workers, move || server.open(), Session::touch)
    }
}

impl Session {
    /// An operation on the server: it hangs while that is stopped.
    pub(crate) fn touch(&self) -> Result<(), BoxedError> {
        let mode = self.server.mode.lock().unwrap();
        let stopped = |mode: &mut Mode| *mode == Mode::Stopped;
        let mode = self.server.changed.wait_while(mode, stopped).unwrap();
        let lives = *mode == Mode::Running && self.kills == self.kills();
        lives.then_some(()).ok_or_else(|| "broken pipe".into())
    }

    /// Some work in pieces, between any of which the server may go.
    pub(crate) fn work(&self, pieces: usize) -> Result<(), BoxedError> {
        for _ in 0..pieces {
            std::thread::sleep(Duration::from_millis(1));
            self.touch()?;
        }
        Ok(())
    }

    /// The server it is with.
    pub(crate) fn server(&self) -> &Server {
        &self.server
    }

    fn kills(&self) -> u64 {
        self.server.kills.load(Ordering::SeqCst)
    }
}

/// As by default, in less time.
pub(crate) fn impatient() -> Patience {
    Patience {
        check: Duration::from_millis(150),
        heartbeat: Duration::from_millis(20),
        retry: Duration::from_millis(5),
        grace: Duration::from_millis(20),
        without_place: Duration::from_secs(5),
        ..Patience::default()
    }
}
