//! One random network, run forward on a batch and backward from a random gradient, measured layer by layer.

use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, StandardNormal};

use crate::streams::{Family, Merge, generator};
use crate::{Activation, Error, Initializer, Layer, Moments, Pointwise};

/// What is summed over networks for one layer. Moments are of numbers divided by the predicted scale, so that
/// nothing over- or underflows in a deep network whose variance does.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Tally {
    /// Of every activation.
    pub(crate) activations: Moments,
    /// Of each network's mean square.
    pub(crate) second_moments: Moments,
    /// Of log‖x‖² on the first input, where that is not 0.
    pub(crate) log_norms: Moments,
    pub(crate) silent: u64,
    pub(crate) dead: u64,
    pub(crate) units: u64,
    /// Of every gradient.
    pub(crate) gradients: Moments,
    /// Of each network's mean squared gradient.
    pub(crate) gradient_second_moments: Moments,
}

/// The tallies of all layers.
#[derive(Debug, Default)]
pub(crate) struct Tallies(pub(crate) Vec<Tally>);

impl Merge for Tallies {
    fn merge(&mut self, later: Self) {
        if self.0.is_empty() {
            *self = later;
            return;
        }
        for (total, layer) in self.0.iter_mut().zip(&later.0) {
            total.activations.merge(&layer.activations);
            total.second_moments.merge(&layer.second_moments);
            total.log_norms.merge(&layer.log_norms);
            total.silent += layer.silent;
            total.dead += layer.dead;
            total.units += layer.units;
            total.gradients.merge(&layer.gradients);
            total
                .gradient_second_moments
                .merge(&layer.gradient_second_moments);
        }
    }
}

/// Everything that the networks of one measurement share.
pub(crate) struct Shape<'a, F> {
    pub(crate) activation: &'a F,
    pub(crate) initializer: Initializer,
    pub(crate) widths: &'a [usize],
    pub(crate) batch: usize,
    pub(crate) seed: u64,
    pub(crate) predicted: &'a [Layer],
}

impl<F: Pointwise> Shape<'_, F> {
    /// Draws network number `index` and measures it. Arrays are [unit][input of the batch].
    pub(crate) fn run(&self, index: u64) -> Result<Tallies, Error> {
        let mut tallies = vec![Tally::default(); self.widths.len()];
        let mut weights = Vec::new();
        let mut values = self.normal_numbers(index, 0, self.widths[0]);
        let mut slopes: Vec<Vec<f64>> = Vec::with_capacity(self.widths.len());
        slopes.push(Vec::new());
        self.tally_activations(&mut tallies[0], 0, &values)?;
        for layer in 1..self.widths.len() {
            self.draw_weights(index, layer, &mut weights)?;
            let mut z = vec![0.0; self.widths[layer] * self.batch];
            let rows = weights.chunks_exact(self.widths[layer - 1]);
            for (outputs, row) in z.chunks_exact_mut(self.batch).zip(rows) {
                for (weight, inputs) in row.iter().zip(values.chunks_exact(self.batch)) {
                    outputs
                        .iter_mut()
                        .zip(inputs)
                        .for_each(|(output, input)| *output += weight * input);
                }
            }
            slopes.push(z.iter().map(|z| self.activation.derivative(*z)).collect());
            for z in &mut z {
                let output = self.activation.value(*z);
                if !output.is_finite() {
                    return Err(Error::ActivationNotFinite { input: *z, output });
                }
                *z = output;
            }
            values = z;
            self.tally_activations(&mut tallies[layer], layer, &values)?;
            self.tally_silence(&mut tallies[layer], &slopes[layer]);
        }
        let last = self.widths.len() - 1;
        let mut gradients = self.normal_numbers(index, self.widths.len(), self.widths[last]);
        self.tally_gradients(&mut tallies[last], last, &gradients)?;
        for layer in (1..self.widths.len()).rev() {
            // Drawing a layer's weights again costs less than holding every layer's.
            self.draw_weights(index, layer, &mut weights)?;
            gradients
                .iter_mut()
                .zip(&slopes[layer])
                .for_each(|(gradient, slope)| *gradient *= slope);
            let mut before = vec![0.0; self.widths[layer - 1] * self.batch];
            let rows = weights.chunks_exact(self.widths[layer - 1]);
            for (from, row) in gradients.chunks_exact(self.batch).zip(rows) {
                for (weight, into) in row.iter().zip(before.chunks_exact_mut(self.batch)) {
                    into.iter_mut()
                        .zip(from)
                        .for_each(|(sum, gradient)| *sum += weight * gradient);
                }
            }
            gradients = before;
            self.tally_gradients(&mut tallies[layer - 1], layer - 1, &gradients)?;
        }
        Ok(Tallies(tallies))
    }

    fn rng(&self, index: u64, slot: usize) -> ChaCha8Rng {
        let slots = self.widths.len() as u64 + 1;
        generator(self.seed, Family::Propagation, index * slots + slot as u64)
    }

    fn draw_weights(&self, index: u64, layer: usize, weights: &mut Vec<f64>) -> Result<(), Error> {
        let (fan_in, fan_out) = (self.widths[layer - 1], self.widths[layer]);
        let rng = &mut self.rng(index, layer);
        // He's gain has become a number before, so that the name of the activation is not looked at.
        self.initializer
            .sample_into(fan_in, fan_out, Activation::Identity, rng, weights)
    }

    fn normal_numbers(&self, index: u64, slot: usize, width: usize) -> Vec<f64> {
        let mut rng = self.rng(index, slot);
        (0..width * self.batch)
            .map(|_| StandardNormal.sample(&mut rng))
            .collect()
    }

    fn tally_activations(
        &self,
        tally: &mut Tally,
        layer: usize,
        values: &[f64],
    ) -> Result<(), Error> {
        let own = scaled_moments(values, self.predicted[layer].second_moment)?;
        tally.activations.merge(&own);
        tally.second_moments.push(own.second_moment())?;
        let norm: f64 = values
            .iter()
            .step_by(self.batch)
            .map(|value| value * value)
            .sum();
        if norm > 0.0 {
            tally.log_norms.push(norm.ln())?;
        }
        Ok(())
    }

    fn tally_gradients(
        &self,
        tally: &mut Tally,
        layer: usize,
        gradients: &[f64],
    ) -> Result<(), Error> {
        let own = scaled_moments(gradients, self.predicted[layer].gradient)?;
        tally.gradients.merge(&own);
        tally.gradient_second_moments.push(own.second_moment())
    }

    fn tally_silence(&self, tally: &mut Tally, slopes: &[f64]) {
        for unit in slopes.chunks_exact(self.batch) {
            let silent = unit.iter().filter(|slope| **slope == 0.0).count();
            tally.silent += silent as u64;
            tally.dead += u64::from(silent == self.batch);
            tally.units += 1;
        }
    }
}

/// Moments of the values over √scale, or of the values where the scale is 0 or too small to divide by.
fn scaled_moments(values: &[f64], scale: f64) -> Result<Moments, Error> {
    let factor = divisor(scale).recip();
    let mut moments = Moments::new();
    let mut block = Vec::with_capacity(values.len().min(512));
    for part in values.chunks(512) {
        block.clear();
        block.extend(part.iter().map(|value| value * factor));
        moments.extend(&block)?;
    }
    Ok(moments)
}

/// √scale, and 1 where that cannot be divided by.
pub(crate) fn divisor(scale: f64) -> f64 {
    let root = scale.sqrt();
    if root.is_normal() { root } else { 1.0 }
}
