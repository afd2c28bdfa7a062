//! The items of a stage, and who takes which next.

use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};

/// The bits of a number of items.
const BITS: u32 = 32;

/// An item of a stage, and the one that a thread will take after it unless another thread does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Item {
    pub(super) number: usize,
    pub(super) next: Option<usize>,
}

/// A value in cache lines of its own.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Apart<T>(pub(super) T);

/// The items of a stage: which are left.
#[derive(Debug, Default)]
pub(super) struct Board {
    /// The first in the lower half, the end in the upper.
    items: Apart<AtomicU64>,
    pub(super) done: Apart<AtomicUsize>,
    pub(super) closed: Apart<AtomicBool>,
}

/// Where a thread takes its next item from. Who leads a step begins with the first and the helpers with the
/// last, so that from step to step an item mostly falls to the same core, which still has its numbers.
#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    First,
    Last,
}

impl Board {
    /// Begins a stage of `count` items.
    pub(super) fn lay_out(&self, count: usize) {
        self.done.0.store(0, Ordering::Relaxed);
        self.items
            .0
            .store((count as u64) << BITS, Ordering::Release);
    }

    /// Takes an item that nobody has.
    pub(super) fn take(&self, end: End) -> Option<Item> {
        let mut items = self.items.0.load(Ordering::Acquire);
        loop {
            let [first, last] = [items & u64::from(u32::MAX), items >> BITS];
            if first >= last {
                return None;
            }
            let (number, next, rest) = match end {
                End::First => (first, first + 1, items + 1),
                End::Last => (last - 1, last.saturating_sub(2), items - (1 << BITS)),
            };
            let others = first + 1 < last;
            let item = Item {
                number: number as usize,
                next: others.then_some(next as usize),
            };
            match self.items.0.compare_exchange_weak(
                items,
                rest,
                Ordering::AcqRel,
                Ordering::Acquire,
            ) {
                Ok(_) => return Some(item),
                Err(now) => items = now,
            }
        }
    }
}
