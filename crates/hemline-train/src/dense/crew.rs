//! Threads that share the parts of a step.
//!
//! A step is a few dozen microseconds of work in stages. To wake a sleeping thread takes as long, and on a
//! virtual machine longer, so those of the pool that have nothing else to do come once, and spin between the
//! stages and from one step to the next. Whoever is free takes the next item; nobody waits for a thread that
//! has not come, only for an item that somebody has begun. So a step does not stand still where another
//! process has the other core.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::board::{Apart, Board, End, Item};

/// Looks at the board before a spinning thread offers its core to others.
const SPINS: usize = 200;
/// How often a helper does so, without an item in between, before it leaves: some 100 µs where it has a core to
/// itself, longer than a minibatch takes to be gathered and shorter than anybody would notice. It is no span of
/// time, since a helper that woke up on the core of who leads has to wait for a look: then it stays until the
/// system has moved it to a core that is free, which on some machines is not done when a thread wakes.
const ROUNDS: usize = 32;
/// How long a helper stays at all, so that other work of the pool gets its turn.
const STAY: Duration = Duration::from_millis(200);

/// What threads share, item by item.
pub(super) trait Work: Send + Sync + 'static {
    /// Does items of the present stage, as long as there is a `next`.
    fn visit(&self, next: &mut dyn FnMut() -> Option<Item>);
}

/// Work, and the threads that help with it.
#[derive(Debug)]
pub(super) struct Crew<W>(Arc<Desk<W>>);

#[derive(Debug)]
struct Desk<W> {
    board: Board,
    work: Apart<W>,
    /// The helpers that are here or on their way.
    helpers: AtomicUsize,
    /// What the first item that panicked panicked with.
    panic: Mutex<Option<Box<dyn Any + Send>>>,
}

impl<W: Work> Crew<W> {
    pub(super) fn new(work: W) -> Self {
        Self(Arc::new(Desk {
            board: Board::default(),
            work: Apart(work),
            helpers: AtomicUsize::new(0),
            panic: Mutex::new(None),
        }))
    }

    pub(super) fn work(&self) -> &W {
        &self.0.work.0
    }

    /// Asks threads of the pool to come, unless `helpers` are here already.
    pub(super) fn call(&self, helpers: usize) {
        let desk = &self.0;
        while desk.helpers.load(Ordering::Relaxed) < helpers {
            desk.helpers.fetch_add(1, Ordering::Relaxed);
            let desk = Arc::clone(desk);
            rayon::spawn(move || {
                desk.help();
                desk.helpers.fetch_sub(1, Ordering::Relaxed);
            });
        }
    }

    /// Does each of `count` items, with whoever helps, and returns when all are done: whether anybody helped.
    pub(super) fn share(&self, count: usize) -> bool {
        let Desk { board, .. } = &*self.0;
        board.lay_out(count);
        let own = self.0.visit(None, End::First);
        let mut looks = 0;
        while board.done.0.load(Ordering::Acquire) < count {
            spin(&mut looks);
        }
        let panic = self.0.panic.lock();
        if let Some(payload) = panic.unwrap_or_else(PoisonError::into_inner).take() {
            resume_unwind(payload);
        }
        own < count
    }

    /// Does each of `count` items on this thread.
    pub(super) fn alone(&self, count: usize) {
        let mut items = (0..count).peekable();
        self.work().visit(&mut || {
            let number = items.next()?;
            let next = items.peek().copied();
            Some(Item { number, next })
        });
    }
}

impl<W> Drop for Crew<W> {
    fn drop(&mut self) {
        self.0.board.closed.0.store(true, Ordering::Release);
    }
}

impl<W: Work> Desk<W> {
    /// Helps until there has been nothing to do for a while.
    fn help(&self) {
        let came = Instant::now();
        let mut looks = 0;
        while !self.board.closed.0.load(Ordering::Acquire) && looks < SPINS * ROUNDS {
            let first = self.board.take(End::Last);
            if first.is_none() {
                spin(&mut looks);
                continue;
            }
            self.visit(first, End::Last);
            looks = 0;
            if came.elapsed() > STAY {
                break;
            }
        }
    }

