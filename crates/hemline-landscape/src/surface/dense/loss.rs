//! The loss of a classifier from its logits on the host.

use pulp::{Arch, Simd, WithSimd};

use super::Outputs;

/// Totals are multiplied until their product comes near the largest f64, so that one logarithm serves
/// many examples.
const LARGE: f64 = 1e200;

/// Examples whose maxima and totals are kept in registers.
const BLOCK: usize = 16;

/// The summed cross-entropy −Σ log softmax(z)\[label\] of some examples' logits z, the first of which has
/// the given index. To be given to [`DenseLoss`](super::DenseLoss).
///
/// log Σₖ exp(zₖ) is computed as max z + log Σₖ exp(zₖ − max z), and the logarithms of several examples as
/// one of their product. A label beyond the outputs, or an example without one, makes the loss NaN.
pub fn softmax_cross_entropy(labels: &[u32]) -> impl Fn(&Outputs<'_>, usize) -> f64 + Sync + '_ {
    let arch = Arch::new();
    move |logits, first| {
        let labels = labels.get(first..).unwrap_or_default();
        if labels.len() < logits.examples() {
            return f64::NAN;
        }
        let right = labels.iter().zip(0..logits.examples());
        let right: f64 = right
            .map(|(&label, example)| {
                let logit = logits.get(example, label as usize);
                logit.map_or(f64::NAN, f64::from)
            })
            .sum();
        arch.dispatch(LogTotals { logits }) - right
    }
}

/// Σᵢ log Σₖ exp(zᵢₖ) over examples i.
struct LogTotals<'a> {
    logits: &'a Outputs<'a>,
}

impl WithSimd for LogTotals<'_> {
    type Output = f64;

    /// Compiled for the registers that there are; the loops over examples are simple enough for that.
    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        simd.vectorize(Batches(self.logits))
    }
}

struct Batches<'a>(&'a Outputs<'a>);

impl pulp::NullaryFnOnce for Batches<'_> {
    type Output = f64;

    #[inline(always)]
    fn call(self) -> f64 {
        let (mut sum, mut product) = (0.0, 1.0);
        let mut add = |(maxima, totals): ([f32; BLOCK], [f32; BLOCK]), examples| {
            for (&max, &total) in maxima.iter().zip(&totals).take(examples) {
                sum += f64::from(max);
                product *= f64::from(total);
                if product > LARGE {
                    sum += product.ln();
                    product = 1.0;
                }
            }
        };
        let whole = self.0.examples() / BLOCK;
        for block in 0..whole {
            add(totals(self.0, |column| column.as_chunks().0[block]), BLOCK);
        }
        let left = self.0.examples() - whole * BLOCK;
        if left > 0 {
            let padded = |column: &[f32]| {
                let mut block = [0.0; BLOCK];
                block[..left].copy_from_slice(&column[whole * BLOCK..]);
                block
            };
            add(totals(self.0, padded), left);
        }
        sum + product.ln()
    }
}

/// max z and Σₖ exp(zₖ − max z) of each example of a block, which `take` takes out of the outputs.
#[inline(always)]
fn totals(
    outputs: &Outputs<'_>,
    take: impl Fn(&[f32]) -> [f32; BLOCK],
) -> ([f32; BLOCK], [f32; BLOCK]) {
    let (mut maxima, mut totals) = ([f32::NEG_INFINITY; BLOCK], [0.0; BLOCK]);
    for column in outputs.columns() {
        let block = take(column);
        for i in 0..BLOCK {
            maxima[i] = if block[i] > maxima[i] {
                block[i]
            } else {
                maxima[i]
            };
        }
    }
    for column in outputs.columns() {
        let block = take(column);
        for i in 0..BLOCK {
            totals[i] += exp(block[i] - maxima[i]);
        }
    }
    (maxima, totals)
}

