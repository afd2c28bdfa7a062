//! How far two cores are from each other: what a step waits for whenever threads hand numbers over.

use std::hint::spin_loop;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// Round trips in one measurement, about a millisecond.
const ROUNDS: u32 = 1 << 12;
/// Measurements, of which the fastest counts.
const REPEATS: usize = 5;
/// How long each side waits for the other, which may have no core at the moment.
const PATIENCE: Duration = Duration::from_millis(20);

/// Whose turn it is.
const NOBODY: u32 = 0;
const THERE: u32 = 1;
const BACK: u32 = 2;
const OVER: u32 = 3;

/// Nanoseconds for a number to go to another core of this pool and back; none where the pool has one thread, or
/// the other was busy.
pub(crate) fn round_trip() -> Option<f64> {
    if rayon::current_num_threads() == 1 {
        return None;
    }
    let trips = (0..REPEATS).filter_map(|_| {
        let turn = AtomicU32::new(NOBODY);
        let (seconds, ()) = rayon::join(|| lead(&turn), || follow(&turn));
        seconds
    });
    trips
        .map(|seconds| 1e9 * seconds / f64::from(ROUNDS))
        .reduce(f64::min)
}

/// Seconds for all rounds.
fn lead(turn: &AtomicU32) -> Option<f64> {
    let came = wait(turn, |turn| turn == BACK);
    let clock = Instant::now();
    let answered = came
        && (0..ROUNDS).all(|_| {
            turn.store(THERE, Ordering::Release);
            wait(turn, |turn| turn == BACK)
        });
    let seconds = clock.elapsed().as_secs_f64();
    turn.store(OVER, Ordering::Release);
    answered.then_some(seconds)
}

fn follow(turn: &AtomicU32) {
    let over = |turn: &AtomicU32| turn.load(Ordering::Acquire) == OVER;
    while !over(turn) {
        // Not over the end that the other side may have written in between.
        for from in [NOBODY, THERE] {
            let _ = turn.compare_exchange(from, BACK, Ordering::AcqRel, Ordering::Acquire);
        }
        if !wait(turn, |turn| turn != BACK) {
            return;
        }
    }
}

/// Whether the turn came before patience ran out.
fn wait(turn: &AtomicU32, mine: impl Fn(u32) -> bool) -> bool {
    // Asking for the time takes as long as a trip, so it is not asked for at first.
    let mut clock = None;
    loop {
        for _ in 0..1 << 12 {
            if mine(turn.load(Ordering::Acquire)) {
                return true;
            }
            spin_loop();
        }
        if clock.get_or_insert_with(Instant::now).elapsed() > PATIENCE {
            return false;
        }
    }
}
