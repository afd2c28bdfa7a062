//! What an axis measures: its label, its scale and its range; and where a value lies on it.

use crate::error::PlotError;
use crate::extent::Extent;
use crate::ticks::{Tick, Ticks};

/// How values are laid out along an axis.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Scale {
    /// Equal differences are equally long.
    Linear,
    /// Equal ratios are equally long; values must be positive.
    Logarithmic,
    /// Value i is the i-th of these names, with whole numbers at the middle of each.
    Categories(Vec<String>),
}

/// One axis of a chart.
///
/// The range follows the data unless it is set; NaN and infinite values never set it.
#[derive(Clone, Debug, PartialEq)]
pub struct Axis {
    pub(crate) label: String,
    pub(crate) scale: Scale,
    range: Option<(f64, f64)>,
    least: Option<f64>,
    whole: bool,
    pub(crate) reversed: bool,
    tight: bool,
}

impl Axis {
    fn new(label: impl Into<String>, scale: Scale) -> Self {
        Self {
            label: label.into(),
            scale,
            range: None,
            least: None,
            whole: false,
            reversed: false,
            tight: false,
        }
    }

    /// A linear axis; put the unit into the label, as in "time (s)".
    pub fn linear(label: impl Into<String>) -> Self {
        Self::new(label, Scale::Linear)
    }

    /// A logarithmic axis; values that are not positive are gaps.
    pub fn logarithmic(label: impl Into<String>) -> Self {
        Self::new(label, Scale::Logarithmic)
    }

    /// An axis of names; the value i stands for the i-th.
    pub fn categories<S: Into<String>>(
        label: impl Into<String>,
        names: impl IntoIterator<Item = S>,
    ) -> Self {
        Self::new(
            label,
            Scale::Categories(names.into_iter().map(Into::into).collect()),
        )
    }

    /// Shows exactly `low` to `high`, whatever the data are.
    #[must_use]
    pub fn range(mut self, low: f64, high: f64) -> Self {
        self.range = Some((low, high));
        self
    }

    /// Starts at zero where no value is negative, as bars and counts need.
    #[must_use]
    pub fn from_zero(mut self) -> Self {
        self.least = Some(0.0);
        self
    }

    /// Puts ticks at whole numbers only, as for epochs and counts.
    #[must_use]
    pub fn whole_numbers(mut self) -> Self {
        self.whole = true;
        self
    }

    /// Leaves no room beyond the outermost values.
    #[must_use]
    pub fn tight(mut self) -> Self {
        self.tight = true;
        self
    }

    /// Runs the other way: downwards or to the left.
    #[must_use]
    pub fn reversed(mut self) -> Self {
        self.reversed = true;
        self
    }

    /// Whether `value` lies in the range that was set; any finite one does where none was.
    pub(crate) fn holds(&self, value: f64) -> bool {
        let in_range = |(low, high): (f64, f64)| (low..=high).contains(&value);
        value.is_finite() && self.range.is_none_or(in_range)
    }

    /// The axis with its range chosen from `extent`.
    pub(crate) fn fit(&self, extent: &Extent, chart: &str) -> Result<FittedAxis, PlotError> {
        let mut extent = *extent;
        let mut padded = !self.tight;
        if let Some((low, high)) = self.range {
            let ordered = low.is_finite() && high.is_finite() && low < high;
            if !ordered || (self.scale == Scale::Logarithmic && low <= 0.0) {
                return Err(PlotError::invalid(
                    format!("the range of the axis {:?}", self.label),
                    "finite ends, the first below the second, positive on a logarithmic axis",
                    format!("{low} to {high}"),
                ));
            }
            extent = Extent::of([low, high]);
            padded = false;
        }
        let nothing = || PlotError::NothingFinite {
            what: format!("the chart {chart:?}"),
            axis: format!("the axis {:?}", self.label),
        };
        let zero_based =
            self.least.is_some() && self.range.is_none() && self.scale == Scale::Linear;
        if zero_based && extent.range(&self.scale, false).is_some() {
            extent.include(self.least);
        }
        let (mut low, high) = extent.range(&self.scale, padded).ok_or_else(nothing)?;
        if zero_based
            && extent
                .range(&self.scale, false)
                .is_some_and(|(low, high)| low >= 0.0 && high > 0.0)
        {
            low = 0.0;
        }
        Ok(FittedAxis {
            label: self.label.clone(),
            scale: self.scale.clone(),
            low,
            high,
            whole: self.whole,
            reversed: self.reversed,
        })
    }
}

