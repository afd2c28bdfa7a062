//! How the learning rate changes over a run.

use serde::{Deserialize, Serialize};
use std::f64::consts::PI;

use crate::Error;

/// The shape of the learning rate after the warm-up, as a factor of its peak.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "shape", rename_all = "snake_case")]
#[non_exhaustive]
pub enum ScheduleShape {
    /// 1 throughout.
    Constant,
    /// γ^⌊epoch / every⌋.
    Step {
        /// The number of epochs between two drops, at least 1.
        every_epochs: usize,
        /// The factor γ of one drop, in (0, 1].
        gamma: f64,
    },
    /// f + (1 − f)·½(1 + cos πp), where p ∈ [0, 1] is the share of the run after the warm-up that is
    /// done and f is `final_fraction`. Loshchilov & Hutter, *SGDR*, 2017, without restarts.
    Cosine {
        /// The factor f at the end of the run, in [0, 1].
        final_fraction: f64,
    },
}

/// The learning rate η(t) as a pure function of the iteration t, so that a resumed run needs no
/// state to go on with it.
///
/// During the warm-up, the first `warmup` share of the run's iterations, η rises along half a cosine
/// from `warmup_start`·η_peak to η_peak; from there it follows [`ScheduleShape`]. A warm-up of 0.3
/// with a cosine after it is the one-cycle schedule of Smith & Topin, *Super-convergence*, 2018.
///
/// ```
/// use hemline_train::Schedule;
///
/// let schedule = Schedule::cosine(0.0).with_warmup(0.1, 0.0);
/// // 100 iterations, 10 in each epoch, with a peak of 0.5.
/// assert_eq!(schedule.learning_rate(0.5, 10, 100, 10), 0.5);
/// assert!(schedule.learning_rate(0.5, 2, 100, 10) < 0.5);
/// assert!(schedule.learning_rate(0.5, 99, 100, 10) < 0.001);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// The share of the iterations that the warm-up takes, in [0, 1).
    pub warmup: f64,
    /// The factor of the peak that the warm-up starts from, in [0, 1].
    pub warmup_start: f64,
    /// What follows the warm-up.
    #[serde(flatten)]
    pub shape: ScheduleShape,
}

impl Schedule {
    /// The same learning rate throughout.
    pub fn constant() -> Self {
        Self::from_shape(ScheduleShape::Constant)
    }

    /// A factor of `gamma` after every `every_epochs` epochs.
    pub fn step(every_epochs: usize, gamma: f64) -> Self {
        Self::from_shape(ScheduleShape::Step {
            every_epochs,
            gamma,
        })
    }

    /// Half a cosine from the peak down to `final_fraction` of it.
    pub fn cosine(final_fraction: f64) -> Self {
        Self::from_shape(ScheduleShape::Cosine { final_fraction })
    }

    /// Puts a warm-up before the shape.
    pub fn with_warmup(mut self, share: f64, start: f64) -> Self {
        self.warmup = share;
        self.warmup_start = start;
        self
    }

    fn from_shape(shape: ScheduleShape) -> Self {
        Self {
            warmup: 0.0,
            warmup_start: 0.0,
            shape,
        }
    }

    /// η(t) for iteration t of `iterations`, of which `iterations_per_epoch` make an epoch.
    ///
    /// The first iteration of a warm-up from 0 has a small positive rate and not 0, since a step of
    /// length 0 would be wasted.
    pub fn learning_rate(
        &self,
        peak: f64,
        iteration: usize,
        iterations: usize,
        iterations_per_epoch: usize,
    ) -> f64 {
        let warmup = (self.warmup * iterations as f64).round() as usize;
        if iteration < warmup {
            let done = (iteration + 1) as f64 / (warmup + 1) as f64;
            return peak * rising_cosine(self.warmup_start, done);
        }
        let factor = match self.shape {
            ScheduleShape::Constant => 1.0,
            ScheduleShape::Step {
                every_epochs,
                gamma,
            } => {
                let epoch = iteration / iterations_per_epoch.max(1);
                gamma.powi((epoch / every_epochs.max(1)) as i32)
            }
            ScheduleShape::Cosine { final_fraction } => {
                let done = (iteration - warmup) as f64 / (iterations - warmup).max(1) as f64;
                rising_cosine(final_fraction, 1.0 - done)
            }
        };
        peak * factor
    }

