//! What the outputs of some examples should be, and what they lose by what they are.

use std::ops::Range;

use super::cross_entropy::CrossEntropy;
use super::piece::Pass;
use super::vectorise::vectorise;

/// The sums of squares that are added up at once.
const EIGHT: usize = 8;

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
                    let mut sums = [0.0; EIGHT];
                    let rows = h.chunks(width).zip(gradients.chunks_mut(width));
                    for ((h, gradients), targets) in rows.zip(targets.chunks(stride)) {
                        let (h, gradients) = (&h[..count], &mut gradients[..count]);
                        sums = squares(sums, h, &targets[..count], gradients, twice);
                    }
                    sums.iter().sum::<f64>()
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
                    let (x, stride) = strip.inputs(place.number, first);
                    squares(start..end, &x[start - place.inputs.start..], stride)
                });
                sums.sum()
            }
            Targets::Labels(labels, smoothing) => self.arch.dispatch(CrossEntropy {
                h,
                gradients,
                width,
                classes: all,
                labels: &labels[first..][..count],
                smoothing,
                scale: 1.0 / self.examples as f64,
            }),
        }
    }
}

/// Adds each (hⱼ − yⱼ)² to one of `totals`, and writes down its gradient times `twice`/2, for as many numbers each.
#[inline(always)]
fn squares(
    mut totals: [f64; EIGHT],
    h: &[f32],
    targets: &[f32],
    gradients: &mut [f32],
    twice: f32,
) -> [f64; EIGHT] {
    // By arrays, since a compiler makes vectors of them.
    let mut sums = [0.0; EIGHT];
    let (h, last_h) = h.as_chunks();
    let (targets, last_targets) = targets.as_chunks();
    let (gradients, last_gradients) = gradients.as_chunks_mut();
    for ((gradients, h), targets) in gradients.iter_mut().zip(h).zip(targets) {
        (sums, *gradients) = add_squares(sums, *h, *targets, twice);
    }
    // Most rows are whole chunks: what follows takes as long as several.
    if !last_h.is_empty() {
        let mut last = [[0.0; EIGHT]; 2];
        for (last, numbers) in last.iter_mut().zip([last_h, last_targets]) {
            last[..numbers.len()].copy_from_slice(numbers);
        }
        let [h, targets] = last;
        let gradients;
        (sums, gradients) = add_squares(sums, h, targets, twice);
        last_gradients.copy_from_slice(&gradients[..last_gradients.len()]);
    }
    for (total, sum) in totals.iter_mut().zip(sums) {
        *total += f64::from(sum);
    }
    totals
}

/// The same for eight numbers, each of whose squares is added to a sum of its own.
#[inline(always)]
fn add_squares(
    mut sums: [f32; EIGHT],
    h: [f32; EIGHT],
    targets: [f32; EIGHT],
    twice: f32,
) -> ([f32; EIGHT], [f32; EIGHT]) {
    let mut gradients = [0.0; EIGHT];
    for i in 0..EIGHT {
        let residual = h[i] - targets[i];
        sums[i] += residual * residual;
        gradients[i] = twice * residual;
    }
    (sums, gradients)
}
