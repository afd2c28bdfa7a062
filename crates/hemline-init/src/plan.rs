//! How much to draw, from which seed, on how many threads, and how sure to be.

use crate::Error;
use crate::estimate::significance;

/// The budget of a measurement.
///
/// A *draw* is one number from one law: a neuron of n terms whose weights and inputs are all drawn costs 2n draws.
///
/// Results are the same bits for any number of workers: the work is cut into chunks by the number of draws alone,
/// each chunk has its own ChaCha8 stream of the seed, and chunks are merged in their order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Plan {
    /// Numbers to draw in all, at most.
    pub draws: u64,
    /// The seed of every stream.
    pub seed: u64,
    /// Threads (at least 1).
    pub workers: usize,
    /// The probability with which one check of a true law fails (strictly between 0 and 1).
    pub alpha: f64,
}

impl Default for Plan {
    /// 10⁷ draws, seed 0, one worker per core, α = 10⁻⁴.
    ///
    /// α is that small because a table holds some ten checks and a reader takes one failure for a broken law.
    fn default() -> Self {
        let workers = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self {
            draws: 10_000_000,
            seed: 0,
            workers,
            alpha: 1e-4,
        }
    }
}

impl Plan {
    /// The same plan with the share numerator/denominator of its draws.
    #[must_use]
    pub(crate) fn share(&self, numerator: u64, denominator: u64) -> Self {
        let draws = u128::from(self.draws) * u128::from(numerator) / u128::from(denominator);
        Self {
            draws: u64::try_from(draws).unwrap_or(u64::MAX),
            ..*self
        }
    }

    /// `Ok` if every field lies in its domain.
    ///
    /// # Errors
    /// [`Error::Parameter`] for no workers or an α outside of (0, 1).
    pub fn validate(&self) -> Result<(), Error> {
        if self.workers == 0 {
            return Err(Error::Parameter {
                name: "workers",
                value: 0.0,
                expected: "at least 1",
            });
        }
        significance(self.alpha).map(|_| ())
    }

    /// How many samples of `cost` draws each the budget pays for.
    pub(crate) fn samples(&self, name: &'static str, cost: u64) -> Result<u64, Error> {
        self.validate()?;
        let samples = self.draws / cost.max(1);
        if samples < 2 {
            let needed = cost.saturating_mul(2);
            return Err(Error::TooFewDraws {
                name,
                found: self.draws,
                needed,
            });
        }
        Ok(samples)
    }
}