    /// Checks every setting against its domain.
    pub(crate) fn check(&self) -> Result<(), Error> {
        check(
            "schedule.warmup",
            "in [0, 1)",
            self.warmup,
            (0.0..1.0).contains(&self.warmup),
        )?;
        check(
            "schedule.warmup_start",
            "in [0, 1]",
            self.warmup_start,
            (0.0..=1.0).contains(&self.warmup_start),
        )?;
        match self.shape {
            ScheduleShape::Constant => Ok(()),
            ScheduleShape::Step {
                every_epochs,
                gamma,
            } => {
                check(
                    "schedule.every_epochs",
                    "at least 1",
                    every_epochs,
                    every_epochs > 0,
                )?;
                check(
                    "schedule.gamma",
                    "in (0, 1]",
                    gamma,
                    gamma > 0.0 && gamma <= 1.0,
                )
            }
            ScheduleShape::Cosine { final_fraction: f } => check(
                "schedule.final_fraction",
                "in [0, 1]",
                f,
                (0.0..=1.0).contains(&f),
            ),
        }
    }
}

/// Half a cosine from `low` at p = 0 to 1 at p = 1.
fn rising_cosine(low: f64, p: f64) -> f64 {
    low + (1.0 - low) * 0.5 * (1.0 - (PI * p).cos())
}

/// Turns a failed condition into the error that names the setting.
pub(crate) fn check(
    field: &'static str,
    expected: &'static str,
    found: impl ToString,
    holds: bool,
) -> Result<(), Error> {
    if holds {
        Ok(())
    } else {
        Err(Error::InvalidConfig {
            field,
            expected,
            found: found.to_string(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PER_EPOCH: usize = 10;
    const TOTAL: usize = 100;

    fn rates(schedule: Schedule) -> Vec<f64> {
        (0..TOTAL)
            .map(|t| schedule.learning_rate(2.0, t, TOTAL, PER_EPOCH))
            .collect()
    }

    #[test]
    fn a_constant_schedule_keeps_the_peak() {
        assert!(rates(Schedule::constant()).iter().all(|&rate| rate == 2.0));
    }

    #[test]
    fn a_step_schedule_drops_at_the_epoch_and_not_before() {
        let rates = rates(Schedule::step(3, 0.1));
        assert_eq!(rates[29], 2.0);
        assert!((rates[30] - 0.2).abs() < 1e-15);
        assert!((rates[90] - 2e-3).abs() < 1e-15);
    }

    #[test]
    fn a_cosine_starts_at_the_peak_is_half_way_at_half_time_and_never_rises() {
        let rates = rates(Schedule::cosine(0.1));
        assert_eq!(rates[0], 2.0);
        assert!((rates[50] - 2.0 * 0.55).abs() < 1e-12);
        assert!(rates.windows(2).all(|pair| pair[1] < pair[0]));
        assert!(rates[99] > 0.2);
    }

    #[test]
    fn a_warmup_rises_to_the_peak_which_it_reaches_when_it_ends() {
        let rates = rates(Schedule::constant().with_warmup(0.25, 0.0));
        assert!(rates[0] > 0.0);
        assert!(rates[..25].windows(2).all(|pair| pair[1] > pair[0]));
        assert!(rates[24] < 2.0);
        assert_eq!(rates[25], 2.0);
    }

    #[test]
    fn settings_outside_their_domain_are_named() {
        let wrong = [
            Schedule::constant().with_warmup(1.0, 0.0),
            Schedule::constant().with_warmup(f64::NAN, 0.0),
            Schedule::constant().with_warmup(0.1, -0.1),
            Schedule::step(0, 0.5),
            Schedule::step(1, 0.0),
            Schedule::cosine(1.5),
        ];
        for schedule in wrong {
            let error = schedule.check().unwrap_err().to_string();
            assert!(error.starts_with("schedule."), "{error}");
        }
    }
}
