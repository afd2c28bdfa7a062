//! A dense layer on the host, and what its optimizer remembers of it.

use serde::{Deserialize, Serialize};

use super::sigmoid::sigmoid;
use crate::Error;

/// The activation functions of the fast step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenseActivation {
    /// z.
    Identity,
    /// max(0, z); its derivative at 0 is 0.
    Relu,
    /// 1/(1 + e⁻ᶻ), within three units of the last place of f32.
    Sigmoid,
}

impl DenseActivation {
    pub(super) fn apply(self, z: &mut [f32]) {
        match self {
            Self::Identity => {}
            Self::Relu => {
                for z in z {
                    // Not `max`, which would make 0 of a NaN and so hide that training diverged.
                    *z = if *z < 0.0 { 0.0 } else { *z };
                }
            }
            Self::Sigmoid => {
                for z in z {
                    *z = sigmoid(*z);
                }
            }
        }
    }

    /// Multiplies gradients by f'(z), which for these functions follows from h = f(z).
    pub(super) fn differentiate(self, gradients: &mut [f32], h: &[f32]) {
        match self {
            Self::Identity => {}
            Self::Relu => {
                for (gradient, &h) in gradients.iter_mut().zip(h) {
                    *gradient = if h > 0.0 { *gradient } else { 0.0 };
                }
            }
            Self::Sigmoid => {
                for (gradient, &h) in gradients.iter_mut().zip(h) {
                    *gradient *= h * (1.0 - h);
                }
            }
        }
    }
}

/// h ↦ f(hWᵀ + b).
#[derive(Clone, Debug, PartialEq)]
pub struct DenseLayer {
    /// W, row-major, shape [outputs, inputs], as PyTorch keeps it.
    pub weight: Vec<f32>,
    /// b, one for each output.
    pub bias: Vec<f32>,
    /// f.
    pub activation: DenseActivation,
}

impl DenseLayer {
    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.weight.len() / self.bias.len().max(1)
    }
}

/// Checks that there are layers and that each takes what the one before it gives.
pub(super) fn check(layers: &[DenseLayer]) -> Result<(), Error> {
    let wrong = |expected, found| Error::InvalidConfig {
        field: "layers",
        expected,
        found,
    };
    if layers.is_empty() {
        return Err(wrong("at least 1", "none".to_owned()));
    }
    for (index, layer) in layers.iter().enumerate() {
        let (inputs, outputs) = (layer.inputs(), layer.outputs());
        let found = || {
            format!(
                "{} weights, {outputs} biases in layer {index}",
                layer.weight.len()
            )
        };
        if inputs == 0 || layer.weight.len() != inputs * outputs {
            return Err(wrong("of as many weights as inputs times biases", found()));
        }
        if index > 0 && layers[index - 1].outputs() != inputs {
            return Err(wrong("as wide as the layer before has outputs", found()));
        }
    }
    Ok(())
}

/// The inputs of the first layer and the outputs of the last.
pub(super) fn ends(layers: &[State]) -> (usize, usize) {
    let inputs = layers.first().map_or(1, |state| state.layer.inputs());
    let outputs = layers.last().map_or(1, |state| state.layer.outputs());
    (inputs, outputs)
}

/// A layer with Adam's moments of its gradients.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) layer: DenseLayer,
    pub(super) weight_moments: [Vec<f32>; 2],
    pub(super) bias_moments: [Vec<f32>; 2],
}

impl State {
    pub(super) fn new(layer: DenseLayer) -> Self {
        let zeros = |values: &[f32]| [vec![0.0; values.len()], vec![0.0; values.len()]];
        Self {
            weight_moments: zeros(&layer.weight),
            bias_moments: zeros(&layer.bias),
            layer,
        }
    }

    pub(super) fn vectors(&self) -> impl Iterator<Item = (&'static str, &[f32])> {
        let [weight_first, weight_second] = &self.weight_moments;
        let [bias_first, bias_second] = &self.bias_moments;
        [
            ("weight", self.layer.weight.as_slice()),
            ("weight's first moment", weight_first),
            ("weight's second moment", weight_second),
            ("bias", &self.layer.bias),
            ("bias's first moment", bias_first),
            ("bias's second moment", bias_second),
        ]
        .into_iter()
    }

    pub(super) fn vectors_mut(&mut self) -> impl Iterator<Item = &mut Vec<f32>> {
        let [weight_first, weight_second] = &mut self.weight_moments;
        let [bias_first, bias_second] = &mut self.bias_moments;
        [
            &mut self.layer.weight,
            weight_first,
            weight_second,
            &mut self.layer.bias,
            bias_first,
            bias_second,
        ]
        .into_iter()
    }
}
