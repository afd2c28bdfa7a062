//! Two random directions, scaled to the weights they are added to.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::StandardNormal;
use serde::{Deserialize, Serialize};

use super::Plane;
use crate::vectors::to_f64;
use crate::{Entry, Error, Layout};

/// How random directions are scaled.
///
/// A network of ReLU layers computes the same if one layer's weights are multiplied by 10 and the next
/// one's divided by it, so a step of a given length means nothing by itself. Relative to the weights it
/// does. Li et al., *Visualizing the loss landscape of neural nets*, 2018, section 4.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Normalization {
    /// Each output's incoming weights get the length that they have at the origin: d ← d/‖d‖·‖θ‖, column
    /// by column of a weight of shape [inputs, outputs].
    #[default]
    Filter,
    /// The same for each weight matrix as a whole.
    Layer,
    /// No scaling: each entry is from N(0, 1).
    None,
}

impl Plane {
    /// The plane through `center` ∈ Rᵖ along two random directions of normal entries, scaled by
    /// `normalization`. Everything but weight matrices, such as biases, stays as it is: the directions
    /// are 0 there, as Li et al. have it, unless the normalization is [`Normalization::None`].
    ///
    /// Both directions come from one ChaCha8 generator, so the same seed gives the same plane.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a center of another length than the layout, [`Error::NonFinite`],
    /// [`Error::DegeneratePlane`] where nothing is left to move, as when all weights are 0.
    pub fn random(
        layout: &Layout,
        center: &[f32],
        normalization: Normalization,
        seed: u64,
    ) -> Result<Self, Error> {
        Error::check_length("the center", layout.dimension(), center.len())?;
        let mut generator = ChaCha8Rng::seed_from_u64(seed);
        let mut draw = || -> Vec<f64> {
            let mut direction: Vec<f64> = (0..center.len())
                .map(|_| generator.sample(StandardNormal))
                .collect();
            for entry in &layout.entries {
                normalization.scale(entry, &mut direction[entry.range()], &center[entry.range()]);
            }
            direction
        };
        let directions = [draw(), draw()];
        Self::new(to_f64(center), directions)
    }
}

impl Normalization {
    /// Scales the part of a direction that belongs to one tensor of the layout.
    fn scale(self, entry: &Entry, direction: &mut [f64], weights: &[f32]) {
        let columns = match (self, entry.shape.as_slice()) {
            (Self::None, _) => return,
            // burn keeps a weight as [inputs, outputs], so a filter is a column.
            (Self::Filter, &[_, outputs]) => outputs,
            (Self::Layer, &[_, _]) => 1,
            _ => return direction.fill(0.0),
        };
        for column in 0..columns {
            let places = || (column..weights.len()).step_by(columns);
            let length = |value: &dyn Fn(usize) -> f64| {
                places().map(|i| value(i).powi(2)).sum::<f64>().sqrt()
            };
            let drawn = length(&|i| direction[i]);
            let wanted = length(&|i| f64::from(weights[i]));
            for i in places() {
                direction[i] *= if drawn > 0.0 { wanted / drawn } else { 0.0 };
            }
        }
    }
}