/// eˣ for x ≤ 0, within two units of the last place of f32; NaN for NaN, and 0 below −87.
///
/// x = n·ln 2 + r with |r| ≤ ½ ln 2, and eʳ by the polynomial of Cephes (Moshier, *expf.c*): the
/// library's own function is called for one number at a time, this is computed for a vector of them.
#[inline(always)]
fn exp(x: f32) -> f32 {
    const LOG2_E: f32 = std::f32::consts::LOG2_E;
    // ln 2 in two parts, the first with zeros behind, so that n times it is exact.
    const LN2_HIGH: f32 = 0.693_359_4;
    const LN2_LOW: f32 = -2.121_944_4e-4;
    // 1.5·2²³: added, it leaves the next whole number in the last bits; taken away again, as a number.
    const ROUND: f32 = 12_582_912.0;
    const EXPONENT_OF_ONE: u32 = 127 << 23;
    const LOWEST: f32 = -87.0;
    let clamped = if x < LOWEST { LOWEST } else { x };
    let shifted = clamped * LOG2_E + ROUND;
    let n = shifted - ROUND;
    let r = clamped - n * LN2_HIGH - n * LN2_LOW;
    let mut p = 1.987_569_1e-4;
    p = p * r + 1.398_199_9e-3;
    p = p * r + 8.333_452e-3;
    p = p * r + 4.166_579_6e-2;
    p = p * r + 0.166_666_65;
    p = p * r + 0.5;
    let e = p * r * r + r + 1.0;
    // 2ⁿ by its exponent's bits; what they are where r is NaN is of no matter.
    let power = f32::from_bits((shifted.to_bits() << 23).wrapping_add(EXPONENT_OF_ONE));
    if x < LOWEST { 0.0 } else { e * power }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn loss(labels: &[u32], logits: &[f32], examples: usize, first: usize) -> f64 {
        let outputs = Outputs::new(logits, examples, examples);
        softmax_cross_entropy(labels)(&outputs, first)
    }

    #[test]
    fn known_logits() {
        // Equal logits: ln 2 each. Then ln(1 + e³) − 3 for the second example alone.
        let labels = [0, 1, 1];
        assert!((loss(&labels, &[0.0; 6], 3, 0) - 3.0 * 2.0_f64.ln()).abs() < 1e-12);
        let expected = (1.0 + 3.0_f64.exp()).ln() - 3.0;
        assert!((loss(&labels, &[1.0, 4.0], 1, 1) - expected).abs() < 1e-7);
        // Beyond what exp can hold.
        assert_eq!(loss(&labels, &[1e4, 0.0], 1, 1), 1e4);
    }

    #[test]
    fn a_product_of_many_totals_does_not_overflow() {
        let (examples, classes) = (500, 100);
        let labels = vec![7; examples];
        let found = loss(&labels, &vec![0.25; examples * classes], examples, 0);
        let expected = examples as f64 * (classes as f64).ln();
        assert!((found / expected - 1.0).abs() < 1e-7, "{found}, {expected}");
    }

    #[test]
    fn what_has_no_loss_is_nan() {
        let labels = [0, 5];
        assert!(loss(&labels, &[f32::NAN, 0.0], 1, 0).is_nan());
        assert!(loss(&labels, &[0.0, f32::NAN], 1, 0).is_nan());
        assert!(loss(&labels, &[f32::NAN, f32::NAN], 1, 0).is_nan());
        assert!(loss(&labels, &[f32::INFINITY, 0.0], 1, 0).is_nan());
        assert!(loss(&labels, &[0.0, 0.0], 1, 1).is_nan());
        assert!(loss(&labels, &[0.0, 0.0], 1, 7).is_nan());
    }

    #[test]
    fn exponentials_are_right_to_the_last_places() {
        for step in 0..=870_000 {
            let x = step as f32 * -1e-4;
            let (found, expected) = (f64::from(exp(x)), f64::from(x).exp());
            assert!(
                (found / expected - 1.0).abs() < 2.0 * f64::from(f32::EPSILON),
                "{x}: {found}"
            );
        }
        assert_eq!(
            [exp(0.0), exp(-88.0), exp(f32::NEG_INFINITY)],
            [1.0, 0.0, 0.0]
        );
        assert!(exp(f32::NAN).is_nan());
    }
}
