//! A dense layer as it is handed over: its numbers, and what stands behind its weights.

use crate::{DenseActivation, Error};

/// h ↦ dropout(f(norm(hWᵀ + b))), where the normalisation and the dropout may be missing.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DenseLayer {
    /// W, row-major, shape [outputs, inputs], as PyTorch keeps it.
    pub weight: Vec<f32>,
    /// b, one for each output.
    pub bias: Vec<f32>,
    /// Batch normalisation, if any.
    pub norm: Option<DenseNorm>,
    /// f.
    pub activation: DenseActivation,
    /// The probability p ∈ [0, 1) that an output is set to 0; the others are divided by 1 − p.
    ///
    /// For each example and output, in this order, the step's generator gives 32 bits; the output is
    /// dropped where they are below p·2³².
    pub dropout: f64,
}

/// γ(z − mean)/√(var + ε) + β with the mean and the biased variance of each output over the batch. Ioffe &
/// Szegedy, *Batch normalization*, 2015.
#[derive(Clone, Debug, PartialEq)]
pub struct DenseNorm {
    /// γ, one for each output.
    pub scale: Vec<f32>,
    /// β, one for each output.
    pub shift: Vec<f32>,
    /// The running mean, which training does not use: (1 − m) of itself and m of the batch's.
    pub running_mean: Vec<f32>,
    /// The running variance, likewise.
    pub running_variance: Vec<f32>,
    /// m ∈ [0, 1].
    pub momentum: f64,
    /// ε, positive and finite.
    pub epsilon: f64,
}

impl DenseLayer {
    /// A layer without normalisation and dropout.
    pub fn new(weight: Vec<f32>, bias: Vec<f32>, activation: DenseActivation) -> Self {
        Self {
            weight,
            bias,
            norm: None,
            activation,
            dropout: 0.0,
        }
    }

    /// The number of outputs.
    pub fn outputs(&self) -> usize {
        self.bias.len()
    }

    /// The number of inputs.
    pub fn inputs(&self) -> usize {
        self.weight.len() / self.bias.len().max(1)
    }
}

/// Checks that there are layers, that each takes what the one before it gives, and that their settings are
/// in their domains.
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
        let dropout = layer.dropout;
        if !(0.0..1.0).contains(&dropout) {
            let found = format!("{dropout} in layer {index}");
            return Err(wrong("with a dropout in [0, 1)", found));
        }
        if let Some(parameter) = layer.activation.parameter()
            && !parameter.is_finite()
        {
            let found = format!("{:?} in layer {index}", layer.activation);
            return Err(wrong("with a finite parameter of the activation", found));
        }
        if let Some(norm) = &layer.norm {
            norm.check(index, outputs)?;
        }
    }
    Ok(())
}

impl DenseNorm {
    fn check(&self, index: usize, outputs: usize) -> Result<(), Error> {
        let wrong = |expected, found: String| Error::InvalidConfig {
            field: "layers",
            expected,
            found: format!("{found} in layer {index}"),
        };
        let lengths = [
            &self.scale,
            &self.shift,
            &self.running_mean,
            &self.running_variance,
        ]
        .map(Vec::len);
        if lengths != [outputs; 4] {
            let found = format!("{lengths:?} for {outputs} outputs");
            return Err(wrong(
                "with a normalisation of one number for each output",
                found,
            ));
        }
        if !(0.0..=1.0).contains(&self.momentum) {
            let found = self.momentum.to_string();
            return Err(wrong("with a momentum of the statistics in [0, 1]", found));
        }
        if !(self.epsilon > 0.0 && self.epsilon.is_finite()) {
            return Err(wrong("with a positive ε", self.epsilon.to_string()));
        }
        Ok(())
    }
}
