//! The shapes a weight law can have, each scaled to variance one.

use rand::{Rng, RngExt};
use rand_distr::{Distribution, StandardNormal};
use serde::{Deserialize, Serialize};

/// Where the truncated normal is cut, in standard deviations of the normal law that it is cut from.
pub const TRUNCATION: f64 = 2.0;

/// Standard deviation of N(0, 1) cut at ±2.
///
/// For a cut at ±c, integration by parts of z·zφ(z) gives Var = 1 − 2cφ(c)/(2Φ(c) − 1); at c = 2 that is
/// 0.773741…, whose square root this is. Dividing by it makes the variance law hold exactly.
pub const TRUNCATED_DEVIATION: f64 = 0.879_625_661_034_239_8;

/// The shape of a weight law with mean 0 and variance 1; an [`Initializer`](crate::Initializer) scales it.
///
/// All three are symmetric, which steps (c) to (e) of the derivation need.
///
/// ```
/// use hemline_init::WeightDistribution;
/// use rand::SeedableRng;
/// use rand_distr::Distribution;
///
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(0);
/// let weight: f64 = WeightDistribution::Uniform.sample(&mut rng);
/// assert!(weight.abs() <= 3.0_f64.sqrt());
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum WeightDistribution {
    /// N(0, 1).
    #[default]
    Normal,
    /// Uniform on [−√3, √3), whose variance is (2√3)²/12 = 1.
    Uniform,
    /// N(0, 1) cut at ±[`TRUNCATION`] and divided by [`TRUNCATED_DEVIATION`], so that its variance is 1.
    TruncatedNormal,
}

impl WeightDistribution {
    /// The largest magnitude it can return, if it has one.
    #[must_use]
    pub fn bound(self) -> Option<f64> {
        match self {
            Self::Normal => None,
            Self::Uniform => Some(3.0_f64.sqrt()),
            Self::TruncatedNormal => Some(TRUNCATION / TRUNCATED_DEVIATION),
        }
    }

    /// Fourth moment E\[w⁴\] of the law, which is its kurtosis because the variance is 1.
    ///
    /// Normal 3; uniform 9/5; truncated (3v − 2c³φ(c)/(2Φ(c) − 1))/v² with v the cut law's variance.
    #[must_use]
    pub fn kurtosis(self) -> f64 {
        match self {
            Self::Normal => 3.0,
            Self::Uniform => 1.8,
            Self::TruncatedNormal => {
                let variance = TRUNCATED_DEVIATION * TRUNCATED_DEVIATION;
                // 2cφ(c)/(2Φ(c) − 1) = 1 − v, so that the cubic term is c² times it.
                (3.0 * variance - TRUNCATION * TRUNCATION * (1.0 - variance))
                    / (variance * variance)
            }
        }
    }

    /// The distribution function F(w).
    #[must_use]
    pub fn cumulative(self, weight: f64) -> f64 {
        use crate::activation::normal_cumulative;
        match self {
            Self::Normal => normal_cumulative(weight),
            Self::Uniform => (0.5 + weight / (2.0 * 3.0_f64.sqrt())).clamp(0.0, 1.0),
            Self::TruncatedNormal => {
                let outside = normal_cumulative(-TRUNCATION);
                let z = weight * TRUNCATED_DEVIATION;
                ((normal_cumulative(z) - outside) / (1.0 - 2.0 * outside)).clamp(0.0, 1.0)
            }
        }
    }
}

impl Distribution<f64> for WeightDistribution {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        match self {
            Self::Normal => StandardNormal.sample(rng),
            Self::Uniform => 3.0_f64.sqrt() * (2.0 * rng.random::<f64>() - 1.0),
            // 95 draws of 100 are kept, so that the loop ends after 1.05 rounds on average.
            Self::TruncatedNormal => loop {
                let z: f64 = StandardNormal.sample(rng);
                if z.abs() <= TRUNCATION {
                    break z / TRUNCATED_DEVIATION;
                }
            },
        }
    }
}
