//! The tree-structured Parzen estimator.

use serde::{Deserialize, Serialize};
use tpe::density_estimation::DefaultEstimatorBuilder;
use tpe::{TpeOptimizer, TpeOptimizerBuilder};

use super::{SampleRequest, Sampler, Sobol};
use crate::tune::ranking::best_first_at_rung;
use crate::tune::seeds::{Purpose, trial_generator};
use crate::tune::{Dimension, Params, TrialRecord, TrialStatus, TuneError, ValueRange};

/// The end of the unit interval as the estimator has it, open.
const UNIT_END: f64 = 1.0;

/// Learns where good trials lie. Per dimension, the history is split into its best ⌈γn⌉ trials and the
/// rest, a density is fitted to each (l and g), `candidates` points are drawn from l, and the one with
/// the largest l/g is taken.
///
/// Numbers are modelled by normal kernels on the unit interval (in the logarithm, for a log-uniform
/// dimension), categories by their frequencies; both hold a uniform or central prior. A conditional
/// dimension learns from the trials in which it was active. The first trials come from [`Sobol`].
///
/// The model sees ranks, not scores, so a diverged score of 1e30 is just the worst. Under halving, all
/// trials are ranked at the highest rung that has at least d + 1 scores, d the number of dimensions
/// (as in BOHB), those that did not get so far after them, and the failed last.
///
/// Points whose scores are not known yet count as bad ones ("constant liar"), so that neighbouring
/// trials do not all go to the same place.
///
/// A trial knows the trials that lie at least `lag` behind it, however fast they finished: scores and
/// trials are therefore the same for any number of workers, and a study can be extended.
///
/// Sources: Bergstra et al., "Algorithms for Hyper-Parameter Optimization", NeurIPS 2011, section 4
/// (the densities are those of crate `tpe`); Falkner et al., "BOHB", ICML 2018, section 3.2.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TreeParzen {
    /// Trials that must be known before the model is used; until then, Sobol points.
    pub startup: usize,
    /// γ, the share of the history that counts as good, in (0, 1).
    pub good_share: f64,
    /// Points drawn from l per dimension (≥ 1).
    pub candidates: usize,
}

impl Default for TreeParzen {
    fn default() -> Self {
        Self {
            startup: 8,
            good_share: 0.15,
            candidates: 24,
        }
    }
}

impl Sampler for TreeParzen {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        self.check()?;
        if request.history.len() < self.startup.max(1) {
            return Sobol.sample(request);
        }
        let ranked = rank(request);
        let mut generator = trial_generator(request.seed, request.trial, Purpose::Parameters);
        let mut params = Params::default();
        for dimension in request.space.dimensions() {
            // Inactive dimensions draw too, so that the others' draws do not depend on them.
            let mut model = self.model(dimension, &ranked)?;
            let drawn = model
                .ask(&mut generator)
                .map_err(|e| failed(dimension, e))?;
            if dimension.is_active(&params) {
                let value = match &dimension.range {
                    ValueRange::Categorical(_) => dimension.range.cell(drawn as u64),
                    _ => None,
                };
                let value = value.unwrap_or_else(|| dimension.range.value_at(drawn));
                params.insert(dimension.name.clone(), value);
            }
        }
        Ok(params)
    }

    fn description(&self) -> serde_json::Value {
        let Self {
            startup,
            good_share,
            candidates,
        } = self;
        serde_json::json!({
            "name": "tree_parzen", "startup": startup, "good_share": good_share,
            "candidates": candidates,
        })
    }
}

impl TreeParzen {
    fn check(&self) -> Result<(), TuneError> {
        let invalid = |option, expected, found| {
            Err(TuneError::InvalidOption {
                option,
                expected,
                found,
            })
        };
        if !(0.0 < self.good_share && self.good_share < 1.0) {
            return invalid(
                "good_share",
                "a share in (0, 1)",
                self.good_share.to_string(),
            );
        }
        if self.candidates == 0 {
            return invalid("candidates", "at least 1", "0".to_owned());
        }
        Ok(())
    }

    /// The densities of one dimension, fitted to the trials in which it was active. The rank stands in
    /// for the score: the estimator uses only the order.
    fn model(&self, dimension: &Dimension, ranked: &[&Params]) -> Result<TpeOptimizer, TuneError> {
        let (estimator, range) = match &dimension.range {
            ValueRange::Categorical(values) => (
                tpe::histogram_estimator(),
                tpe::categorical_range(values.len()),
            ),
            _ => (tpe::parzen_estimator(), tpe::range(0.0, UNIT_END)),
        };
        let range = range.map_err(|e| failed(dimension, e))?;
        let mut model: TpeOptimizer<DefaultEstimatorBuilder> = TpeOptimizerBuilder::new()
            .gamma(self.good_share)
            .candidates(self.candidates)
            .build(estimator, range)
            .map_err(|e| failed(dimension, e))?;
        for (position, params) in ranked.iter().enumerate() {
            let Some(value) = params.get(&dimension.name) else {
                continue;
            };
            let seen = match &dimension.range {
                ValueRange::Categorical(_) => {
                    dimension.range.cell_of(value).map(|cell| cell as f64)
                }
                _ => dimension.range.unit_of(value),
            };
            if let Some(seen) = seen {
                model
                    .tell(seen, position as f64)
                    .map_err(|e| failed(dimension, e))?;
            }
        }
        Ok(model)
    }
}

/// The history best first, at the highest rung with enough scores for a model, and then the points whose
/// scores are still open.
fn rank<'a>(request: &SampleRequest<'a>) -> Vec<&'a Params> {
    let needed = request.space.dimensions().len() + 1;
    let scored_at = |rung: usize| {
        let reached = |record: &&TrialRecord| {
            record.status != TrialStatus::Failed && record.rungs.len() > rung
        };
        request.history.iter().filter(reached).count()
    };
    let rungs = request
        .history
        .iter()
        .map(|record| record.rungs.len())
        .max()
        .unwrap_or(0);
    let rung = (0..rungs)
        .rev()
        .find(|&rung| scored_at(rung) >= needed)
        .unwrap_or(0);
    let mut ranked: Vec<&TrialRecord> = request.history.iter().collect();
    ranked.sort_by(|a, b| best_first_at_rung(request.direction, rung, a, b));
    ranked
        .into_iter()
        .map(|record| &record.params)
        .chain(request.pending)
        .collect()
}

fn failed(
    dimension: &Dimension,
    error: impl std::error::Error + Send + Sync + 'static,
) -> TuneError {
    TuneError::Estimator {
        dimension: dimension.name.clone(),
        source: Box::new(error),
    }
}
