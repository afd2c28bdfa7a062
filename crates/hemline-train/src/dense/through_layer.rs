//! A piece's way through one layer, forward and back.

use rand_chacha::rand_core::Rng;

use super::columns::add_together;
use super::norm::Norm;
use super::piece::{Pass, Piece};
use super::values::Values;
use super::vectorise::vectorise;

/// The random words that are drawn at a time, as many as four blocks of ChaCha have.
const WORDS: usize = 64;

impl Piece {
    /// z = hWᵀ + b.
    pub(super) fn multiply(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        let (before, values) = self.layers.split_at_mut(index);
        match before.last() {
            None => self.collect(pass),
            Some(before) => {
                values[0].multiply(pass, layer, layer.blocks.clone(), before, self.count);
            }
        }
    }

    /// z of the first layer, from what the groups of its blocks add to it.
    fn collect(&mut self, pass: &Pass<'_>) {
        let width = pass.layers[0].width;
        let z = &mut self.layers[0].z[..self.count * width];
        let length = z.len();
        let shares = (0..pass.layers[0].groups.len()).map(|group| {
            let strip = pass.strip(self.first, group);
            &strip.z[(self.first - strip.first) * width..][..length]
        });
        add_together(pass.arch, z, shares);
    }

    pub(super) fn normalise(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        let Some(norm) = &layer.norm else { return };
        let count = self.count * layer.width;
        let Values { z, normalised, .. } = &mut self.layers[index];
        let (z, normalised) = (&mut z[..count], &mut normalised[..count]);
        vectorise(
            pass.arch,
            #[inline(always)]
            || {
                for (z, y) in z
                    .chunks_exact_mut(layer.width)
                    .zip(normalised.chunks_exact_mut(layer.width))
                {
                    let statistics = norm.mean.iter().zip(norm.inverse_deviation.iter());
                    let affine = norm.scale.values.iter().zip(norm.shift.values.iter());
                    let outputs = z.iter_mut().zip(y).zip(statistics).zip(affine);
                    for (((z, y), (mean, inverse)), (scale, shift)) in outputs {
                        *z = (*z - mean) * inverse;
                        *y = *z * scale + shift;
                    }
                }
            },
        );
    }

    /// h = f(z), or f(γx̂ + β), and dropout.
    pub(super) fn activate(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        if layer.dropout > 0.0 {
            self.draw(pass, index);
        }
        self.layers[index].activate(pass.arch, layer, &(0..self.count));
    }

    /// The masks of these examples: a part of those that one generator draws for all.
    pub(super) fn draw(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        let before = pass.layers[..index].iter();
        let before = before
            .filter(|layer| layer.dropout > 0.0)
            .map(|layer| layer.outputs);
        let drawn = before.sum::<usize>() * pass.examples + self.first * layer.outputs;
        let mut generator = pass.generator.clone();
        generator.set_word_pos(generator.get_word_pos() + drawn as u128);
        // p < 1, so the threshold is below 2³² and the cast keeps it.
        let threshold = (layer.dropout * 2.0_f64.powi(32)) as u32;
        let kept = (1.0 / (1.0 - layer.dropout)) as f32;
        let mask = self.layers[index].mask.chunks_exact_mut(layer.width);
        // Many words at a time, which are the same as one by one.
        let mut words = [0; WORDS * size_of::<u32>()];
        for row in mask.take(self.count) {
            for factors in row[..layer.outputs].chunks_mut(WORDS) {
                let words = &mut words[..size_of_val(factors)];
                generator.fill_bytes(words);
                vectorise(
                    pass.arch,
                    #[inline(always)]
                    || {
                        for (factor, word) in factors.iter_mut().zip(words.as_chunks().0) {
                            let dropped = u32::from_le_bytes(*word) < threshold;
                            *factor = if dropped { 0.0 } else { kept };
                        }
                    },
                );
            }
        }
    }

    /// From the gradients by γx̂ + β to those by z.
    pub(super) fn through_norm(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        let Some(Norm {
            scale,
            inverse_deviation,
            gradients: totals,
            ..
        }) = &layer.norm
        else {
            return;
        };
        let share = 1.0 / pass.examples as f32;
        let count = self.count * layer.width;
        let Values { z, gradients, .. } = &mut self.layers[index];
        let (x, gradients) = (&z[..count], &mut gradients[..count]);
        vectorise(
            pass.arch,
            #[inline(always)]
            || {
                for (gradients, x) in gradients
                    .chunks_exact_mut(layer.width)
                    .zip(x.chunks_exact(layer.width))
                {
                    let totals = totals.sums.iter().zip(totals.products.iter());
                    let factors = scale.values.iter().zip(inverse_deviation.iter());
                    let outputs = gradients.iter_mut().zip(x).zip(totals).zip(factors);
                    for (((gradient, x), (sum, product)), (scale, inverse)) in outputs {
                        let centred = *gradient - sum * share - x * (product * share);
                        *gradient = scale * inverse * centred;
                    }
                }
            },
        );
    }

    /// The gradients by the bias, and by what came before.
    pub(super) fn before(&mut self, pass: &Pass<'_>, index: usize) {
        let layer = &pass.layers[index];
        let (before, after) = self.layers.split_at_mut(index);
        let values = &mut after[0];
        values.sum_up(pass.arch, self.count);
        if let Some(before) = before.last_mut() {
            let to = (&mut before.gradients[..], before.width);
            values.multiply_back(pass, layer.blocks.clone(), self.count, to);
        }
    }
}
