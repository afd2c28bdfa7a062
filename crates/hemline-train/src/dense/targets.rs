//! What the outputs of some examples should be, and what they lose by what they are.

use std::ops::Range;

use super::aligned::Aligned;
use super::inputs::{Inputs, Write};
use super::math::exp;
use super::piece::{PIECE, Pass};

/// The targets of a batch, of a kind that suits the loss.
#[derive(Clone, Copy, Debug)]
pub(super) enum Targets<'a> {
    Inputs,
    Values(&'a [f32]),
    Labels(&'a [u32], f64),
}

/// Those of some examples.
#[derive(Clone, Copy, Debug)]
pub(super) enum Rows<'a> {
    /// The numbers from the first row on, and how far apart the rows are.
    Values(&'a [f32], usize),
    Labels(&'a [u32], f64),
}

/// Memory for targets that are given as bytes.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    x: Aligned,
    /// Rows on their way there.
    bytes: Vec<u8>,
}

impl Wanted {
    /// The targets of `count` examples from number `first` on for some of the outputs of the last layer.
    pub(super) fn rows<'a>(
        &'a mut self,
        pass: &'a Pass<'_>,
        [first, count]: [usize; 2],
        outputs: Range<usize>,
    ) -> Rows<'a> {
        let all = pass.layers[pass.layers.len() - 1].outputs;
        let begin = first * all + outputs.start;
        match (pass.targets, pass.inputs) {
            (Targets::Labels(labels, smoothing), _) => {
                Rows::Labels(&labels[first..][..count], smoothing)
            }
            (Targets::Values(values), _) | (Targets::Inputs, Inputs::Values(values)) => {
                Rows::Values(&values[begin..], all)
            }
            (Targets::Inputs, inputs) => {
                if self.x.is_empty() {
                    self.x = Aligned::zeros(PIECE * outputs.len());
                }
                let write = Write {
                    from: inputs,
                    inputs: all,
                    examples: [first, count],
                    column: outputs.start,
                    to: std::slice::from_mut(&mut self.x),
                    nonzero: &mut [],
                    rows: PIECE,
                };
                write.run(pass.arch, &mut self.bytes);
                Rows::Values(&self.x, outputs.len())
            }
        }
    }
}

impl Rows<'_> {
    /// The sum of the losses of these examples for `outputs` of the `all` outputs, and its gradients divided by the
    /// number `examples` of the whole batch. Rows of h and of the gradients have `width` numbers, the first
    /// `outputs` of which count.
    #[inline(always)]
    pub(super) fn loss(
        self,
        h: &[f32],
        gradients: &mut [f32],
        [outputs, width]: [usize; 2],
        [examples, all]: [usize; 2],
    ) -> f64 {
        let rows = h.chunks_exact(width).zip(gradients.chunks_exact_mut(width));
        match self {
            Self::Values(targets, stride) => {
                let twice = (2.0 / (examples as f64 * all as f64)) as f32;
                let rows = rows.zip(targets.chunks(stride));
                let squares = rows.map(|((h, gradients), targets)| {
                    let (h, gradients) = (&h[..outputs], &mut gradients[..outputs]);
                    squares(h, &targets[..outputs], gradients, twice)
                });
                squares.sum::<f64>() / all as f64
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
