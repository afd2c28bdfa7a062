//! What the machine could do at the very most: multiplications and additions on numbers that are in its
//! registers already, on every thread of the pool at once.

use std::hint::black_box;
use std::time::Instant;

use pulp::{Arch, Simd, WithSimd};

/// Sums that do not wait for each other: as many as hide the delay of an addition in two units.
const SUMS: usize = 12;
/// Rounds over all sums in one measurement, some milliseconds.
const ROUNDS: usize = 1 << 19;
/// Measurements, of which the fastest counts.
const REPEATS: usize = 25;

/// sumᵢ ← sumᵢ·factor + addend, over and over; the result is the floating-point operations.
struct Loop;

impl WithSimd for Loop {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let mut sums = [simd.splat_f32s(1.0); SUMS];
        let factor = simd.splat_f32s(black_box(0.999));
        let addend = simd.splat_f32s(black_box(0.001));
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                *sum = simd.mul_add_f32s(*sum, factor, addend);
            }
        }
        black_box(sums);
        2.0 * (ROUNDS * SUMS * S::F32_LANES) as f64
    }
}

/// The limit of all threads of this pool together, in GFLOP/s.
pub(crate) fn fma_limit() -> f64 {
    let arch = Arch::new();
    let rates = (0..REPEATS).map(|_| {
        let each = rayon::broadcast(|_| {
            let clock = Instant::now();
            let operations = arch.dispatch(Loop);
            operations / clock.elapsed().as_secs_f64() / 1e9
        });
        each.into_iter().sum::<f64>()
    });
    rates.fold(0.0, f64::max)
}
