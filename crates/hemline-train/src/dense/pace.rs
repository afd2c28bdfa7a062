//! Whether threads help with a step: as was faster lately.
//!
//! What helpers are worth hangs on more than the sizes. Where two cores lie far apart, numbers that go back
//! and forth between them take longer than the arithmetic, and where another process has a core, a step waits
//! for whoever was interrupted. Either way computes the same bits, so the choice is free.

/// The steps from one trial of the other way to the next.
const PERIOD: u64 = 512;
/// The steps of a trial.
const TRIAL: u64 = 16;
/// The weight of the last step in what a way takes.
const LAST: f64 = 0.25;

/// What steps took alone and with help.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    /// Seconds for an example, lately; `None` before the first step of the kind.
    seconds: [Option<f64>; 2],
    steps: u64,
    helped: bool,
    /// Whether the step before was of the other kind, so that this one finds its numbers elsewhere.
    turned: bool,
}

impl Pace {
    /// Whether threads should help with the next step.
    pub(super) fn choose(&mut self) -> bool {
        let helped = match self.seconds {
            [_, None] => true,
            [None, _] => false,
            [Some(alone), Some(helped)] => {
                let trial = self.steps % PERIOD < TRIAL;
                (helped < alone) != trial
            }
        };
        self.turned = helped != self.helped;
        self.helped = helped;
        self.steps += 1;
        helped
    }

    /// Takes note of what the chosen way took for an example.
    pub(super) fn learn(&mut self, seconds: f64) {
        let known = &mut self.seconds[usize::from(self.helped)];
        *known = match *known {
            None => Some(seconds),
            Some(before) if self.turned => Some(before),
            Some(before) => Some(before + LAST * (seconds - before)),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The helped steps among `count`, each of which takes what `seconds` says.
    fn helped(pace: &mut Pace, count: usize, mut seconds: impl FnMut(bool) -> f64) -> usize {
        (0..count)
            .filter(|_| {
                let helped = pace.choose();
                pace.learn(seconds(helped));
                helped
            })
            .count()
    }

    #[test]
    fn the_faster_way_is_taken_but_for_trials() {
        let mut pace = Pace::default();
        let quick = helped(&mut pace, 10_000, |helped| if helped { 1.0 } else { 2.0 });
        assert!(quick > 9_500, "{quick}");
        // The cores are moved apart.
        let slow = helped(&mut pace, 10_000, |helped| if helped { 3.0 } else { 2.0 });
        assert!(slow < 500, "{slow}");
        // And together again.
        let quick = helped(&mut pace, 10_000, |helped| if helped { 1.0 } else { 2.0 });
        assert!(quick > 9_000, "{quick}");
    }

    #[test]
    fn interruptions_drive_helpers_away() {
        let mut pace = Pace::default();
        let mut steps = 0;
        let interrupted = |helped: bool| {
            steps += 1;
            match (helped, steps % 50) {
                (true, 0) => 100.0,
                (true, _) => 1.0,
                (false, _) => 2.0,
            }
        };
        let helped = helped(&mut pace, 10_000, interrupted);
        assert!(helped < 2_000, "{helped}");
    }
}
