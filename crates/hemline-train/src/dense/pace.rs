//! Whether threads help with a step: as was faster lately.
//!
//! What helpers are worth hangs on more than the sizes. Where two cores lie far apart, numbers that go back
//! and forth between them take longer than the arithmetic, and where another process has a core, a step waits
//! for whoever was interrupted. Either way computes the same bits, so the choice is free.

/// The steps from one trial of the other way to the next.
const PERIOD: u64 = 512;
/// The steps of a trial.
const TRIAL: u64 = 16;
/// The steps that a trial waits for helpers at most. Until they come a step takes what it takes alone.
const PATIENCE: u64 = 256;
/// The weight of the last step in what a way takes.
const LAST: f64 = 0.25;

/// What steps took alone and with help.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    /// Seconds for an example, lately; `None` before the first step of the kind.
    seconds: [Option<f64>; 2],
    /// The steps since a trial began.
    steps: u64,
    /// The steps of the trial that are still to come.
    trial: u64,
    helped: bool,
    /// Whether no step of the kind has gone before this one, which finds its numbers elsewhere.
    turned: bool,
}

impl Pace {
    /// Whether threads should help with the next step.
    pub(super) fn choose(&mut self) -> bool {
        self.steps += 1;
        let helped = match self.seconds {
            [_, None] => true,
            [None, _] => false,
            [Some(alone), Some(helped)] => {
                if self.steps >= PERIOD {
                    (self.steps, self.trial) = (0, TRIAL);
                }
                (helped < alone) != (self.trial > 0)
            }
        };
        self.turned |= helped != self.helped;
        self.helped = helped;
        helped
    }

    /// Takes note of what the chosen way took for an example, and of whether anybody `came` to help.
    pub(super) fn learn(&mut self, seconds: f64, came: bool) {
        if self.helped && !came {
            // Nothing is known yet of what help is worth.
            if self.steps > PATIENCE {
                self.trial = 0;
            }
            return;
        }
        self.trial = self.trial.saturating_sub(1);
        if std::mem::take(&mut self.turned) {
            return;
        }
        let known = &mut self.seconds[usize::from(self.helped)];
        *known = Some(known.map_or(seconds, |before| before + LAST * (seconds - before)));
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
                pace.learn(seconds(helped), true);
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

    #[test]
    fn helpers_that_come_late_are_not_judged_before() {
        let mut pace = Pace::default();
        for step in 0..500 {
            let helped = pace.choose();
            let came = helped && step >= 400;
            pace.learn(if came { 1.0 } else { 2.0 }, came);
            // Alone only to learn what that takes.
            assert!(helped || (402..404).contains(&step), "{step}");
        }
        // They leave while they are on trial, and the trial ends without them.
        let mut pace = Pace::default();
        let alone = helped(&mut pace, 5_000, |helped| if helped { 3.0 } else { 2.0 });
        assert!(alone < 300, "{alone}");
        let waited = (0..PERIOD).filter(|_| {
            let helped = pace.choose();
            pace.learn(2.0, false);
            helped
        });
        let waited = waited.count() as u64;
        assert!((PATIENCE..PATIENCE + TRIAL).contains(&waited), "{waited}");
    }
}
