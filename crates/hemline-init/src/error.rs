//! The one error type of the crate.

/// What can go wrong: each variant names the value found and what was expected.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A layer without inputs or without outputs has no variance law.
    #[error("{name} is 0, expected at least 1")]
    ZeroFan {
        /// Which size was zero: `fan_in`, `fan_out`, or a layer's width.
        name: &'static str,
    },

    /// The numbers asked for cannot be counted or held in memory.
    #[error("{name} needs {found} numbers, more than can be held")]
    TooLarge {
        /// What was asked for.
        name: &'static str,
        /// How many numbers it needs, written as a formula where the count itself overflows.
        found: String,
    },

    /// A parameter lies outside of its domain (NaN and infinities included).
    #[error("{name} is {value}, expected {expected}")]
    Parameter {
        /// The parameter's name.
        name: &'static str,
        /// The value found.
        value: f64,
        /// The domain.
        expected: &'static str,
    },

    /// Too few draws to measure what was asked for.
    #[error("{name} has {found} draws, expected at least {needed}")]
    TooFewDraws {
        /// The quantity that was to be measured.
        name: &'static str,
        /// Draws given.
        found: u64,
        /// The smallest number that would do.
        needed: u64,
    },

    /// An activation returned NaN or an infinity.
    #[error("the activation returned {output} at z = {input}, expected a finite number")]
    ActivationNotFinite {
        /// Where it was evaluated.
        input: f64,
        /// What it returned.
        output: f64,
    },

    /// A law returned NaN or an infinity, as laws without finite moments (Cauchy, Pareto) can.
    #[error("{name} is {value}, expected a finite number")]
    DrawNotFinite {
        /// What was drawn.
        name: &'static str,
        /// The value found.
        value: f64,
    },

    /// `E[f(z)²]` is zero, so that no gain restores the variance.
    #[error("the activation is 0 almost everywhere: E[f(z)²] = 0 has no gain")]
    NoGain,

    /// The adaptive quadrature gave up before its error estimate became small.
    #[error(
        "the quadrature stopped after {panels} panels with an estimated error of {estimate:e}, \
         expected at most {tolerance:e}; name the activation's kinks"
    )]
    Quadrature {
        /// Panels evaluated.
        panels: usize,
        /// The error estimate that remained.
        estimate: f64,
        /// The error asked for.
        tolerance: f64,
    },
}

/// `Ok(value)` if `value` is finite and `accepts` it, else [`Error::Parameter`].
pub(crate) fn parameter(
    name: &'static str,
    value: f64,
    expected: &'static str,
    accepts: impl Fn(f64) -> bool,
) -> Result<f64, Error> {
    if value.is_finite() && accepts(value) {
        Ok(value)
    } else {
        Err(Error::Parameter {
            name,
            value,
            expected,
        })
    }
}
