//! The losses of the fast step, and their gradients by the outputs.

use serde::{Deserialize, Serialize};

use super::math::exp;
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

/// The targets of some examples, of a kind that suits the loss.
#[derive(Clone, Copy, Debug)]
pub(super) enum Targets<'a> {
    Inputs,
    Values(&'a [f32]),
    Labels(&'a [u32], f64),
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

impl<'a> Targets<'a> {
    /// Those of `count` examples from number `first` on, with `outputs` outputs each.
    pub(super) fn of(self, first: usize, count: usize, outputs: usize) -> Self {
        match self {
            Self::Inputs => Self::Inputs,
            Self::Values(values) => Self::Values(&values[first * outputs..][..count * outputs]),
            Self::Labels(labels, smoothing) => Self::Labels(&labels[first..][..count], smoothing),
        }
    }

    /// The sum of the losses of these examples, and its gradients divided by the number `examples` of the
    /// whole batch. Rows have `width` numbers, the first `outputs` of which count.
    #[inline(always)]
    pub(super) fn loss(
        self,
        h: &[f32],
        gradients: &mut [f32],
        [outputs, width]: [usize; 2],
        examples: usize,
    ) -> f64 {
        let rows = h.chunks_exact(width).zip(gradients.chunks_exact_mut(width));
        match self {
            // Turned into values before.
            Self::Inputs => 0.0,
            Self::Values(targets) => {
                let twice = (2.0 / (examples as f64 * outputs as f64)) as f32;
                let rows = rows.zip(targets.chunks_exact(outputs));
                let squares = rows.map(|((h, gradients), targets)| {
                    squares(&h[..outputs], targets, &mut gradients[..outputs], twice)
                });
                squares.sum::<f64>() / outputs as f64
            }
            Self::Labels(labels, smoothing) => {
                let scale = 1.0 / examples as f64;
                let rows = rows.zip(labels);
                rows.map(|((h, gradients), &label)| {
                    let (h, gradients) = (&h[..outputs], &mut gradients[..outputs]);
                    cross_entropy(h, label as usize, smoothing, gradients, scale)
                })
                .sum()
            }
        }
    }
}

/// Σⱼ (hⱼ − yⱼ)², and its gradients times `twice`/2.
#[inline(always)]
fn squares(h: &[f32], targets: &[f32], gradients: &mut [f32], twice: f32) -> f64 {
    // In eight sums at once.
    let mut sums = [0.0_f32; 8];
    for ((gradients, h), targets) in gradients
        .chunks_mut(8)
        .zip(h.chunks(8))
        .zip(targets.chunks(8))
    {
        for (((gradient, h), target), sum) in
            gradients.iter_mut().zip(h).zip(targets).zip(&mut sums)
        {
            let residual = h - target;
            *sum += residual * residual;
            *gradient = twice * residual;
        }
    }
    sums.iter().map(|&sum| f64::from(sum)).sum()
}

/// −Σⱼ qⱼ log softmax(h)ⱼ, and its gradients softmax(h) − q times `scale`.
#[inline(always)]
fn cross_entropy(
    h: &[f32],
    label: usize,
    smoothing: f64,
    gradients: &mut [f32],
    scale: f64,
) -> f64 {
    let max = h.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    for (exponential, &h) in gradients.iter_mut().zip(h) {
        *exponential = exp(h - max);
    }
    let total: f32 = gradients.iter().sum();
    // NaN and infinite outputs come through here, since the exponentials of differences carry them.
    let log_total = f64::from(total).ln() + f64::from(max);
    let share = (scale / f64::from(total)) as f32;
    let each = smoothing / h.len() as f64;
    let other = (scale * each) as f32;
    for exponential in gradients.iter_mut() {
        *exponential = *exponential * share - other;
    }
    gradients[label] -= (scale * (1.0 - smoothing)) as f32;
    let right = (1.0 - smoothing) * (log_total - f64::from(h[label]));
    if smoothing == 0.0 {
        return right;
    }
    let sum: f64 = h.iter().map(|&h| f64::from(h)).sum();
    right + smoothing * log_total - each * sum
}
