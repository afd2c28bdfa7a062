//! Where jobs run, as the caller describes it.

use std::num::NonZeroUsize;
use std::sync::Arc;

use crate::BoxedError;

pub(super) type Opener<S> = Arc<dyn Fn() -> Result<Arc<S>, BoxedError> + Send + Sync>;
pub(super) type Check<S> = Arc<dyn Fn(&S) -> Result<(), BoxedError> + Send + Sync>;

/// Where jobs can run, `workers` of them at a time. `S` is what they work with there, such as a device
/// and the data on it.
pub struct Place<S> {
    pub(super) name: String,
    pub(super) workers: NonZeroUsize,
    pub(super) open: Opener<S>,
    pub(super) check: Option<Check<S>>,
}

impl<S: Send + Sync + 'static> Place<S> {
    /// A place in this process, which is lost only with the process.
    pub fn here(name: impl Into<String>, workers: NonZeroUsize, session: S) -> Self {
        let session = Arc::new(session);
        Self {
            name: name.into(),
            workers,
            open: Arc::new(move || Ok(Arc::clone(&session))),
            check: None,
        }
    }

    /// A place that can be lost and opened again. `open` makes a session there, on a thread of its own;
    /// `check` says whether a session still lives, and may hang where the place does.
    pub fn elsewhere(
        name: impl Into<String>,
        workers: NonZeroUsize,
        open: impl Fn() -> Result<S, BoxedError> + Send + Sync + 'static,
        check: impl Fn(&S) -> Result<(), BoxedError> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name: name.into(),
            workers,
            open: Arc::new(move || open().map(Arc::new)),
            check: Some(Arc::new(check)),
        }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }
}

impl<S> std::fmt::Debug for Place<S> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Place")
            .field("name", &self.name)
            .field("workers", &self.workers)
            .field("can_be_lost", &self.check.is_some())
            .finish_non_exhaustive()
    }
}
