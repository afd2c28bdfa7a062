//! Streaming central moments up to the fourth: stable, mergeable, one pass over the stream.

use crate::{Error, Estimate};

/// Count, mean and the central sums M_k = Σ(x − x̄)ᵏ for k = 2, 3, 4.
///
/// Blocks are reduced in two passes and merged by Pébay's formulas, so that the cancellation of Σx² − n·x̄² never
/// happens: at 10⁸ draws with mean 10⁶ and variance 1, the variance keeps its digits. The result depends on the
/// order of the blocks in its last bits; merge them in a fixed order for the same bits.
///
/// ```
/// use hemline_init::Moments;
///
/// let (mut left, mut right) = (Moments::new(), Moments::new());
/// left.extend(&[1.0, 2.0])?;
/// right.extend(&[3.0, 4.0])?;
/// left.merge(&right);
/// assert_eq!((left.count(), left.mean()), (4, 2.5));
/// assert!((left.variance()? - 5.0 / 3.0).abs() < 1e-15);
/// # Ok::<(), hemline_init::Error>(())
/// ```
///
/// Source: Pébay, "Formulas for Robust, One-Pass Parallel Computation of Covariances and Arbitrary-Order
/// Statistical Moments", SAND2008-6212, equations 2.1 and 3.1, which extend Welford (1962) and Chan et al. (1979).
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Moments {
    count: u64,
    mean: f64,
    m2: f64,
    m3: f64,
    m4: f64,
}

impl Moments {
    /// No draws yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes one number in.
    ///
    /// # Errors
    /// [`Error::DrawNotFinite`] if it is NaN or infinite; the moments are then as before.
    pub fn push(&mut self, value: f64) -> Result<(), Error> {
        self.extend(&[value])
    }

    /// Takes a block of numbers in; a few hundred at a time is fastest.
    ///
    /// # Errors
    /// [`Error::DrawNotFinite`] if one is NaN or infinite, or its fourth power overflows; the moments are then as
    /// before.
    pub fn extend(&mut self, values: &[f64]) -> Result<(), Error> {
        if values.is_empty() {
            return Ok(());
        }
        let count = values.len() as f64;
        let mean = sum(values.iter().copied()) / count;
        let (mut m2, mut m3, mut m4) = (0.0, 0.0, 0.0);
        for &value in values {
            let deviation = value - mean;
            let square = deviation * deviation;
            m2 += square;
            m3 += square * deviation;
            m4 += square * square;
        }
        let mut merged = *self;
        merged.merge(&Self {
            count: values.len() as u64,
            mean,
            m2,
            m3,
            m4,
        });
        if merged.m4.is_finite() {
            *self = merged;
            return Ok(());
        }
        let culprit = values.iter().copied().find(|value| !value.is_finite());
        Err(culprit.map_or(
            Error::DrawNotFinite {
                name: "the sum of fourth powers",
                value: merged.m4,
            },
            |value| Error::DrawNotFinite {
                name: "a draw",
                value,
            },
        ))
    }

    /// Takes in what `other` has seen, as if its numbers had followed.
    pub fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        if self.count == 0 {
            *self = *other;
            return;
        }
        let (left, right) = (self.count as f64, other.count as f64);
        let total = left + right;
        let delta = other.mean - self.mean;
        // Written in delta/total, so that delta⁴ · n³ is never formed.
        let step = delta / total;
        let shared = left * right * step;
        let m4 = self.m4
            + other.m4
            + shared * step * step * delta * (left * left - left * right + right * right)
            + 6.0 * step * step * (left * left * other.m2 + right * right * self.m2)
            + 4.0 * step * (left * other.m3 - right * self.m3);
        let m3 = self.m3
            + other.m3
            + shared * step * delta * (left - right)
            + 3.0 * step * (left * other.m2 - right * self.m2);
        self.m2 += other.m2 + shared * delta;
        self.m3 = m3;
        self.m4 = m4;
        self.mean += right * step;
        self.count += other.count;
    }

    /// Numbers seen.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }

    /// x̄; 0 before the first number.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.mean
    }

    /// The unbiased variance s² = M₂/(n − 1).
    ///
    /// # Errors
    /// [`Error::TooFewDraws`] for fewer than two numbers.
    pub fn variance(&self) -> Result<f64, Error> {
        self.at_least_two("a variance")?;
        Ok(self.m2 / (self.count as f64 - 1.0))
    }

    /// The mean of the squares, x̄² + M₂/n: not the variance, unless the mean is 0.
    #[must_use]
    pub fn second_moment(&self) -> f64 {
        if self.count == 0 {
            0.0
        } else {
            self.mean * self.mean + self.m2 / self.count as f64
        }
    }

    /// The kurtosis n·M₄/M₂², 3 for a normal law; NaN where the variance is 0.
    #[must_use]
    pub fn kurtosis(&self) -> f64 {
        self.count as f64 * self.m4 / (self.m2 * self.m2)
    }

    /// The skewness √n·M₃/M₂^(3/2); NaN where the variance is 0.
    #[must_use]
    pub fn skewness(&self) -> f64 {
        (self.count as f64).sqrt() * self.m3 / self.m2.powf(1.5)
    }

    /// x̄ with its standard error s/√n.
    ///
    /// # Errors
    /// [`Error::TooFewDraws`] for fewer than two numbers.
    pub fn mean_estimate(&self) -> Result<Estimate, Error> {
        let standard_error = (self.variance()? / self.count as f64).sqrt();
        Ok(Estimate {
            value: self.mean,
            standard_error,
        })
    }

    /// s² with its standard error from the fourth moment: Var\[s²\] = (μ₄ − σ⁴(n − 3)/(n − 1))/n, which holds for
    /// every law with a fourth moment. (The textbook χ² interval holds for normal numbers only.)
    ///
    /// # Errors
    /// [`Error::TooFewDraws`] for fewer than two numbers.
    pub fn variance_estimate(&self) -> Result<Estimate, Error> {
        let variance = self.variance()?;
        let count = self.count as f64;
        let fourth = self.m4 / count;
        let spread = fourth - variance * variance * (count - 3.0) / (count - 1.0);
        Ok(Estimate {
            value: variance,
            standard_error: (spread.max(0.0) / count).sqrt(),
        })
    }

    fn at_least_two(&self, name: &'static str) -> Result<(), Error> {
        if self.count < 2 {
            return Err(Error::TooFewDraws {
                name,
                found: self.count,
                needed: 2,
            });
        }
        Ok(())
    }
}

/// Σ values in four interleaved partial sums, a fixed order that the processor can overlap.
fn sum(values: impl Iterator<Item = f64>) -> f64 {
    let mut partial = [0.0; 4];
    for (index, value) in values.enumerate() {
        partial[index % 4] += value;
    }
    (partial[0] + partial[1]) + (partial[2] + partial[3])
}
