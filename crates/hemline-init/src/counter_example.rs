//! The outcome of one counter-example: the exact deviation, the measured one, and whether the check caught it.

use serde::Serialize;

use crate::{Check, Error, Plan, two_sided_quantile};

/// A check run on a neuron that breaks one of its assumptions.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CounterExample {
    /// The assumption that is broken.
    pub broken: &'static str,
    /// The formula of `exact_factor`, or of `exact` where there is no factor.
    pub why: &'static str,
    /// What the left-hand side really is.
    pub exact: f64,
    /// The exact wrong factor; `None` where the step predicts 0, and no factor leads from there.
    pub factor: Option<Factor>,
    /// Whether the measurement agrees with the exact value (or factor) at the plan's α.
    pub agrees: bool,
    /// Whether the check failed, as it must.
    pub caught: bool,
    /// The check as it came out.
    pub check: Check,
}

/// Left-hand side over right-hand side of a step that does not stand.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Factor {
    /// By theory.
    pub exact: f64,
    /// Measured over predicted.
    pub measured: f64,
    /// Lower end of the interval of confidence 1 − α.
    pub low: f64,
    /// Upper end.
    pub high: f64,
}

impl CounterExample {
    /// The header of [`Self::csv_row`].
    pub const CSV_HEADER: &'static str = "step,broken,claimed,exact,measured,low,high,exact_factor,measured_factor,agrees,caught,draws";

    /// One line of CSV; a missing factor is left empty.
    #[must_use]
    pub fn csv_row(&self) -> String {
        let check = &self.check;
        let factors = self.factor.map_or_else(
            || String::from(","),
            |factor| format!("{:?},{:?}", factor.exact, factor.measured),
        );
        format!(
            "{},{},{:?},{:?},{:?},{:?},{:?},{factors},{},{},{}",
            check.step,
            self.broken,
            check.predicted,
            self.exact,
            check.measured,
            check.low,
            check.high,
            self.agrees,
            self.caught,
            check.draws
        )
    }

    pub(crate) fn by_factor(
        broken: &'static str,
        why: &'static str,
        exact: f64,
        check: Check,
        plan: &Plan,
    ) -> Result<Self, Error> {
        let measured = check.measured / check.predicted;
        // The error of a quotient, to first order.
        let error = (check.measured_error / check.predicted)
            .hypot(measured * check.predicted_error / check.predicted);
        let half = two_sided_quantile(plan.alpha)? * error;
        let factor = Factor {
            exact,
            measured,
            low: measured - half,
            high: measured + half,
        };
        Ok(Self {
            broken,
            why,
            exact: exact * check.predicted,
            factor: Some(factor),
            agrees: (factor.low..=factor.high).contains(&exact),
            caught: !check.holds,
            check,
        })
    }

    pub(crate) fn by_value(
        broken: &'static str,
        why: &'static str,
        exact: f64,
        check: Check,
    ) -> Self {
        let agrees = (check.low..=check.high).contains(&exact);
        Self {
            broken,
            why,
            exact,
            factor: None,
            agrees,
            caught: !check.holds,
            check,
        }
    }
}