/// An axis whose range is known, finite and of some width.
#[derive(Clone, Debug)]
pub(crate) struct FittedAxis {
    pub(crate) label: String,
    pub(crate) scale: Scale,
    low: f64,
    high: f64,
    whole: bool,
    reversed: bool,
}

impl FittedAxis {
    /// Where `value` lies: 0 at the low end, 1 at the high end, beyond them outside the range; `None` for
    /// what the axis cannot show.
    pub(crate) fn fraction(&self, value: f64) -> Option<f64> {
        let (value, low, high) = match self.scale {
            _ if !value.is_finite() => return None,
            Scale::Logarithmic if value <= 0.0 => return None,
            Scale::Logarithmic => (value.log10(), self.low.log10(), self.high.log10()),
            Scale::Linear | Scale::Categories(_) => (value, self.low, self.high),
        };
        // Halves, because the difference of two finite numbers may not be finite.
        let fraction = (value / 2.0 - low / 2.0) / (high / 2.0 - low / 2.0);
        Some(if self.reversed {
            1.0 - fraction
        } else {
            fraction
        })
    }

    /// The low and the high end of the range.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// About `count` ticks, inside the range.
    pub(crate) fn ticks(&self, count: usize) -> Ticks {
        match &self.scale {
            Scale::Linear => Ticks::linear(self.low, self.high, count, self.whole),
            Scale::Logarithmic => Ticks::logarithmic(self.low, self.high, count),
            Scale::Categories(names) => {
                let major = names
                    .iter()
                    .enumerate()
                    .map(|(index, name)| Tick {
                        value: index as f64,
                        label: name.clone(),
                    })
                    .collect();
                Ticks {
                    major,
                    minor: Vec::new(),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fractions_run_from_end_to_end() {
        let fit = |axis: &Axis| axis.fit(&Extent::of([1.0, 100.0]), "test").unwrap();
        let linear = fit(&Axis::linear("x").tight());
        assert_eq!(
            (linear.fraction(1.0), linear.fraction(100.0)),
            (Some(0.0), Some(1.0))
        );
        let log = fit(&Axis::logarithmic("x").tight());
        assert!((log.fraction(10.0).unwrap() - 0.5).abs() < 1e-12);
        assert_eq!(log.fraction(0.0), None);
        assert_eq!(linear.fraction(f64::NAN), None);
        let down = fit(&Axis::linear("x").tight().reversed());
        assert_eq!(down.fraction(1.0), Some(1.0));
    }

    #[test]
    fn zero_is_the_floor_of_counts_and_does_not_hide_negative_values() {
        let axis = Axis::linear("count").from_zero();
        assert_eq!(
            axis.fit(&Extent::of([5.0, 9.0]), "t")
                .unwrap()
                .fraction(0.0),
            Some(0.0)
        );
        assert!(
            axis.fit(&Extent::of([-5.0, 9.0]), "t")
                .unwrap()
                .fraction(-5.0)
                .unwrap()
                > 0.0
        );
        assert!(axis.fit(&Extent::default(), "t").is_err());
    }

    #[test]
    fn ranges_that_cannot_be_are_refused() {
        for (low, high) in [
            (f64::NAN, 1.0),
            (0.0, f64::INFINITY),
            (1.0, 1.0),
            (2.0, 1.0),
        ] {
            assert!(
                Axis::linear("x")
                    .range(low, high)
                    .fit(&Extent::default(), "t")
                    .is_err()
            );
        }
        assert!(
            Axis::logarithmic("x")
                .range(0.0, 1.0)
                .fit(&Extent::default(), "t")
                .is_err()
        );
    }
}
