//! A measured number with its standard error, and the interval that follows.

use std::f64::consts::FRAC_1_SQRT_2;

use serde::Serialize;

use crate::Error;
use crate::error::parameter;

/// A value and the standard deviation of its error.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Estimate {
    /// The best guess.
    pub value: f64,
    /// Its standard error; 0 for a number that is known.
    pub standard_error: f64,
}

impl Estimate {
    /// A number that is known, not measured.
    #[must_use]
    pub fn exact(value: f64) -> Self {
        Self {
            value,
            standard_error: 0.0,
        }
    }

    /// c times the number.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        Self {
            value: factor * self.value,
            standard_error: factor.abs() * self.standard_error,
        }
    }

    /// The product of two independent estimates, errors to first order.
    #[must_use]
    pub fn times(self, other: Self) -> Self {
        Self {
            value: self.value * other.value,
            standard_error: (self.value * other.standard_error)
                .hypot(other.value * self.standard_error),
        }
    }

    /// The sum of two independent estimates.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            value: self.value + other.value,
            standard_error: self.standard_error.hypot(other.standard_error),
        }
    }

    /// The square of the number, errors to first order.
    #[must_use]
    pub fn squared(self) -> Self {
        Self {
            value: self.value * self.value,
            standard_error: 2.0 * self.value.abs() * self.standard_error,
        }
    }

    /// The two-sided interval value ± z·standard_error of confidence 1 − α, by the central limit theorem.
    ///
    /// # Errors
    /// [`Error::Parameter`] unless 0 < α < 1.
    ///
    /// ```
    /// use hemline_init::Estimate;
    ///
    /// let (low, high) = Estimate { value: 1.0, standard_error: 0.1 }.interval(0.05)?;
    /// assert!((high - 1.1959964).abs() < 1e-7 && (low - 0.8040036).abs() < 1e-7);
    /// # Ok::<(), hemline_init::Error>(())
    /// ```
    pub fn interval(self, alpha: f64) -> Result<(f64, f64), Error> {
        let half = two_sided_quantile(alpha)? * self.standard_error;
        Ok((self.value - half, self.value + half))
    }
}

/// z with P(|Z| > z) = α for Z ~ N(0, 1).
///
/// # Errors
/// [`Error::Parameter`] unless 0 < α < 1.
///
/// ```
/// assert!((hemline_init::two_sided_quantile(0.05)? - 1.959963984540054).abs() < 1e-14);
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn two_sided_quantile(alpha: f64) -> Result<f64, Error> {
    let alpha = significance(alpha)?;
    Ok(decreasing_root(
        |z| libm::erfc(z * FRAC_1_SQRT_2),
        alpha,
        40.0,
    ))
}

/// α, if it is a probability strictly between 0 and 1.
pub(crate) fn significance(alpha: f64) -> Result<f64, Error> {
    parameter(
        "alpha",
        alpha,
        "a probability strictly between 0 and 1",
        |alpha| alpha > 0.0 && alpha < 1.0,
    )
}

/// The point of [0, high] where a decreasing function passes `level`, by bisection to the last bit.
pub(crate) fn decreasing_root(function: impl Fn(f64) -> f64, level: f64, high: f64) -> f64 {
    let (mut low, mut high) = (0.0, high);
    loop {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            return middle;
        }
        if function(middle) > level {
            low = middle;
        } else {
            high = middle;
        }
    }
}
