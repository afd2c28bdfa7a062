//! A search in numbers, as a part of `report.json`.

use hemline_train::tune::{Params, StudyResult};
use serde::Serialize;

/// How many trials there were, and which won.
#[derive(Debug, Serialize)]
pub(crate) struct SearchReport {
    trials: usize,
    completed: usize,
    pruned: usize,
    failed: usize,
    seconds: f64,
    best: Option<Best>,
}

/// The trial that won, with the score that chose it.
#[derive(Debug, Serialize)]
struct Best {
    trial: usize,
    seed: u64,
    validation_accuracy: f64,
    params: Params,
}

impl SearchReport {
    pub(crate) fn new(result: &StudyResult) -> Self {
        let counts = result.counts();
        Self {
            trials: counts.trials,
            completed: counts.completed,
            pruned: counts.pruned,
            failed: counts.failed,
            seconds: result.seconds(),
            best: result.best().and_then(|record| {
                Some(Best {
                    trial: record.trial,
                    seed: record.seed,
                    validation_accuracy: record.score()?,
                    params: record.params.clone(),
                })
            }),
        }
    }
}
