//! The hyper-parameters of one trial: an ordered map from names to values.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::Value;
use crate::tune::TuneError;

/// Name → value, in the order of the space's dimensions. A conditional dimension that is not active
/// is absent, not zero.
///
/// ```
/// use hemline_train::tune::{Params, Value};
///
/// let params = Params::from_pairs([("units", Value::Int(50)), ("l2", Value::Float(5e-4))]);
/// assert_eq!(params.count("units")?, 50);
/// assert_eq!(params.float("l2")?, 5e-4);
/// assert!(params.text("units").is_err());
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Params(Vec<(String, Value)>);

impl Params {
    /// Collects pairs in the order given; a name that comes again replaces the earlier value.
    pub fn from_pairs<N: Into<String>>(pairs: impl IntoIterator<Item = (N, Value)>) -> Self {
        let mut params = Self::default();
        for (name, value) in pairs {
            params.insert(name.into(), value);
        }
        params
    }

    /// Sets a parameter, at the end if it is new.
    pub fn insert(&mut self, name: String, value: Value) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of `name`, or `None` where it is absent.
    pub fn get(&self, name: &str) -> Option<&Value> {
        self.iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    }

    /// The whole number `name`.
    ///
    /// # Errors
    /// [`TuneError::ParamAbsent`], or [`TuneError::ParamType`] for a value of another type.
    pub fn int(&self, name: &str) -> Result<i64, TuneError> {
        match self.require(name)? {
            Value::Int(value) => Ok(*value),
            other => Err(type_error(name, "a whole number", other)),
        }
    }

    /// The whole number `name`, which must not be negative: a size, a count.
    ///
    /// # Errors
    /// As [`Params::int`], and [`TuneError::ParamType`] for a negative number.
    pub fn count(&self, name: &str) -> Result<usize, TuneError> {
        let value = self.require(name)?;
        match value {
            Value::Int(number) => usize::try_from(*number).ok(),
            _ => None,
        }
        .ok_or_else(|| type_error(name, "a whole number of at least 0", value))
    }

    /// The number `name`; a whole number is widened, as in the categories {0, 0.9}.
    ///
    /// # Errors
    /// [`TuneError::ParamAbsent`], or [`TuneError::ParamType`] for a value that is no number.
    pub fn float(&self, name: &str) -> Result<f64, TuneError> {
        match self.require(name)? {
            Value::Float(value) => Ok(*value),
            Value::Int(value) => Ok(*value as f64),
            other => Err(type_error(name, "a number", other)),
        }
    }

    /// The truth value `name`.
    ///
    /// # Errors
    /// [`TuneError::ParamAbsent`], or [`TuneError::ParamType`] for a value of another type.
    pub fn boolean(&self, name: &str) -> Result<bool, TuneError> {
        match self.require(name)? {
            Value::Bool(value) => Ok(*value),
            other => Err(type_error(name, "true or false", other)),
        }
    }

    /// The text `name`.
    ///
    /// # Errors
    /// [`TuneError::ParamAbsent`], or [`TuneError::ParamType`] for a value of another type.
    pub fn text(&self, name: &str) -> Result<&str, TuneError> {
        match self.require(name)? {
            Value::Text(value) => Ok(value),
            other => Err(type_error(name, "a text", other)),
        }
    }

    /// The pairs in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Value)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value))
    }

    /// How many parameters there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn require(&self, name: &str) -> Result<&Value, TuneError> {
        self.get(name).ok_or_else(|| TuneError::ParamAbsent {
            name: name.to_owned(),
            known: self
                .iter()
                .map(|(known, _)| known)
                .collect::<Vec<_>>()
                .join(", "),
        })
    }
}

fn type_error(name: &str, expected: &'static str, found: &Value) -> TuneError {
    TuneError::ParamType {
        name: name.to_owned(),
        expected,
        found: found.clone(),
    }
}

impl fmt::Display for Params {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.iter().enumerate() {
            let gap = if index == 0 { "" } else { ", " };
            write!(formatter, "{gap}{name} = {value}")?;
        }
        Ok(())
    }
}

impl Serialize for Params {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl<'de> Deserialize<'de> for Params {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PairsInOrder;

        impl<'de> Visitor<'de> for PairsInOrder {
            type Value = Params;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a map from parameter names to values")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Params, A::Error> {
                let mut params = Params::default();
                while let Some((name, value)) = map.next_entry::<String, Value>()? {
                    if params.get(&name).is_some() {
                        return Err(serde::de::Error::custom(format!("`{name}` occurs twice")));
                    }
                    params.insert(name, value);
                }
                Ok(params)
            }
        }

        deserializer.deserialize_map(PairsInOrder)
    }
}
