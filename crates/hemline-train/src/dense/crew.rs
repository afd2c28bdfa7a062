//! Threads that share the parts of a step.
//!
//! A step is a few dozen microseconds of work in stages. To wake a sleeping thread for each stage costs as
//! much, so those of the pool that have nothing else to do help for the whole step, and spin between its
//! stages. Whoever is free takes the next item; nobody waits for a thread that has not come, only for an item
//! that somebody has begun. So a step does not stand still where another process has the other core.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// Looks at the board before a spinning thread offers its core to others.
const SPINS: usize = 200;
/// The bits of a number of items.
const BITS: u32 = 32;

/// The items of a stage: how many there are and how many have been taken.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// The number of items in the upper half, of those taken in the lower.
    items: AtomicU64,
    done: AtomicUsize,
    finished: AtomicBool,
}

impl Board {
    /// Does `work` for each of `count` items, with whoever helps, and returns when all are done.
    pub(super) fn share(&self, count: usize, work: &impl Fn(usize)) {
        self.done.store(0, Ordering::Relaxed);
        self.items.store((count as u64) << BITS, Ordering::Release);
        while let Some(item) = self.take() {
            self.run(item, work);
        }
        let mut looks = 0;
        while self.done.load(Ordering::Acquire) < count {
            wait(&mut looks);
        }
    }

    /// Helps with every stage until the last is over.
    fn help(&self, work: &impl Fn(usize)) {
        let mut looks = 0;
        while !self.finished.load(Ordering::Acquire) {
            match self.take() {
                Some(item) => {
                    self.run(item, work);
                    looks = 0;
                }
                None => wait(&mut looks),
            }
        }
    }

    /// Takes an item that nobody has.
    fn take(&self) -> Option<usize> {
        let mut items = self.items.load(Ordering::Acquire);
        loop {
            let taken = items & u64::from(u32::MAX);
            if taken >= items >> BITS {
                return None;
            }
            match self.items.compare_exchange_weak(
                items,
                items + 1,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return usize::try_from(taken).ok(),
                Err(now) => items = now,
            }
        }
    }

    /// Does an item; it counts as done even if the work panics, lest the others wait for ever.
    fn run(&self, item: usize, work: &impl Fn(usize)) {
        struct Done<'a>(&'a AtomicUsize);
        impl Drop for Done<'_> {
            fn drop(&mut self) {
                self.0.fetch_add(1, Ordering::Release);
            }
        }
        let _done = Done(&self.done);
        work(item);
    }
}

fn wait(looks: &mut usize) {
    *looks += 1;
    if looks.is_multiple_of(SPINS) {
        std::thread::yield_now();
    } else {
        std::hint::spin_loop();
    }
}

/// Runs `stages` with `helpers` threads of the pool beside it, which do `work` for the items of its stages.
pub(super) fn with_helpers<R: Send>(
    helpers: usize,
    work: &(impl Fn(usize) + Sync),
    stages: impl FnOnce(&Board) -> R + Send,
) -> R {
    let board = Board::default();
    beside(helpers, &|| board.help(work), || {
        /// Sends the helpers home, after a panic too.
        struct Finish<'a>(&'a AtomicBool);
        impl Drop for Finish<'_> {
            fn drop(&mut self) {
                self.0.store(true, Ordering::Release);
            }
        }
        let _finish = Finish(&board.finished);
        stages(&board)
    })
}

/// `main` on this thread, and `helper` on each of `helpers` others that are free.
fn beside<R: Send>(
    helpers: usize,
    helper: &(impl Fn() + Sync),
    main: impl FnOnce() -> R + Send,
) -> R {
    match helpers {
        0 => main(),
        // Without the memory that a scope asks for.
        1 => rayon::join(main, helper).0,
        _ => rayon::in_place_scope(|scope| {
            for _ in 0..helpers {
                scope.spawn(|_| helper());
            }
            main()
        }),
    }
}
