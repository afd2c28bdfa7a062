//! Neurons that break one assumption of the derivation each, and say that they do not.

use rand_chacha::ChaCha8Rng;

use crate::{Law, Neuron};

/// Weights of one neuron that share a common part: wᵢ = √ρ·c + √(1 − ρ)·vᵢ, so that Corr\[wᵢ, wⱼ\] = ρ while every
/// wᵢ keeps its mean 0 and its variance.
pub(crate) struct Correlated<W, X> {
    pub(crate) weights: W,
    pub(crate) inputs: X,
    pub(crate) correlation: f64,
}

impl<W: Law, X: Law> Neuron for Correlated<W, X> {
    fn weight_law(&self) -> &dyn Law {
        &self.weights
    }

    fn input_law(&self) -> &dyn Law {
        &self.inputs
    }

    fn draw_weights(&self, _: &[f64], weights: &mut [f64], rng: &mut ChaCha8Rng) {
        let mut common = [0.0];
        self.weights.fill(&mut common, rng);
        self.weights.fill(weights, rng);
        let (shared, own) = (self.correlation.sqrt(), (1.0 - self.correlation).sqrt());
        weights
            .iter_mut()
            .for_each(|weight| *weight = shared * common[0] + own * *weight);
    }
}

/// Every second weight is `ratio` times as large as the law says, starting with the second.
pub(crate) struct Unequal<W, X> {
    pub(crate) weights: W,
    pub(crate) inputs: X,
    pub(crate) ratio: f64,
}

impl<W: Law, X: Law> Neuron for Unequal<W, X> {
    fn weight_law(&self) -> &dyn Law {
        &self.weights
    }

    fn input_law(&self) -> &dyn Law {
        &self.inputs
    }

    fn draw_weights(&self, _: &[f64], weights: &mut [f64], rng: &mut ChaCha8Rng) {
        self.weights.fill(weights, rng);
        weights
            .iter_mut()
            .skip(1)
            .step_by(2)
            .for_each(|weight| *weight *= self.ratio);
    }
}

/// w = v·x²/√E\[x⁴\] with v from the law: mean 0 and the right variance over all x, but not for each x.
pub(crate) struct Dependent<W, X> {
    pub(crate) weights: W,
    pub(crate) inputs: X,
    pub(crate) fourth_moment: f64,
}

impl<W: Law, X: Law> Neuron for Dependent<W, X> {
    fn weight_law(&self) -> &dyn Law {
        &self.weights
    }

    fn input_law(&self) -> &dyn Law {
        &self.inputs
    }

    fn draw_weights(&self, inputs: &[f64], weights: &mut [f64], rng: &mut ChaCha8Rng) {
        self.weights.fill(weights, rng);
        for (weight, input) in weights.iter_mut().zip(inputs) {
            *weight *= input * input / self.fourth_moment.sqrt();
        }
    }
}

/// z = Σ wᵢxᵢ + b with b from a law of its own.
pub(crate) struct Biased<W, X, B> {
    pub(crate) weights: W,
    pub(crate) inputs: X,
    pub(crate) bias: B,
}

impl<W: Law, X: Law, B: Law> Neuron for Biased<W, X, B> {
    fn weight_law(&self) -> &dyn Law {
        &self.weights
    }

    fn input_law(&self) -> &dyn Law {
        &self.inputs
    }

    fn draw_bias(&self, rng: &mut ChaCha8Rng) -> f64 {
        let mut bias = [0.0];
        self.bias.fill(&mut bias, rng);
        bias[0]
    }
}
