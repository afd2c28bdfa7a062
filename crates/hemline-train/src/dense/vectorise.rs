//! Plain loops, compiled for the vectors of the processor that they run on.

use pulp::{Arch, Simd, WithSimd};

/// Runs `loops`, a closure marked `#[inline(always)]`, compiled for what this processor has.
///
/// `arch.dispatch(loops)` would call it by way of [`FnOnce::call_once`]. Of a closure that can be called more than once
/// that is a function of its own, which a compiler does not inline if it is long; then it is compiled for any
/// processor. Within `loops`, for the same reason, rows are gone through by `for` and not by `map` or `fold`.
#[inline(always)]
pub(super) fn vectorise<R>(arch: Arch, loops: impl FnMut() -> R) -> R {
    arch.dispatch(Loops(loops))
}

struct Loops<F>(F);

impl<R, F: FnMut() -> R> WithSimd for Loops<F> {
    type Output = R;

    #[inline(always)]
    fn with_simd<S: Simd>(mut self, _simd: S) -> R {
        (self.0)()
    }
}