    /// Does the item `first`, if there is one, and then what is left. They count as done even if the work
    /// panics, lest the others wait for ever, but not before it let go of all that it held. Returns their number.
    fn visit(&self, mut first: Option<Item>, end: End) -> usize {
        let mut taken = 0;
        let mut next = || {
            let item = first.take().or_else(|| self.board.take(end))?;
            taken += 1;
            Some(item)
        };
        if let Err(payload) = catch_unwind(AssertUnwindSafe(|| self.work.0.visit(&mut next))) {
            let mut panic = self.panic.lock().unwrap_or_else(PoisonError::into_inner);
            panic.get_or_insert(payload);
        }
        self.board.done.0.fetch_add(taken, Ordering::Release);
        taken
    }
}

/// Waits a moment; every so many looks, as long as another thread of this core needs.
fn spin(looks: &mut usize) {
    *looks += 1;
    if looks.is_multiple_of(SPINS) {
        std::thread::yield_now();
    } else {
        std::hint::spin_loop();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Counts how often each item was done; one of them may panic.
    struct Counts {
        counts: Vec<AtomicUsize>,
        bad: Option<usize>,
    }

    impl Work for Counts {
        fn visit(&self, next: &mut dyn FnMut() -> Option<Item>) {
            while let Some(Item { number, .. }) = next() {
                assert_ne!(Some(number), self.bad, "the bad item");
                self.counts[number].fetch_add(1, Ordering::Relaxed);
                // So that others come in between.
                std::thread::yield_now();
            }
        }
    }

    fn crew(bad: Option<usize>) -> Crew<Counts> {
        let counts = (0..40).map(|_| AtomicUsize::new(0)).collect();
        Crew::new(Counts { counts, bad })
    }

    #[test]
    fn every_item_of_every_stage_is_done_once() {
        for threads in 1..=4 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
            let crew = crew(None);
            pool.build().expect("threads can be had").install(|| {
                for stage in 1..=500 {
                    crew.call(threads - 1);
                    crew.share(1 + stage % 40);
                    crew.alone(40);
                }
            });
            for (item, count) in crew.work().counts.iter().enumerate() {
                let shared = (1..=500).filter(|stage| stage % 40 >= item).count();
                assert_eq!(count.load(Ordering::Relaxed), 500 + shared, "{item}");
            }
        }
    }

    /// The items that each thread was given.
    struct Visits(Mutex<Vec<Vec<Item>>>);

    impl Work for Visits {
        fn visit(&self, next: &mut dyn FnMut() -> Option<Item>) {
            let items = std::iter::from_fn(next).collect();
            let mut visits = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            visits.push(items);
        }
    }

    #[test]
    fn an_item_says_which_one_follows_from_either_end() {
        let crew = Crew::new(Visits(Mutex::default()));
        crew.alone(5);
        crew.share(5);
        crew.0.board.lay_out(5);
        crew.0.visit(None, End::Last);
        let visits = crew.work().0.lock().expect("nothing panicked");
        let first: Vec<usize> = (0..5).collect();
        let last: Vec<usize> = (0..5).rev().collect();
        for (visit, expected) in visits.iter().zip([&first, &first, &last]) {
            let following = expected[1..].iter().copied().map(Some).chain([None]);
            let items = expected.iter().zip(following);
            let items = items.map(|(&number, next)| Item { number, next });
            assert_eq!(*visit, items.collect::<Vec<_>>());
        }
        assert_eq!(visits.len(), 3);
    }

    #[test]
    fn a_panic_comes_to_who_leads_and_leaves_a_crew_that_works() {
        let crew = crew(Some(39));
        for _ in 0..50 {
            crew.call(2);
            let failed = catch_unwind(AssertUnwindSafe(|| crew.share(40)));
            let payload = failed.expect_err("the last item panics");
            let message = payload.downcast_ref::<String>().expect("it has a message");
            assert!(message.contains("the bad item"), "{message}");
            crew.share(39);
        }
    }
}
