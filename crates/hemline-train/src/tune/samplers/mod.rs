//! How trials get their parameters: one trait, four samplers.

mod grid;
mod random;
mod sobol;
mod tree_parzen;

use serde::{Deserialize, Serialize};

pub use self::grid::Grid;
pub use self::random::Random;
pub use self::sobol::Sobol;
pub use self::tree_parzen::TreeParzen;
use super::{Direction, Params, Space, TrialRecord, TuneError};

/// All that a sampler may look at.
#[derive(Debug, Clone, Copy)]
pub struct SampleRequest<'a> {
    /// The space to draw from.
    pub space: &'a Space,
    /// The study's seed.
    pub seed: u64,
    /// The number of the trial to draw for, from 0.
    pub trial: usize,
    /// The closed trials that this one may know: exactly those numbered at most `trial − lag`, in
    /// order, whatever else has finished by now.
    pub history: &'a [TrialRecord],
    /// The parameters of the trials between those and this one, in order; their scores are not known.
    pub pending: &'a [Params],
    /// Which scores are good.
    pub direction: Direction,
}

/// A pure function from a request to a point of the space: the same request gives the same point,
/// whoever asks and whenever.
pub trait Sampler: std::fmt::Debug {
    /// Draws the parameters of one trial.
    ///
    /// # Errors
    /// The sampler's own limits, such as [`TuneError::GridExhausted`].
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError>;

    /// The sampler's name and settings, as they stand in the journal's first line; a study resumes only
    /// with the sampler that began it.
    fn description(&self) -> serde_json::Value;
}

/// The samplers of this crate, as one serialisable choice.
///
/// `"grid"`, `"random"`, `"sobol"` and `"tree_parzen"` parse to the samplers with their defaults.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SamplerChoice {
    /// Every combination in turn.
    Grid(Grid),
    /// Independent draws.
    Random(Random),
    /// A low-discrepancy sequence.
    Sobol(Sobol),
    /// Learns from finished trials.
    TreeParzen(TreeParzen),
}

impl Default for SamplerChoice {
    fn default() -> Self {
        Self::TreeParzen(TreeParzen::default())
    }
}

impl SamplerChoice {
    fn chosen(&self) -> &dyn Sampler {
        match self {
            Self::Grid(sampler) => sampler,
            Self::Random(sampler) => sampler,
            Self::Sobol(sampler) => sampler,
            Self::TreeParzen(sampler) => sampler,
        }
    }
}

impl Sampler for SamplerChoice {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        self.chosen().sample(request)
    }

    fn description(&self) -> serde_json::Value {
        self.chosen().description()
    }
}

impl std::str::FromStr for SamplerChoice {
    type Err = TuneError;

    fn from_str(name: &str) -> Result<Self, TuneError> {
        match name {
            "grid" => Ok(Self::Grid(Grid::default())),
            "random" => Ok(Self::Random(Random)),
            "sobol" => Ok(Self::Sobol(Sobol)),
            "tree_parzen" | "tpe" => Ok(Self::TreeParzen(TreeParzen::default())),
            _ => Err(TuneError::InvalidOption {
                option: "sampler",
                expected: "grid, random, sobol or tree_parzen",
                found: name.to_owned(),
            }),
        }
    }
}
