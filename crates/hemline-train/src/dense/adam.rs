//! Adam on slices.

use crate::{Error, OptimizerConfig};

/// m ← β₁m + (1−β₁)g; v ← β₂v + (1−β₂)g²; θ ← θ − η·m̂/(√v̂ + ε), with m̂ = m/(1−β₁ᵗ) and
/// v̂ = v/(1−β₂ᵗ) at step t. Kingma & Ba, 2015.
#[derive(Clone, Debug)]
pub(super) struct Adam {
    beta1: f64,
    beta2: f64,
    epsilon: f64,
    steps: u64,
}

impl Adam {
    pub(super) fn new(optimizer: &OptimizerConfig) -> Result<Self, Error> {
        optimizer.check()?;
        match *optimizer {
            OptimizerConfig::Adam {
                beta1,
                beta2,
                epsilon,
            } => Ok(Self {
                beta1,
                beta2,
                epsilon,
                steps: 0,
            }),
            other => Err(Error::InvalidConfig {
                field: "optimizer",
                expected: "Adam for a dense step",
                found: format!("{other:?}"),
            }),
        }
    }

    /// The number t of steps so far.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    pub(super) fn set_steps(&mut self, steps: u64) {
        self.steps = steps;
    }

    /// Begins the next step.
    pub(super) fn advance(&mut self) {
        self.steps += 1;
    }

    /// Updates parameters and their moments by their gradients.
    pub(super) fn update(
        &self,
        rate: f64,
        parameters: &mut [f32],
        [first, second]: [&mut [f32]; 2],
        gradients: &[f32],
    ) {
        let t = i32::try_from(self.steps).unwrap_or(i32::MAX);
        let [beta1, beta2] = [self.beta1 as f32, self.beta2 as f32];
        let [rest1, rest2] = [(1.0 - self.beta1) as f32, (1.0 - self.beta2) as f32];
        let rate = (rate / (1.0 - self.beta1.powi(t))) as f32;
        // √v̂ = √v / √(1 − β₂ᵗ).
        let unbias = (1.0 / (1.0 - self.beta2.powi(t)).sqrt()) as f32;
        let epsilon = self.epsilon as f32;
        let moments = first.iter_mut().zip(second.iter_mut());
        for ((parameter, (m, v)), &g) in parameters.iter_mut().zip(moments).zip(gradients) {
            *m = beta1 * *m + rest1 * g;
            *v = beta2 * *v + rest2 * g * g;
            *parameter -= rate * *m / (v.sqrt() * unbias + epsilon);
        }
    }
}
