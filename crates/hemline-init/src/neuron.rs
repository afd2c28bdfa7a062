//! One neuron z = Σ wᵢxᵢ + b, as the checks see it: how its numbers come about.

use rand_chacha::ChaCha8Rng;

use crate::Law;

/// How the inputs, weights and bias of one neuron come about.
///
/// [`IndependentNeuron`] is the derivation's; the counter-examples break one assumption each. The laws are what
/// the checks are *told* that weights and inputs are drawn from.
pub trait Neuron: Sync {
    /// The law that every weight is said to follow.
    fn weight_law(&self) -> &dyn Law;

    /// The law that every input is said to follow.
    fn input_law(&self) -> &dyn Law;

    /// Draws the first `inputs.len()` inputs.
    fn draw_inputs(&self, inputs: &mut [f64], rng: &mut ChaCha8Rng) {
        self.input_law().fill(inputs, rng);
    }

    /// Draws the weights of these inputs (as many).
    fn draw_weights(&self, inputs: &[f64], weights: &mut [f64], rng: &mut ChaCha8Rng) {
        let _ = inputs;
        self.weight_law().fill(weights, rng);
    }

    /// Draws the bias b; the derivation has none.
    fn draw_bias(&self, rng: &mut ChaCha8Rng) -> f64 {
        let _ = rng;
        0.0
    }
}

/// The neuron of the derivation: weights and inputs all independent, each from one law, and no bias.
#[derive(Debug, Clone, Copy)]
pub struct IndependentNeuron<W, X> {
    /// The law of every weight.
    pub weights: W,
    /// The law of every input.
    pub inputs: X,
}

impl<W: Law, X: Law> Neuron for IndependentNeuron<W, X> {
    fn weight_law(&self) -> &dyn Law {
        &self.weights
    }

    fn input_law(&self) -> &dyn Law {
        &self.inputs
    }
}

/// Draws z = Σ wᵢxᵢ + b again and again in the same buffers.
pub(crate) struct Sums<'a> {
    neuron: &'a dyn Neuron,
    weights: Vec<f64>,
    inputs: Vec<f64>,
}

impl<'a> Sums<'a> {
    pub(crate) fn new(neuron: &'a dyn Neuron, fan_in: usize) -> Self {
        Self {
            neuron,
            weights: vec![0.0; fan_in],
            inputs: vec![0.0; fan_in],
        }
    }

    /// z of a neuron with its own inputs.
    pub(crate) fn draw(&mut self, rng: &mut ChaCha8Rng) -> f64 {
        self.neuron.draw_inputs(&mut self.inputs, rng);
        self.draw_on_same_inputs(rng)
    }

    /// z of another neuron of the layer, on the inputs of the last.
    pub(crate) fn draw_on_same_inputs(&mut self, rng: &mut ChaCha8Rng) -> f64 {
        self.neuron
            .draw_weights(&self.inputs, &mut self.weights, rng);
        let sum: f64 = self
            .weights
            .iter()
            .zip(&self.inputs)
            .map(|(weight, input)| weight * input)
            .sum();
        sum + self.neuron.draw_bias(rng)
    }

    /// The inputs, to be set from outside.
    pub(crate) fn inputs_mut(&mut self) -> &mut [f64] {
        &mut self.inputs
    }
}
