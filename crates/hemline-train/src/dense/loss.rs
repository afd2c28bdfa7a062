//! The losses of the fast step, and their gradients by the outputs.

use serde::{Deserialize, Serialize};

use super::targets::Targets;
use crate::Error;
use crate::schedule::check;

/// What is minimised, over n examples.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenseLoss {
    /// 1/(n·m) Σᵢⱼ (hᵢⱼ − yᵢⱼ)² of m outputs hᵢ and targets yᵢ.
    MeanSquaredError,
    /// −1/n Σᵢⱼ qᵢⱼ log softmax(hᵢ)ⱼ of m outputs hᵢ, with qᵢⱼ = 1 − ε + ε/m for the example's label j and
    /// ε/m for each other. Szegedy et al., *Rethinking the Inception architecture*, 2016.
    CrossEntropy {
        /// ε ∈ [0, 1]; 0 for the plain cross-entropy.
        smoothing: f64,
    },
}

/// What the outputs for a batch should be.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub enum DenseTargets {
    /// The inputs, for the mean squared error.
    #[default]
    Inputs,
    /// Numbers of shape [n, outputs], for the mean squared error.
    Values(Vec<f32>),
    /// Numbers of classes below the number of outputs, shape `[n]`, for the cross-entropy.
    Labels(Vec<u32>),
}

impl DenseLoss {
    pub(super) fn check(self) -> Result<(), Error> {
        let Self::CrossEntropy { smoothing } = self else {
            return Ok(());
        };
        let in_domain = (0.0..=1.0).contains(&smoothing);
        check("loss.smoothing", "in [0, 1]", smoothing, in_domain)
    }

    /// Checks that `targets` suit this loss of `count` examples with `inputs` inputs and `outputs` outputs each.
    pub(super) fn check_targets(
        self,
        targets: &DenseTargets,
        inputs: usize,
        [count, outputs]: [usize; 2],
    ) -> Result<(), Error> {
        let wrong = |expected, found| Err(Error::Batch { expected, found });
        match (self, targets) {
            (Self::MeanSquaredError, DenseTargets::Inputs) if inputs != outputs => wrong(
                format!("{outputs} targets for each example"),
                format!("its {inputs} inputs"),
            ),
            (Self::MeanSquaredError, DenseTargets::Inputs) => Ok(()),
            (Self::MeanSquaredError, DenseTargets::Values(values)) => {
                if values.len() == count * outputs {
                    return Ok(());
                }
                wrong(
                    format!("{count} times {outputs} targets"),
                    values.len().to_string(),
                )
            }
            (Self::CrossEntropy { .. }, DenseTargets::Labels(labels)) => {
                if labels.len() != count {
                    return wrong(format!("{count} labels"), labels.len().to_string());
                }
                let beyond = labels.iter().find(|&&label| label as usize >= outputs);
                match beyond {
                    Some(label) => wrong(
                        format!("labels below {outputs}, the number of outputs"),
                        label.to_string(),
                    ),
                    None => Ok(()),
                }
            }
            (loss, targets) => {
                let found = match targets {
                    DenseTargets::Inputs => "its inputs",
                    DenseTargets::Values(_) => "values",
                    DenseTargets::Labels(_) => "labels",
                };
                wrong(format!("targets that suit {loss:?}"), found.to_owned())
            }
        }
    }
}

impl DenseTargets {
    /// The same, lent, for a loss that they suit.
    pub(super) fn view(&self, loss: DenseLoss) -> Targets<'_> {
        match (self, loss) {
            (Self::Inputs, _) => Targets::Inputs,
            (Self::Values(values), _) => Targets::Values(values),
            (Self::Labels(labels), DenseLoss::CrossEntropy { smoothing }) => {
                Targets::Labels(labels, smoothing)
            }
            (Self::Labels(labels), DenseLoss::MeanSquaredError) => Targets::Labels(labels, 0.0),
        }
    }
}
