//! Whether threads help with a step: as was faster lately.
//!
//! What helpers are worth hangs on more than the sizes. Where two cores lie far apart, numbers that go back
//! and forth between them take longer than the arithmetic, and where another process has a core, a step waits
//! for whoever was interrupted. Either way computes the same bits, so the choice is free.

/// The steps from one trial of the other way to the next, at most.
const PERIOD: u64 = 512;
/// The same while help is clearly worth it: what steps take with it is known all the time, and only that they would take
/// less alone than lately has to be found out.
const RARELY: u64 = 4096;
/// What they then take of the time alone, at most: less than what a host that slows its cores leaves of their speed.
const CLEARLY: f64 = 0.75;
/// The fewest, after helpers have been let go.
const SOON: u64 = 32;
/// The steps of a trial.
const TRIAL: u64 = 6;
/// The steps that a trial waits for helpers at most. Until they come a step takes what it takes alone.
const PATIENCE: u64 = 256;
/// The least weight of the last step in what a way takes: so little that one interruption of a long step does not
/// drive helpers away.
const LAST: f64 = 1.0 / 16.0;
/// The most that a step alone counts for, in what it took lately: what interrupts it would interrupt it with
/// helpers too.
const MOST: f64 = 2.0;

/// What steps of a way take.
#[derive(Clone, Copy, Debug, Default)]
struct Way {
    /// Seconds for an example, lately; `None` before the first step of the kind.
    seconds: Option<f64>,
    /// The steps that this is the mean of, if not of more.
    steps: u64,
}

impl Way {
    fn learn(&mut self, seconds: f64) {
        self.steps += 1;
        let weight = (1.0 / self.steps as f64).max(LAST);
        let before = self.seconds.unwrap_or(seconds);
        self.seconds = Some(before + weight * (seconds - before));
    }
}

/// What steps took alone and with help.
#[derive(Clone, Debug, Default)]
pub(super) struct Pace {
    ways: [Way; 2],
    /// Whether help is worth it.
    pays: bool,
    /// The steps from one trial of help to the next while it does not; less than the fewest after it did for long.
    period: u64,
    /// The steps since a trial began or `pays` changed.
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
        let helped = match self.ways.map(|way| way.seconds) {
            [_, None] => true,
            [None, _] => false,
            [Some(alone), Some(helped)] => {
                let period = match self.pays {
                    true if helped < CLEARLY * alone => RARELY,
                    true => PERIOD,
                    false => self.period.max(SOON),
                };
                if self.pays && self.steps >= PERIOD {
                    // Help that was worth it for long is soon tried again once it no longer is.
                    self.period = 0;
                }
                if self.trial == 0 && self.steps >= period {
                    (self.steps, self.trial) = (0, TRIAL);
                    if !self.pays {
                        // And otherwise later each time.
                        self.period = self.later();
                    }
                    // What it took long ago counts no more.
                    self.ways[usize::from(!self.pays)].steps = 0;
                }
                self.pays != (self.trial > 0)
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
        let way = &mut self.ways[usize::from(self.helped)];
        let most = match way.seconds {
            Some(lately) if !self.helped && way.steps > 0 => MOST * lately,
            _ => f64::INFINITY,
        };
        way.learn(seconds.min(most));
        if let [Some(alone), Some(helped)] = self.ways.map(|way| way.seconds)
            && (helped < alone) != self.pays
        {
            self.change();
        }
    }

    /// The other way is faster from now on.
    fn change(&mut self) {
        if self.pays {
            self.period = self.later();
        }
        self.pays = !self.pays;
        (self.steps, self.trial) = (0, 0);
    }

    /// The steps to a trial of help after those that `period` says.
    fn later(&self) -> u64 {
        (2 * self.period).clamp(SOON, PERIOD)
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
    fn clear_help_is_seldom_doubted_and_other_help_at_once() {
        let mut pace = Pace::default();
        let quick = helped(&mut pace, 10_000, |helped| if helped { 1.0 } else { 2.0 });
        assert!(quick > 9_970, "{quick}");
        // The cores are moved apart, and are no longer slowed down either.
        let slow = helped(&mut pace, 1_000, |helped| if helped { 1.6 } else { 1.2 });
        assert!(slow < 100, "{slow}");
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
    fn one_interruption_drives_nobody_away_for_long() {
        // Of a long step, not even for a moment; of a short one, until helpers are soon tried again.
        for (interruption, least) in [(8.0, 9_850), (200.0, 9_400)] {
            let mut pace = Pace::default();
            let mut steps = 0;
            let helped = helped(&mut pace, 10_000, |helped| {
                steps += 1;
                match (helped, steps % 1_000) {
                    (_, 999) => interruption,
                    (true, _) => 1.0,
                    (false, _) => 2.0,
                }
            });
            assert!(helped > least, "{interruption}: {helped}");
        }
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
        // From one trial to the next.
        while !pace.choose() {
            pace.learn(2.0, true);
        }
        let waited = (1..PERIOD).filter(|_| {
            pace.learn(2.0, false);
            pace.choose()
        });
        let waited = waited.count() as u64;
        assert!((PATIENCE..PATIENCE + TRIAL).contains(&waited), "{waited}");
    }
}
