//! Jobs on several threads, their results handed over as they come.

use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::thread;

use rayon::ThreadPoolBuilder;

use crate::Error;

/// Runs `jobs` jobs and gives each one's result to `accept`, on the calling thread, in any order.
///
/// Each worker lives in a rayon pool of its own with one thread: what a job computes with rayon, as
/// burn's CPU backend does, stays on that thread, so workers do not fight for cores and no sum depends on
/// how many there are. The first error ends the run once the jobs in progress are done.
pub(super) fn run<T: Send>(
    workers: Option<NonZeroUsize>,
    jobs: usize,
    job: impl Fn(usize) -> Result<T, Error> + Sync,
    mut accept: impl FnMut(usize, T) -> Result<(), Error>,
) -> Result<(), Error> {
    let cores = || thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let workers = workers.unwrap_or_else(cores).get().min(jobs);
    let pools = (0..workers).map(|_| {
        ThreadPoolBuilder::new()
            .num_threads(1)
            .build()
            .map_err(|error| Error::Worker {
                message: error.to_string(),
            })
    });
    let pools: Vec<_> = pools.collect::<Result<_, _>>()?;
    let (next, stop) = (AtomicUsize::new(0), AtomicBool::new(false));
    let (sender, results) = channel();
    thread::scope(|scope| {
        for pool in &pools {
            let (sender, next, stop, job) = (sender.clone(), &next, &stop, &job);
            scope.spawn(move || {
                while !stop.load(Ordering::Relaxed) {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    if index >= jobs {
                        return;
                    }
                    // The receiver lives as long as this scope.
                    let _ = sender.send((index, pool.install(|| job(index))));
                }
            });
        }
        drop(sender);
        let mut outcome = Ok(());
        for (index, result) in results {
            if outcome.is_ok() {
                outcome = result.and_then(|result| accept(index, result));
                stop.store(outcome.is_err(), Ordering::Relaxed);
            }
        }
        outcome
    })
}
