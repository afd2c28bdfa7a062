//! The axes of parallel coordinates, and the place of every item on each.

use crate::axis::{Axis, FittedAxis, Scale};
use crate::error::PlotError;
use crate::extent::Extent;

/// Items that share a value are spread over this share of the distance to the next value.
const SPREAD: f64 = 0.55;

/// At most this many different values on a linear axis count as categories and get a name each.
const MOST_LEVELS: usize = 8;

/// One dimension of parallel coordinates: an axis and one value per item.
#[derive(Clone, Debug)]
pub struct Dimension {
    axis: Axis,
    values: Vec<f64>,
    /// The names of the levels, where the values are indices into them.
    levels: bool,
}

impl Dimension {
    /// A dimension of numbers on a linear or logarithmic axis, whose label is its name.
    ///
    /// An item whose value is NaN, as of a parameter that its branch of the space does not have, passes
    /// below the axis.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without values.
    pub fn new(axis: Axis, values: &[f64]) -> Result<Self, PlotError> {
        if values.is_empty() {
            return Err(PlotError::empty(format!("the dimension {:?}", axis.label)));
        }
        let levels = matches!(axis.scale, Scale::Categories(_));
        Ok(Self {
            axis,
            values: values.to_vec(),
            levels,
        })
    }

    /// A dimension of choices: each different value is a level of its own, in ascending order, evenly apart.
    ///
    /// Right for the sizes of a minibatch or the number of layers; items that share a level are spread
    /// about it, so that each can be followed.
    ///
    /// # Errors
    ///
    /// [`PlotError::Empty`] without values; [`PlotError::InvalidValue`] for more than 100 levels.
    pub fn choices(label: impl Into<String>, values: &[f64]) -> Result<Self, PlotError> {
        const MOST: usize = 100;
        let label = label.into();
        let mut levels: Vec<f64> = values
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        levels.sort_by(f64::total_cmp);
        levels.dedup();
        if levels.len() > MOST {
            let what = format!("the number of levels of the dimension {label:?}");
            return Err(PlotError::invalid(
                what,
                format!("at most {MOST}"),
                levels.len(),
            ));
        }
        let place = |value: &f64| {
            let index = levels.iter().position(|level| level == value);
            index.map_or(f64::NAN, |index| index as f64)
        };
        let places: Vec<f64> = values.iter().map(place).collect();
        let names: Vec<String> = levels
            .iter()
            .map(|&level| crate::number::short(level))
            .collect();
        Self::new(Axis::categories(label, names), &places)
    }

    /// A dimension of names: each different name is a level, in the order of first appearance.
    ///
    /// # Errors
    ///
    /// As [`Self::choices`].
    pub fn names<S: AsRef<str>>(label: impl Into<String>, values: &[S]) -> Result<Self, PlotError> {
        let mut levels: Vec<String> = Vec::new();
        let mut places = Vec::with_capacity(values.len());
        for value in values {
            let value = value.as_ref();
            let index = levels
                .iter()
                .position(|level| level == value)
                .unwrap_or_else(|| {
                    levels.push(value.to_owned());
                    levels.len() - 1
                });
            places.push(index as f64);
        }
        Self::new(Axis::categories(label, levels), &places)
    }

    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn label(&self) -> &str {
        &self.axis.label
    }

    pub(crate) fn fit(&self, chart: &str) -> Result<FittedAxis, PlotError> {
        self.axis
            .fit(&Extent::of(self.values.iter().copied()), chart)
    }

    /// Where each item crosses the axis, as a fraction of it; `None` where it does not.
    ///
    /// Items on one level are spread about it in the order of `ranks`, the best of them at the top.
    pub(crate) fn crossings(&self, axis: &FittedAxis, ranks: &[usize]) -> Vec<Option<f64>> {
        let mut crossings: Vec<Option<f64>> =
            self.values.iter().map(|&v| axis.fraction(v)).collect();
        if !self.is_discrete() {
            return crossings;
        }
        let mut places: Vec<f64> = crossings.iter().flatten().copied().collect();
        places.sort_by(f64::total_cmp);
        places.dedup();
        let nearest = places
            .windows(2)
            .map(|pair| pair[1] - pair[0])
            .fold(f64::INFINITY, f64::min);
        let step = if nearest.is_finite() { nearest } else { 1.0 };
        for place in places {
            let mut members: Vec<usize> = (0..crossings.len())
                .filter(|&item| crossings[item] == Some(place))
                .collect();
            members.sort_by_key(|&item| ranks[item]);
            let last = members.len().saturating_sub(1).max(1) as f64;
            // A few items need little room: a level of two is no band.
            let width = step * SPREAD * (members.len() as f64 / 12.0).min(1.0);
            for (order, &item) in members.iter().enumerate() {
                let shift = if members.len() > 1 {
                    0.5 - order as f64 / last
                } else {
                    0.0
                };
                crossings[item] = Some(place + shift * width);
            }
        }
        crossings
    }

    /// Whether items fall on few values, so that lines would cover each other.
    fn is_discrete(&self) -> bool {
        if self.levels {
            return true;
        }
        let mut values: Vec<f64> = self
            .values
            .iter()
            .copied()
            .filter(|value| value.is_finite())
            .collect();
        values.sort_by(f64::total_cmp);
        values.dedup();
        values.len() <= MOST_LEVELS && values.len() < self.values.len() / 2
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_on_one_level_are_spread_best_first() {
        let dimension = Dimension::choices("batch", &[64.0, 16.0, 64.0, 64.0, f64::NAN]).unwrap();
        let axis = dimension.fit("t").unwrap();
        let crossings = dimension.crossings(&axis, &[2, 0, 1, 3, 4]);
        let of = |item: usize| crossings[item].unwrap();
        assert!(of(2) > of(0) && of(0) > of(3) && of(3) > of(1));
        assert_eq!(crossings[4], None);
        // Levels do not run into each other.
        assert!(of(3) > 0.5 && of(1) < 0.5);
    }

    #[test]
    fn names_keep_their_order() {
        let dimension = Dimension::names("activation", &["ReLU", "SiLU", "ReLU"]).unwrap();
        assert_eq!(dimension.values, [0.0, 1.0, 0.0]);
        assert!(Dimension::names::<&str>("none", &[]).is_err());
    }
}
