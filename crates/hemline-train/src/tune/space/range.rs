//! The map between a dimension's values and the unit interval, on which every sampler works.

use super::{Value, ValueRange};

/// The largest number below 1 that samplers are given; the unit interval is half-open.
const BELOW_ONE: f64 = 1.0 - f64::EPSILON;

impl ValueRange {
    /// The value at `unit` ∈ [0, 1): equal parts of the interval for the values of a discrete range,
    /// `low + u (high − low)` for a linear one, and the same in the logarithm for a log-uniform one.
    /// A `unit` outside the interval is moved to its nearer end.
    pub fn value_at(&self, unit: f64) -> Value {
        let unit = if unit.is_nan() {
            0.0
        } else {
            unit.clamp(0.0, BELOW_ONE)
        };
        match self {
            Self::Linear { low, high } => {
                Value::Float((low + unit * (high - low)).clamp(*low, *high))
            }
            Self::LogUniform { low, high } => {
                let exponent = low.ln() + unit * (high.ln() - low.ln());
                Value::Float(exponent.exp().clamp(*low, *high))
            }
            Self::Integer { .. } | Self::Categorical(_) => {
                let cells = self.cells().unwrap_or(1);
                // The product can round up to `cells` itself.
                self.cell((unit * cells as f64) as u64)
                    .unwrap_or(Value::Int(0))
            }
        }
    }

    /// The inverse of [`ValueRange::value_at`]: the middle of a discrete value's part of [0, 1), or the
    /// point itself. `None` for a value that is not in the range.
    pub fn unit_of(&self, value: &Value) -> Option<f64> {
        let unit = match (self, value) {
            (Self::Linear { low, high }, Value::Float(x)) if (low..=high).contains(&x) => {
                (x - low) / (high - low)
            }
            (Self::LogUniform { low, high }, Value::Float(x)) if (low..=high).contains(&x) => {
                (x.ln() - low.ln()) / (high.ln() - low.ln())
            }
            (Self::Linear { .. } | Self::LogUniform { .. }, _) => return None,
            _ => (self.cell_of(value)? as f64 + 0.5) / self.cells()? as f64,
        };
        Some(unit.clamp(0.0, BELOW_ONE))
    }

    /// How many values a discrete range has; `None` for a continuous one.
    pub fn cells(&self) -> Option<u64> {
        match self {
            Self::Integer { low, high, step } => {
                Some((high.abs_diff(*low) / step.unsigned_abs()) + 1)
            }
            Self::Categorical(values) => Some(values.len() as u64),
            Self::Linear { .. } | Self::LogUniform { .. } => None,
        }
    }

    /// The `index`-th value of a discrete range, or the last one past its end.
    pub fn cell(&self, index: u64) -> Option<Value> {
        let index = index.min(self.cells()?.saturating_sub(1));
        match self {
            // `check` has seen that `low + index × step` ≤ `high`, and wrapping arithmetic carries
            // the exact sum through an intermediate product past 2⁶³.
            Self::Integer { low, step, .. } => Some(Value::Int(
                low.wrapping_add_unsigned(index.wrapping_mul(step.unsigned_abs())),
            )),
            Self::Categorical(values) => values.get(index as usize).cloned(),
            Self::Linear { .. } | Self::LogUniform { .. } => None,
        }
    }

    /// The position of a value in a discrete range; `None` where it is not one of its values.
    pub fn cell_of(&self, value: &Value) -> Option<u64> {
        match (self, value) {
            (Self::Integer { low, high, step }, Value::Int(number)) => {
                let offset = number.abs_diff(*low);
                let inside = (low..=high).contains(&number) && offset % step.unsigned_abs() == 0;
                inside.then(|| offset / step.unsigned_abs())
            }
            (Self::Categorical(values), _) => values
                .iter()
                .position(|known| known == value)
                .map(|index| index as u64),
            _ => None,
        }
    }

    /// `Err((expected, found))` for a range that has no value or no measure.
    pub(super) fn check(&self) -> Result<(), (&'static str, String)> {
        match self {
            Self::Integer { low, high, step } => {
                let whole =
                    *step >= 1 && low <= high && high.abs_diff(*low) % step.unsigned_abs() == 0;
                // One more than u64::MAX steps could not be counted.
                if whole && high.abs_diff(*low) < u64::MAX {
                    return Ok(());
                }
                Err((
                    "low ≤ high, a whole number of steps ≥ 1 apart",
                    format!("{low}..={high} by {step}"),
                ))
            }
            Self::Categorical(values) => {
                if values.is_empty() {
                    return Err(("at least one value", "none".to_owned()));
                }
                for (index, value) in values.iter().enumerate() {
                    if matches!(value, Value::Float(x) if !x.is_finite()) {
                        return Err(("finite values", value.to_string()));
                    }
                    if values[..index].contains(value) {
                        return Err(("distinct values", format!("{value} twice")));
                    }
                }
                Ok(())
            }
            Self::Linear { low, high } => {
                let usable = low < high && low.is_finite() && (high - low).is_finite();
                usable
                    .then_some(())
                    .ok_or(("finite low < high", format!("{low}..{high}")))
            }
            Self::LogUniform { low, high } => {
                let usable = 0.0 < *low && low < high && high.is_finite() && low.ln() < high.ln();
                usable
                    .then_some(())
                    .ok_or(("0 < low < high, finite", format!("{low}..{high}")))
            }
        }
    }
}
