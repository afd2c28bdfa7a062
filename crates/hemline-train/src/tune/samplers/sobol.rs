//! The Owen-scrambled Sobol sequence.

use rand::Rng;
use serde::{Deserialize, Serialize};

use super::{SampleRequest, Sampler};
use crate::tune::seeds::{Purpose, trial_generator};
use crate::tune::{Params, TuneError};

/// The longest sequence that the tables of `sobol_burley` hold.
const POINTS: usize = 1 << 16;

/// Spreads the trials evenly: of the first 2ᵏ points each of 2ᵏ equal parts of every axis holds one.
/// The scrambling is drawn from the study's seed.
///
/// Any study can be extended: trial t is the sequence's t-th point. Coordinates have 24 bits, and a
/// space at most 256 dimensions and 65,536 trials.
///
/// Source: Burley, "Practical Hash-based Owen Scrambling", JCGT 9(4), 2020.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sobol;

impl Sampler for Sobol {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        let (trial, dimensions) = (request.trial, request.space.dimensions().len());
        let most_dimensions = sobol_burley::NUM_DIMENSIONS as usize;
        if trial >= POINTS {
            return Err(exhausted("points", POINTS, trial.saturating_add(1)));
        }
        if dimensions > most_dimensions {
            return Err(exhausted("dimensions", most_dimensions, dimensions));
        }
        // One scrambling for the whole study, so its seed is not that of any one trial's stream.
        let scrambling = trial_generator(request.seed, usize::MAX, Purpose::Parameters).next_u32();
        let coordinate = |axis| f64::from(sobol_burley::sample(trial as u32, axis, scrambling));
        let unit: Vec<f64> = (0..dimensions as u32).map(coordinate).collect();
        Ok(request.space.params_at(&unit))
    }

    fn description(&self) -> serde_json::Value {
        serde_json::json!({ "name": "sobol" })
    }
}

fn exhausted(what: &'static str, limit: usize, found: usize) -> TuneError {
    TuneError::SobolExhausted { what, limit, found }
}
