//! How the computation of a surface is watched.

use std::time::{Duration, Instant};

/// How far it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SurfaceProgress {
    /// The number of rows of the grid.
    pub rows: usize,
    /// The number of rows that are done, those from a cache included.
    pub done: usize,
    /// The time since the start.
    pub elapsed: Duration,
    /// The time left, if the rows to come take as long as those computed; `None` before the first.
    pub remaining: Option<Duration>,
}

/// Watches a computation: it is told at the start and after each row. `()` watches nothing, and a
/// closure is an observer.
pub trait SurfaceObserver {
    /// The computation begins, or a row is done.
    fn on_progress(&mut self, progress: &SurfaceProgress);
}

impl SurfaceObserver for () {
    fn on_progress(&mut self, _progress: &SurfaceProgress) {}
}

impl<F: FnMut(&SurfaceProgress)> SurfaceObserver for F {
    fn on_progress(&mut self, progress: &SurfaceProgress) {
        self(progress);
    }
}

/// Measures progress.
#[derive(Debug)]
pub(super) struct Clock {
    rows: usize,
    cached: usize,
    computed: usize,
    begun: Instant,
}

impl Clock {
    pub(super) fn start(rows: usize, cached: usize) -> Self {
        Self {
            rows,
            cached,
            computed: 0,
            begun: Instant::now(),
        }
    }

    pub(super) fn count(&mut self) {
        self.computed += 1;
    }

    pub(super) fn now(&self) -> SurfaceProgress {
        let done = self.cached + self.computed;
        let elapsed = self.begun.elapsed();
        let left = (self.rows - done) as f64;
        let remaining = (self.computed > 0).then(|| elapsed.mul_f64(left / self.computed as f64));
        SurfaceProgress {
            rows: self.rows,
            done,
            elapsed,
            remaining,
        }
    }
}
