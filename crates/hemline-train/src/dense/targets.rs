//! What the outputs of some examples should be, and what they lose by what they are.

use std::ops::Range;

use super::math::exp;
use super::piece::Pass;
use super::vectorise::vectorise;

/// The targets of a batch, of a kind that suits the loss.
#[derive(Clone, Copy, Debug)]
pub(super) enum Targets<'a> {
    Inputs,
    Values(&'a [f32]),
    Labels(&'a [u32], f64),
}

impl Pass<'_> {
    /// The sum of the losses that come of `outputs` of the last layer, for example number `first` of the batch and
    /// the next ones, and its gradients divided by the number of all examples. Rows of h and of the gradients have
    /// `width` numbers, and begin with these outputs.
    pub(super) fn loss(
        &self,
        first: usize,
        outputs: &Range<usize>,
        h: &[f32],
        gradients: &mut [f32],
        width: usize,
    ) -> f64 {
        let count = h.len() / width;
        let all = self.layers[self.layers.len() - 1].outputs;
        let twice = (2.0 / (self.examples as f64 * all as f64)) as f32;
        // Of those outputs that some columns of targets are for, which begin rows of `stride` numbers.
        let mut squares = |columns: Range<usize>, targets: &[f32], stride: usize| {
            let (begin, count) = (columns.start - outputs.start, columns.len());
            let (h, gradients) = (&h[begin..], &mut gradients[begin..]);
            let sum = vectorise(
                self.arch,
                #[inline(always)]
                || {
                    // A loop and not `map`, which would not be inlined.
                    let mut sum = 0.0;
                    let rows = h.chunks(width).zip(gradients.chunks_mut(width));
                    for ((h, gradients), targets) in rows.zip(targets.chunks(stride)) {
                        let (h, gradients) = (&h[..count], &mut gradients[..count]);
                        sum += squares(h, &targets[..count], gradients, twice);
                    }
                    sum
                },
            );
            sum / all as f64
        };
        match self.targets {
            Targets::Values(values) => {
                let begin = first * all + outputs.start;
                squares(outputs.clone(), &values[begin..], all)
            }
            Targets::Inputs => {
                // Strips have them as numbers already, and mostly on this core.
                let blocks = self.layers[0].blocks.clone();
                let places = blocks.map(|block| &self.blocks.get(block).place);
                let sums = places.map(|place| {
                    let start = place.inputs.start.max(outputs.start);
                    let end = place.inputs.end.min(outputs.end);
                    if start >= end {
                        return 0.0;
                    }
                    let strip = self.strip(first, place.group);
                    let (x, stride) = strip.inputs(place.number, first, count);
                    squares(start..end, &x[start - place.inputs.start..], stride)
                });
                sums.sum()
            }
            Targets::Labels(labels, smoothing) => {
                let scale = 1.0 / self.examples as f64;
                let labels = &labels[first..][..count];
                vectorise(
                    self.arch,
                    #[inline(always)]
                    || {
                        let mut loss = 0.0;
                        let rows = h.chunks_exact(width).zip(gradients.chunks_exact_mut(width));
                        for ((h, gradients), &label) in rows.zip(labels) {
                            let (h, gradients) = (&h[..all], &mut gradients[..all]);
                            loss += cross_entropy(h, label as usize, smoothing, gradients, scale);
                        }
                        loss
                    },
                )
            }
        }
    }
}

/// Σⱼ (hⱼ − yⱼ)², and its gradients times `twice`/2, for as many numbers each.
#[inline(always)]
fn squares(h: &[f32], targets: &[f32], gradients: &mut [f32], twice: f32) -> f64 {
    // In eight sums at once; by arrays, since a compiler makes vectors of them.
    let mut sums = [0.0; 8];
    let (h, last_h) = h.as_chunks();
    let (targets, last_targets) = targets.as_chunks();
    let (gradients, last_gradients) = gradients.as_chunks_mut();
    for ((gradients, h), targets) in gradients.iter_mut().zip(h).zip(targets) {
        (sums, *gradients) = add_squares(sums, *h, *targets, twice);
    }
    let mut last = [[0.0; 8]; 2];
    for (last, numbers) in last.iter_mut().zip([last_h, last_targets]) {
        last[..numbers.len()].copy_from_slice(numbers);
    }
    let [h, targets] = last;
    let (sums, gradients) = add_squares(sums, h, targets, twice);
    last_gradients.copy_from_slice(&gradients[..last_gradients.len()]);
    sums.into_iter().map(f64::from).sum()
}

/// The same for eight numbers, each of whose squares is added to a sum of its own.
#[inline(always)]
fn add_squares(
    mut sums: [f32; 8],
    h: [f32; 8],
    targets: [f32; 8],
    twice: f32,
) -> ([f32; 8], [f32; 8]) {
    let mut gradients = [0.0; 8];
    for i in 0..8 {
        let residual = h[i] - targets[i];
        sums[i] += residual * residual;
        gradients[i] = twice * residual;
    }
    (sums, gradients)
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
