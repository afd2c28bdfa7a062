//! The outcome of one check, and how a measurement becomes one.

use serde::Serialize;

use crate::{Error, Estimate, KolmogorovSmirnov};

/// One step of the derivation, predicted and measured.
///
/// `holds` says that `predicted` lies in \[`low`, `high`\], an interval around `measured` of confidence 1 − α that
/// also carries the error of a prediction which had to be measured. For a Kolmogorov–Smirnov test the measured
/// number is the distance D of two distribution functions, the prediction 0, and the interval D ± the critical
/// distance (not below 0), so that it holds exactly when the test passes.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// Where it stands in the derivation: "1.1" to "1.3", "a" to "e".
    pub step: &'static str,
    /// The formula.
    pub formula: &'static str,
    /// The right-hand side.
    pub predicted: f64,
    /// The left-hand side.
    pub measured: f64,
    /// Lower end of the interval.
    pub low: f64,
    /// Upper end of the interval.
    pub high: f64,
    /// Random numbers drawn for it.
    pub draws: u64,
    /// Whether the step stands.
    pub holds: bool,
    /// Standard error of the prediction: 0 where it is known.
    #[serde(skip)]
    pub predicted_error: f64,
    /// Standard error of the measurement; 0 for a distance, which has its critical value instead.
    #[serde(skip)]
    pub measured_error: f64,
}

impl Check {
    pub(crate) fn compare(
        (step, formula): (&'static str, &'static str),
        predicted: Estimate,
        measured: Estimate,
        alpha: f64,
        draws: u64,
    ) -> Result<Self, Error> {
        let standard_error = measured.standard_error.hypot(predicted.standard_error);
        let (mut low, mut high) = Estimate {
            value: measured.value,
            standard_error,
        }
        .interval(alpha)?;
        // A degenerate law (a constant) has no spread: leave the rounding of the two sums as the interval.
        let rounding = ROUNDING * measured.value.abs().max(predicted.value.abs());
        (low, high) = (low - rounding, high + rounding);
        Ok(Self {
            step,
            formula,
            predicted: predicted.value,
            measured: measured.value,
            low,
            high,
            draws,
            holds: (low..=high).contains(&predicted.value),
            predicted_error: predicted.standard_error,
            measured_error: measured.standard_error,
        })
    }

    pub(crate) fn distance(
        (step, formula): (&'static str, &'static str),
        test: KolmogorovSmirnov,
        draws: u64,
    ) -> Self {
        Self {
            step,
            formula,
            predicted: 0.0,
            measured: test.distance,
            low: (test.distance - test.critical).max(0.0),
            high: test.distance + test.critical,
            draws,
            holds: test.holds(),
            predicted_error: 0.0,
            measured_error: 0.0,
        }
    }

    /// The header of [`Self::csv_row`].
    pub const CSV_HEADER: &'static str = "step,formula,predicted,measured,low,high,draws,holds";

    /// One line of CSV, the formula in quotes, numbers in the shortest form that reads back the same.
    #[must_use]
    pub fn csv_row(&self) -> String {
        format!(
            "{},\"{}\",{:?},{:?},{:?},{:?},{},{}",
            self.step,
            self.formula.replace('"', "\"\""),
            self.predicted,
            self.measured,
            self.low,
            self.high,
            self.draws,
            self.holds
        )
    }
}

/// Relative rounding of a sum over a chunk and of the merges, generously.
const ROUNDING: f64 = 1e-12;
