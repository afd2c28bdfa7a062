//! `report.json`: the run in numbers.

use serde::Serialize;

use super::difference::{Difference, mean, standard_deviation};
use super::finals::{Finals, Scores};
use crate::support::classifier::ClassifierConfig;
use crate::support::report::DataReport;
use crate::support::search::report::SearchReport;
use crate::support::search::run::Chosen;

/// The whole of it.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) data: DataReport,
    pub(crate) device: String,
    pub(crate) seed: u64,
    pub(crate) tuning: SearchReport,
    pub(crate) r#final: FinalReport,
    pub(crate) base_seeds: SeedsReport,
    pub(crate) variants: SearchReport,
    pub(crate) variant: FinalReport,
    pub(crate) variant_seeds: SeedsReport,
    pub(crate) difference: Difference,
    pub(crate) seconds: f64,
}

/// The network of the first seed.
#[derive(Debug, Serialize)]
pub(crate) struct FinalReport {
    config: ClassifierConfig,
    /// The epochs of the trial that the validation figures are of.
    validation_epochs: usize,
    validation_accuracy: f64,
    validation_cross_entropy: f64,
    last_losses: Vec<f64>,
    test_accuracy: f64,
    test_accuracy_interval_95: (f64, f64),
    test_cross_entropy: f64,
    seconds: f64,
}

impl FinalReport {
    pub(crate) fn new(chosen: &Chosen, finals: &Finals, scores: &Scores, last: usize) -> Self {
        let (validation_accuracy, validation_cross_entropy) = chosen.validation();
        let losses = finals.first().history.last_losses(last);
        let test = scores.first();
        Self {
            config: chosen.config.clone(),
            validation_epochs: chosen.history.epochs.len(),
            validation_accuracy,
            validation_cross_entropy,
            last_losses: losses.iter().map(|record| record.loss).collect(),
            test_accuracy: test.accuracy,
            test_accuracy_interval_95: test.accuracy_interval(),
            test_cross_entropy: test.cross_entropy,
            seconds: finals.seconds[0],
        }
    }
}

/// The networks of all seeds.
#[derive(Debug, Serialize)]
pub(crate) struct SeedsReport {
    seeds: Vec<u64>,
    test_accuracy: Vec<f64>,
    mean: f64,
    standard_deviation: Option<f64>,
}

impl SeedsReport {
    pub(crate) fn new(seeds: &[u64], scores: &Scores) -> Self {
        let test_accuracy = scores.accuracies();
        Self {
            seeds: seeds.to_vec(),
            mean: mean(&test_accuracy),
            standard_deviation: standard_deviation(&test_accuracy),
            test_accuracy,
        }
    }
}
