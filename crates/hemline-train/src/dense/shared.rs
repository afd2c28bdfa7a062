//! A value that threads take turns with.

use std::cell::OnceCell;
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// A lock that nobody has to wait for: the stages of a step see to it that what one thread writes, no other
/// touches. A panic of a thread ends the step anyhow, so what it left behind is not asked about.
///
/// It has cache lines of its own: a lock is written to by whoever reads what it guards.
#[derive(Debug, Default)]
#[repr(align(128))]
pub(super) struct Shared<T>(RwLock<T>);

impl<T> Shared<T> {
    pub(super) fn new(value: T) -> Self {
        Self(RwLock::new(value))
    }

    pub(super) fn read(&self) -> RwLockReadGuard<'_, T> {
        self.0.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, T> {
        self.0.write().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn get_mut(&mut self) -> &mut T {
        self.0.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Clone> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self::new(self.read().clone())
    }
}

/// Values that one thread reads for a while: each lock is taken when the value is first asked for and kept,
/// since to take one that another core took last costs as much as a hundred additions.
#[derive(Debug)]
pub(super) struct Held<'a, T> {
    all: &'a [Shared<T>],
    guards: Vec<OnceCell<RwLockReadGuard<'a, T>>>,
}

impl<'a, T> Held<'a, T> {
    pub(super) fn new(all: &'a [Shared<T>]) -> Self {
        Self {
            all,
            guards: all.iter().map(|_| OnceCell::new()).collect(),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.all.len()
    }

    pub(super) fn get(&self, index: usize) -> &T {
        self.guards[index].get_or_init(|| self.all[index].read())
    }
}
