//! One dimension of a search space: its name, its range, and when it is active.

use serde::{Deserialize, Serialize};

use super::{Params, Value};
use crate::tune::TuneError;

/// A named hyper-parameter, its range, and the condition under which it exists.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dimension {
    /// The parameter's name, unique in the space.
    pub name: String,
    /// The values it can take.
    pub range: ValueRange,
    /// Present for a conditional dimension.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_when: Option<Condition>,
}

/// The values a dimension can take, and the measure by which they are drawn.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum ValueRange {
    /// `low, low + step, …, high`, each equally likely.
    Integer {
        /// The least value.
        low: i64,
        /// The greatest value, reached in whole steps.
        high: i64,
        /// The distance between neighbours (≥ 1).
        step: i64,
    },
    /// One of the listed values, each equally likely, without an order.
    Categorical(Vec<Value>),
    /// Uniform on `[low, high]`.
    Linear {
        /// The least value.
        low: f64,
        /// The greatest value.
        high: f64,
    },
    /// Uniform in the logarithm on `[low, high]`: `exp(U(ln low, ln high))`.
    LogUniform {
        /// The least value (> 0).
        low: f64,
        /// The greatest value.
        high: f64,
    },
}

/// A dimension is active when its parent is active and has one of these values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Condition {
    /// The parent's name; it is declared earlier in the space.
    pub parent: String,
    /// The parent's values under which the child is active.
    pub values: Vec<Value>,
}

impl Dimension {
    /// The whole numbers `low ..= high`.
    pub fn integer(name: impl Into<String>, low: i64, high: i64) -> Self {
        Self::integer_steps(name, low, high, 1)
    }

    /// The whole numbers `low, low + step, …, high`.
    pub fn integer_steps(name: impl Into<String>, low: i64, high: i64, step: i64) -> Self {
        Self::new(name, ValueRange::Integer { low, high, step })
    }

    /// One of the listed values.
    pub fn categorical<V: Into<Value>>(
        name: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        Self::new(
            name,
            ValueRange::Categorical(values.into_iter().map(Into::into).collect()),
        )
    }

    /// A real number, uniform on `[low, high]`.
    pub fn linear(name: impl Into<String>, low: f64, high: f64) -> Self {
        Self::new(name, ValueRange::Linear { low, high })
    }

    /// A real number, uniform in its logarithm on `[low, high]`.
    pub fn log_uniform(name: impl Into<String>, low: f64, high: f64) -> Self {
        Self::new(name, ValueRange::LogUniform { low, high })
    }

    /// The same dimension, but only there when `parent` has one of `values`.
    #[must_use]
    pub fn when<V: Into<Value>>(
        mut self,
        parent: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.active_when = Some(Condition {
            parent: parent.into(),
            values: values.into_iter().map(Into::into).collect(),
        });
        self
    }

    /// Whether the dimension exists beside the parameters chosen so far.
    pub fn is_active(&self, earlier: &Params) -> bool {
        self.active_when.as_ref().is_none_or(|condition| {
            earlier
                .get(&condition.parent)
                .is_some_and(|value| condition.values.contains(value))
        })
    }

    pub(super) fn check(&self) -> Result<(), TuneError> {
        if self.name.trim().is_empty() {
            return Err(self.invalid("a name", format!("{:?}", self.name)));
        }
        self.range
            .check()
            .map_err(|(expected, found)| self.invalid(expected, found))
    }

    pub(super) fn invalid(&self, expected: &'static str, found: String) -> TuneError {
        TuneError::InvalidDimension {
            name: self.name.clone(),
            expected,
            found,
        }
    }

    fn new(name: impl Into<String>, range: ValueRange) -> Self {
        Self {
            name: name.into(),
            range,
            active_when: None,
        }
    }
}
