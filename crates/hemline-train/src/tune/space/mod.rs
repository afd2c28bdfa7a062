//! The search space: its dimensions, checked once, and the points that lie in it.

mod assignment;
mod dimension;
mod params;
mod range;
mod value;

use serde::{Deserialize, Serialize};

pub use self::assignment::assignment_space;
pub use self::dimension::{Condition, Dimension, ValueRange};
pub use self::params::Params;
pub use self::value::Value;
use super::TuneError;

/// A non-empty list of dimensions with unique names, each conditional one after its parent.
///
/// ```
/// use hemline_train::tune::{Dimension, Space};
///
/// let space = Space::new(vec![
///     Dimension::categorical("optimizer", ["sgd", "adamw"]),
///     Dimension::log_uniform("learning_rate", 1e-3, 0.5),
///     Dimension::linear("momentum", 0.0, 0.99).when("optimizer", ["sgd"]),
/// ])?;
/// // The unit cube's corner: the first category, the least rate, no momentum.
/// let params = space.params_at(&[0.0, 0.0, 0.0]);
/// assert_eq!(params.text("optimizer")?, "sgd");
/// assert_eq!(params.float("momentum")?, 0.0);
/// // With AdamW there is no momentum at all.
/// assert!(space.params_at(&[0.9, 0.0, 0.0]).get("momentum").is_none());
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Vec<Dimension>", into = "Vec<Dimension>")]
pub struct Space {
    dimensions: Vec<Dimension>,
}

impl Space {
    /// Checks the dimensions and makes the space.
    ///
    /// # Errors
    /// [`TuneError::EmptySpace`], [`TuneError::DuplicateDimension`],
    /// [`TuneError::InvalidDimension`], [`TuneError::UnknownParent`] or
    /// [`TuneError::UnreachableCondition`].
    pub fn new(dimensions: Vec<Dimension>) -> Result<Self, TuneError> {
        if dimensions.is_empty() {
            return Err(TuneError::EmptySpace);
        }
        for (index, dimension) in dimensions.iter().enumerate() {
            let earlier = &dimensions[..index];
            dimension.check()?;
            if earlier.iter().any(|other| other.name == dimension.name) {
                return Err(TuneError::DuplicateDimension {
                    name: dimension.name.clone(),
                });
            }
            check_condition(dimension, earlier)?;
        }
        Ok(Self { dimensions })
    }

    /// The dimensions in order.
    pub fn dimensions(&self) -> &[Dimension] {
        &self.dimensions
    }

    /// The point of the space at a point of the unit cube, one coordinate in [0, 1) per dimension
    /// (a missing one counts as 0). The coordinate of an inactive dimension is not used.
    pub fn params_at(&self, unit: &[f64]) -> Params {
        let mut params = Params::default();
        for (index, dimension) in self.dimensions.iter().enumerate() {
            if dimension.is_active(&params) {
                let unit = unit.get(index).copied().unwrap_or(0.0);
                params.insert(dimension.name.clone(), dimension.range.value_at(unit));
            }
        }
        params
    }

    /// The unit-cube coordinates of a point; `None` for a dimension that is not active in it.
    pub fn unit_of(&self, params: &Params) -> Vec<Option<f64>> {
        let unit_of = |dimension: &Dimension| dimension.range.unit_of(params.get(&dimension.name)?);
        self.dimensions.iter().map(unit_of).collect()
    }

    /// Checks that `params` has every active dimension, within its range, and nothing else.
    ///
    /// # Errors
    /// [`TuneError::ParamOutsideSpace`] names the first parameter that does not fit.
    pub fn check(&self, params: &Params) -> Result<(), TuneError> {
        let outside = |name: &str, expected: String, found: String| {
            Err(TuneError::ParamOutsideSpace {
                name: name.to_owned(),
                expected,
                found,
            })
        };
        for dimension in &self.dimensions {
            let name = &dimension.name;
            match (dimension.is_active(params), params.get(name)) {
                (true, Some(value)) if dimension.range.unit_of(value).is_none() => {
                    return outside(name, format!("{:?}", dimension.range), value.to_string());
                }
                (true, None) => return outside(name, "a value".to_owned(), "none".to_owned()),
                (false, Some(value)) => {
                    return outside(name, "none (inactive)".to_owned(), value.to_string());
                }
                (true, Some(_)) | (false, None) => {}
            }
        }
        let known = |name: &str| {
            self.dimensions
                .iter()
                .any(|dimension| dimension.name == name)
        };
        match params.iter().find(|(name, _)| !known(name)) {
            Some((name, value)) => outside(name, "no such parameter".to_owned(), value.to_string()),
            None => Ok(()),
        }
    }
}

fn check_condition(dimension: &Dimension, earlier: &[Dimension]) -> Result<(), TuneError> {
    let Some(condition) = &dimension.active_when else {
        return Ok(());
    };
    let Some(parent) = earlier.iter().find(|other| other.name == condition.parent) else {
        return Err(TuneError::UnknownParent {
            name: dimension.name.clone(),
            parent: condition.parent.clone(),
        });
    };
    if condition.values.is_empty() {
        return Err(dimension.invalid("at least one value of the parent", "none".to_owned()));
    }
    if parent.range.cells().is_none() {
        return Err(dimension.invalid("an integer or categorical parent", parent.name.clone()));
    }
    match condition
        .values
        .iter()
        .find(|value| parent.range.cell_of(value).is_none())
    {
        Some(value) => Err(TuneError::UnreachableCondition {
            name: dimension.name.clone(),
            parent: parent.name.clone(),
            value: value.clone(),
        }),
        None => Ok(()),
    }
}

impl TryFrom<Vec<Dimension>> for Space {
    type Error = TuneError;

    fn try_from(dimensions: Vec<Dimension>) -> Result<Self, TuneError> {
        Self::new(dimensions)
    }
}

impl From<Space> for Vec<Dimension> {
    fn from(space: Space) -> Self {
        space.dimensions
    }
}
