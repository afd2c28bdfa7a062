//! The Kolmogorov–Smirnov test, of a sample against a law and of two samples against each other.

use std::f64::consts::PI;

use crate::Error;
use crate::estimate::{decreasing_root, significance};

/// The outcome of a test at level α.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct KolmogorovSmirnov {
    /// D, the largest distance between the two distribution functions.
    pub distance: f64,
    /// The distance that a true hypothesis exceeds with probability α.
    pub critical: f64,
    /// The probability of a distance at least this large under the hypothesis.
    pub p_value: f64,
    /// The effective number of draws: n for one sample, n·m/(n + m) for two.
    pub effective: f64,
}

impl KolmogorovSmirnov {
    /// Tests whether `sample` was drawn from the law with distribution function F(x) = P(X ≤ x).
    ///
    /// D = sup|F_n − F|. The sample is sorted in place. The distribution of D is Kolmogorov's limit with Stephens's
    /// finite-n correction λ = D(√n + 0.12 + 0.11/√n), good to 1 % of α from n = 20 on. For a law with jumps the
    /// distance is exact, from F just below each value, and the test is conservative.
    ///
    /// # Errors
    /// [`Error::TooFewDraws`] for fewer than two numbers, [`Error::DrawNotFinite`] for a number that is not finite
    /// or an F that is not a probability, [`Error::Parameter`] unless 0 < α < 1.
    ///
    /// ```
    /// use hemline_init::KolmogorovSmirnov;
    ///
    /// let mut grid: Vec<f64> = (0..100).map(|index| (f64::from(index) + 0.5) / 100.0).collect();
    /// let test = KolmogorovSmirnov::one_sample(&mut grid, |x| x.clamp(0.0, 1.0), 0.01)?;
    /// assert!((test.distance - 0.005).abs() < 1e-12 && test.holds());
    /// # Ok::<(), hemline_init::Error>(())
    /// ```
    ///
    /// Source: Stephens, "Use of the Kolmogorov–Smirnov … statistics", J. R. Stat. Soc. B 32, 1970.
    pub fn one_sample(
        sample: &mut [f64],
        cumulative: impl Fn(f64) -> f64,
        alpha: f64,
    ) -> Result<Self, Error> {
        prepare(sample)?;
        let count = sample.len() as f64;
        let mut distance = 0.0_f64;
        let mut before = 0;
        while before < sample.len() {
            let value = sample[before];
            let after = before + sample[before..].partition_point(|other| *other <= value);
            let (at, below) = (cumulative(value), cumulative(value.next_down()));
            for probability in [at, below] {
                if !(0.0..=1.0).contains(&probability) {
                    return Err(Error::DrawNotFinite {
                        name: "the distribution function",
                        value: probability,
                    });
                }
            }
            distance = distance
                .max((after as f64 / count - at).abs())
                .max((before as f64 / count - below).abs());
            before = after;
        }
        Self::judge(distance, count, alpha)
    }

    /// Tests whether two samples come from one law; both are sorted in place.
    ///
    /// D = sup|F_n − G_m|, compared with the limit law at n·m/(n + m). Ties make the test conservative.
    ///
    /// # Errors
    /// As [`Self::one_sample`].
    pub fn two_sample(left: &mut [f64], right: &mut [f64], alpha: f64) -> Result<Self, Error> {
        prepare(left)?;
        prepare(right)?;
        let (n, m) = (left.len() as f64, right.len() as f64);
        let (mut i, mut j, mut distance) = (0, 0, 0.0_f64);
        while i < left.len() && j < right.len() {
            let value = left[i].min(right[j]);
            while i < left.len() && left[i] <= value {
                i += 1;
            }
            while j < right.len() && right[j] <= value {
                j += 1;
            }
            distance = distance.max((i as f64 / n - j as f64 / m).abs());
        }
        Self::judge(distance, n * m / (n + m), alpha)
    }

    /// Whether the hypothesis stands at level α.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.distance <= self.critical
    }

    fn judge(distance: f64, effective: f64, alpha: f64) -> Result<Self, Error> {
        let level = significance(alpha)?;
        let root = effective.sqrt();
        let scale = root + 0.12 + 0.11 / root;
        Ok(Self {
            distance,
            critical: decreasing_root(kolmogorov_survival, level, 40.0) / scale,
            p_value: kolmogorov_survival(scale * distance),
            effective,
        })
    }
}

/// P(K > λ) of Kolmogorov's limit law: 2Σ(−1)^(k−1) e^(−2k²λ²), and for small λ its theta-function twin
/// 1 − (√(2π)/λ) Σ e^(−(2k−1)²π²/(8λ²)), which converges where the first does not.
pub(crate) fn kolmogorov_survival(lambda: f64) -> f64 {
    if lambda < 0.04 {
        return 1.0;
    }
    // Both series have reached rounding within five terms on their side of 1.
    if lambda < 1.0 {
        let unit = PI * PI / (8.0 * lambda * lambda);
        let sum: f64 = (1..=5)
            .map(|k| (-unit * f64::from((2 * k - 1) * (2 * k - 1))).exp())
            .sum();
        return 1.0 - (2.0 * PI).sqrt() / lambda * sum;
    }
    let term = |k: i32| (-2.0 * f64::from(k * k) * lambda * lambda).exp();
    2.0 * (term(1) - term(2) + term(3) - term(4) + term(5))
}

fn prepare(sample: &mut [f64]) -> Result<(), Error> {
    if sample.len() < 2 {
        let found = sample.len() as u64;
        return Err(Error::TooFewDraws {
            name: "a Kolmogorov–Smirnov test",
            found,
            needed: 2,
        });
    }
    if let Some(&value) = sample.iter().find(|value| !value.is_finite()) {
        return Err(Error::DrawNotFinite {
            name: "a draw",
            value,
        });
    }
    sample.sort_unstable_by(f64::total_cmp);
    Ok(())
}
