//! Independent draws from the space's own measure.

use rand::RngExt;
use serde::{Deserialize, Serialize};

use super::{SampleRequest, Sampler};
use crate::tune::seeds::{Purpose, trial_generator};
use crate::tune::{Params, TuneError};

/// Draws every dimension independently: uniform, log-uniform, or equally likely values.
///
/// Any study can be extended: trial t is the same in a study of any length.
///
/// Source: Bergstra & Bengio, "Random Search for Hyper-Parameter Optimization", JMLR 13, 2012.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Random;

impl Sampler for Random {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        let mut generator = trial_generator(request.seed, request.trial, Purpose::Parameters);
        // A coordinate is drawn for an inactive dimension too, so that the draws of the others do not
        // depend on which dimensions are active.
        let unit: Vec<f64> = request
            .space
            .dimensions()
            .iter()
            .map(|_| generator.random())
            .collect();
        Ok(request.space.params_at(&unit))
    }

    fn description(&self) -> serde_json::Value {
        serde_json::json!({ "name": "random" })
    }
}
