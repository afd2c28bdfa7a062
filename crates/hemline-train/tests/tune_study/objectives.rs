//! The studies that these tests run.

use std::path::Path;
use std::time::Duration;

use hemline_train::tune::{
    Dimension, Halving, Objective, ObjectiveError, Space, StopToken, Stretch, StudyOptions, Trial,
};

/// A training in miniature: its state moves one step per unit of budget, towards a floor that depends
/// on the parameters, with a disturbance that depends on the seed. A few points fail.
pub(crate) struct Descent {
    /// How long a unit of budget takes, at most; the time differs between trials.
    pub(crate) pause: Duration,
}

impl Objective for Descent {
    type State = (f64, u64);

    fn start(&self, trial: &Trial) -> Result<Self::State, ObjectiveError> {
        if trial.params.count("units")? == 40 && trial.seed.is_multiple_of(3) {
            return Err("no such net".into());
        }
        Ok((10.0, trial.seed))
    }

    fn advance(
        &self,
        trial: &Trial,
        state: &mut Self::State,
        stretch: Stretch,
        _stop: &StopToken,
    ) -> Result<f64, ObjectiveError> {
        let miss = (trial.params.float("learning_rate")? / 0.03).ln();
        let momentum = trial
            .params
            .get("momentum")
            .map_or(Ok(0.5), |_| trial.params.float("momentum"))?;
        let floor = miss * miss + momentum;
        for _ in stretch.from..stretch.to {
            let (loss, noise) = *state;
            let next = noise
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1);
            let disturbance = (next >> 40) as f64 / (1u64 << 24) as f64;
            *state = (floor + (loss - floor) * 0.7 + 0.05 * disturbance, next);
            std::thread::sleep(self.pause.mul_f64(disturbance));
        }
        assert!(miss < 2.6, "diverged at budget {}", stretch.to);
        Ok(if miss > 2.3 { f64::NAN } else { state.0 })
    }
}

pub(crate) fn descent() -> Descent {
    Descent {
        pause: Duration::from_micros(400),
    }
}

pub(crate) fn space() -> Space {
    Space::new(vec![
        Dimension::integer_steps("units", 30, 50, 10),
        Dimension::log_uniform("learning_rate", 1e-3, 0.5),
        Dimension::categorical("optimizer", ["sgd", "adamw"]),
        Dimension::linear("momentum", 0.0, 0.99).when("optimizer", ["sgd"]),
    ])
    .unwrap()
}

/// Tree-structured Parzen with halving, the hardest of the combinations to repeat.
pub(crate) fn options(trials: usize, workers: usize, journal: Option<&Path>) -> StudyOptions {
    StudyOptions {
        seed: 11,
        trials,
        workers,
        lag: 5,
        halving: Halving::new(1, 9, 3).unwrap(),
        journal: journal.map(Path::to_owned),
        ..StudyOptions::default()
    }
}
