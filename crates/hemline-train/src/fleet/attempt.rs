//! Runs what others wrote, so that nothing it does can reach beyond its own failure.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::BoxedError;
use crate::error::panic_message;

/// The longest failure message that is kept, in bytes.
const LONGEST_REASON: usize = 2000;

/// The result of `work`, or in words why there is none: its error with all causes, or its panic.
pub(crate) fn attempt<R>(work: impl FnOnce() -> Result<R, BoxedError>) -> Result<R, String> {
    let reason = match catch_unwind(AssertUnwindSafe(work)) {
        Ok(Ok(result)) => return Ok(result),
        Ok(Err(error)) => with_causes(error.as_ref()),
        Err(payload) => format!("panicked: {}", panic_message(payload.as_ref())),
    };
    Err(shorten(reason))
}

/// Drops what is not needed any more, which is the caller's code too.
pub(crate) fn discard<T>(value: T) {
    // A panic while dropping concerns nobody.
    let _ = catch_unwind(AssertUnwindSafe(|| drop(value)));
}

fn with_causes(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    causes
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(": ")
}

fn shorten(mut reason: String) -> String {
    let end = (0..=LONGEST_REASON.min(reason.len()))
        .rev()
        .find(|&at| reason.is_char_boundary(at));
    reason.truncate(end.unwrap_or(0));
    reason
}
