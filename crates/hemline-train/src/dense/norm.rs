//! Batch normalisation: what the pieces of a batch find out is put together here, in their order.

use pulp::Arch;

use super::DenseNorm;
use super::aligned::Aligned;
use super::columns::add_together;
use super::net::Layer;
use super::piece::{Piece, Turn};
use super::shared::Shared;
use super::vector::Vector;

/// The statistics of some examples for each output: their sum, and the sum of squares about their own mean.
/// On the way back, Σδ and Σδx̂.
#[derive(Clone, Debug, Default)]
pub(super) struct Partial {
    pub(super) sums: Aligned,
    pub(super) products: Aligned,
}

/// The normalisation of a layer in training.
#[derive(Clone, Debug)]
pub(super) struct Norm {
    pub(super) scale: Vector,
    pub(super) shift: Vector,
    running_mean: Vec<f32>,
    running_variance: Vec<f32>,
    momentum: f64,
    epsilon: f64,
    /// Of the batch.
    pub(super) mean: Aligned,
    /// 1/√(var + ε) of the batch.
    pub(super) inverse_deviation: Aligned,
    /// Σδ, the gradient of the shift, and Σδx̂, that of the scale.
    pub(super) gradients: Partial,
}

impl Norm {
    pub(super) fn new(norm: DenseNorm, vector: impl Fn(&[f32]) -> Vector) -> Self {
        let scale = vector(&norm.scale);
        let zeros = || Aligned::zeros(scale.values.len());
        Self {
            shift: vector(&norm.shift),
            running_mean: norm.running_mean,
            running_variance: norm.running_variance,
            momentum: norm.momentum,
            epsilon: norm.epsilon,
            mean: zeros(),
            inverse_deviation: zeros(),
            gradients: Partial {
                sums: zeros(),
                products: zeros(),
            },
            scale,
        }
    }

    pub(super) fn export(&self) -> DenseNorm {
        DenseNorm {
            scale: self.scale.numbers().to_vec(),
            shift: self.shift.numbers().to_vec(),
            running_mean: self.running_mean.clone(),
            running_variance: self.running_variance.clone(),
            momentum: self.momentum,
            epsilon: self.epsilon,
        }
    }

    /// The running mean and variance.
    pub(super) fn running(&self) -> [&[f32]; 2] {
        [&self.running_mean, &self.running_variance]
    }

    pub(super) fn running_mut(&mut self) -> [&mut [f32]; 2] {
        [&mut self.running_mean, &mut self.running_variance]
    }

    /// The mean and variance of the batch from those of its pieces, each with its number of examples, and
    /// the running ones from them. Chan, Golub & LeVeque, *Updating formulae and a pairwise algorithm for
    /// computing sample variances*, 1979.
    pub(super) fn combine<'a>(
        &mut self,
        pieces: impl Iterator<Item = (&'a Partial, usize)> + Clone,
    ) {
        let examples: usize = pieces.clone().map(|(_, count)| count).sum();
        let examples = examples as f64;
        for output in 0..self.running_mean.len() {
            let sums = pieces
                .clone()
                .map(|(piece, _)| f64::from(piece.sums[output]));
            let mean = sums.sum::<f64>() / examples;
            let squares = pieces.clone().map(|(piece, count)| {
                let count = count as f64;
                let distance = f64::from(piece.sums[output]) / count - mean;
                f64::from(piece.products[output]) + count * distance * distance
            });
            let variance = squares.sum::<f64>() / examples;
            self.mean[output] = mean as f32;
            self.inverse_deviation[output] = (1.0 / (variance + self.epsilon).sqrt()) as f32;
            for (running, now) in [
                (&mut self.running_mean[output], mean),
                (&mut self.running_variance[output], variance),
            ] {
                let rest = 1.0 - self.momentum;
                *running = (f64::from(*running) * rest + now * self.momentum) as f32;
            }
        }
    }

    /// The gradients of the shift and the scale from those of the pieces.
    pub(super) fn combine_gradients<'a>(
        &mut self,
        arch: Arch,
        pieces: impl Iterator<Item = &'a Partial> + Clone,
    ) {
        let Partial { sums, products } = &mut self.gradients;
        add_together(arch, sums, pieces.clone().map(|piece| &piece.sums[..]));
        add_together(arch, products, pieces.map(|piece| &piece.products[..]));
    }
}

/// Puts together what the pieces have found out before a turn of theirs.
pub(super) fn combine(
    arch: Arch,
    layers: &Shared<Vec<Layer>>,
    pieces: &[Shared<Piece>],
    turn: Turn,
) {
    let (Turn::Forward(index) | Turn::Back(index)) = turn else {
        // Nothing, for which the layers' lock need not be fetched from the core that had it.
        return;
    };
    let Some(norm) = &mut layers.write()[index].norm else {
        return;
    };
    let guards: Vec<_> = pieces.iter().map(Shared::read).collect();
    let partials = guards.iter().map(|piece| &piece.layers[index].partial);
    if let Turn::Forward(_) = turn {
        let counts = guards.iter().map(|piece| piece.count);
        norm.combine(partials.zip(counts));
    } else {
        norm.combine_gradients(arch, partials);
    }
}
