//! Every combination of values, one after the other.

use serde::{Deserialize, Serialize};

use super::{SampleRequest, Sampler};
use crate::tune::{Dimension, Params, Space, TuneError, Value};

/// Walks through all combinations, the last dimension fastest. A discrete dimension contributes each of
/// its values, a continuous one `resolution` points at the middles of equal parts of its (logarithmic)
/// range, an inactive one nothing, so that no combination comes twice.
///
/// A study can be extended up to the end of the grid; a trial past it is
/// [`TuneError::GridExhausted`]. The seed plays no part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Points per continuous dimension (0 counts as 1).
    pub resolution: u32,
}

impl Default for Grid {
    fn default() -> Self {
        Self { resolution: 4 }
    }
}

impl Sampler for Grid {
    fn sample(&self, request: &SampleRequest<'_>) -> Result<Params, TuneError> {
        let mut point = vec![0; request.space.dimensions().len()];
        for passed in 0..request.trial {
            if !self.step(request.space, &mut point) {
                return Err(TuneError::GridExhausted {
                    points: passed + 1,
                    trial: request.trial,
                });
            }
        }
        Ok(self.params(request.space, &point))
    }

    fn description(&self) -> serde_json::Value {
        serde_json::json!({ "name": "grid", "resolution": self.resolution })
    }
}

impl Grid {
    /// Moves to the next combination, as an odometer does; false past the last one.
    fn step(&self, space: &Space, point: &mut [u64]) -> bool {
        let params = self.params(space, point);
        for (index, dimension) in space.dimensions().iter().enumerate().rev() {
            // A wheel that is not there under the values of its parents cannot turn.
            let turns = params.get(&dimension.name).is_some();
            if turns && point[index] + 1 < self.values(dimension) {
                point[index] += 1;
                return true;
            }
            point[index] = 0;
        }
        false
    }

    fn params(&self, space: &Space, point: &[u64]) -> Params {
        let mut params = Params::default();
        for (dimension, &index) in space.dimensions().iter().zip(point) {
            if dimension.is_active(&params) {
                params.insert(dimension.name.clone(), self.value(dimension, index));
            }
        }
        params
    }

    fn values(&self, dimension: &Dimension) -> u64 {
        dimension
            .range
            .cells()
            .unwrap_or_else(|| u64::from(self.resolution.max(1)))
    }

    fn value(&self, dimension: &Dimension, index: u64) -> Value {
        let middle = (index as f64 + 0.5) / self.values(dimension) as f64;
        dimension
            .range
            .cell(index)
            .unwrap_or_else(|| dimension.range.value_at(middle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tune::Direction;

    #[test]
    fn a_conditional_grid_has_every_combination_once() {
        let space = Space::new(vec![
            Dimension::categorical("optimizer", ["sgd", "adamw"]),
            Dimension::integer("momentum", 0, 2).when("optimizer", ["sgd"]),
            Dimension::log_uniform("rate", 0.01, 1.0),
        ])
        .unwrap();
        let grid = Grid { resolution: 2 };
        let sample = |trial| {
            let direction = Direction::Minimise;
            let (space, history, pending) = (&space, &[], &[]);
            grid.sample(&SampleRequest {
                space,
                seed: 0,
                trial,
                history,
                pending,
                direction,
            })
        };
        let points: Vec<String> = (0..8)
            .map(|trial| sample(trial).unwrap().to_string())
            .collect();
        let mut distinct = points.clone();
        distinct.sort();
        distinct.dedup();
        assert_eq!(distinct.len(), 3 * 2 + 2);
        assert!(
            points[7].starts_with("optimizer = adamw, rate = 0.31"),
            "{}",
            points[7]
        );
        assert!(matches!(
            sample(8),
            Err(TuneError::GridExhausted {
                points: 8,
                trial: 8
            })
        ));
    }
}
