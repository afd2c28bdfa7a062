//! How much better one kind of network is than another, and how sure that is.

use anyhow::ensure;
use hemline_models::Evaluation;
use serde::Serialize;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

/// The probability that an interval misses what it is meant to hold.
const ALPHA: f64 = 0.05;

/// The difference of two accuracies, the second less the first, with two 95 % intervals.
///
/// The networks are paired by seed, the images by themselves; both intervals are about the mean of
/// pairs, which is much narrower than the difference of two intervals.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub(crate) struct Difference {
    /// The mean over seeds.
    pub(crate) mean: f64,
    /// Student's interval over the seeds, from two seeds on: where the difference would lie with other
    /// seeds and these test images.
    pub(crate) over_seeds_95: Option<(f64, f64)>,
    /// The normal interval over the test images: where it would lie with other images and these
    /// networks. For one seed it is McNemar's setting.
    pub(crate) over_images_95: (f64, f64),
}

impl Difference {
    /// Compares evaluations of the same images, pair by pair.
    pub(crate) fn new(base: &[Evaluation], variant: &[Evaluation]) -> anyhow::Result<Self> {
        ensure!(
            !base.is_empty() && base.len() == variant.len(),
            "{} evaluations cannot be paired with {}",
            base.len(),
            variant.len()
        );
        let pairs = || base.iter().zip(variant);
        let by_seed: Vec<f64> = pairs().map(|(a, b)| b.accuracy - a.accuracy).collect();
        let images = base.iter().map(Evaluation::examples).min().unwrap_or(0);
        let right = |evaluation: &Evaluation, image: usize| {
            f64::from(evaluation.predictions[image] == evaluation.labels[image])
        };
        let by_image: Vec<f64> = (0..images)
            .map(|image| {
                let differences = pairs().map(|(a, b)| right(b, image) - right(a, image));
                differences.sum::<f64>() / base.len() as f64
            })
            .collect();
        let over_seeds_95 = if by_seed.len() > 1 {
            let freedom = (by_seed.len() - 1) as f64;
            let quantile = StudentsT::new(0.0, 1.0, freedom)?.inverse_cdf(1.0 - ALPHA / 2.0);
            Some(interval(&by_seed, quantile))
        } else {
            None
        };
        let quantile = Normal::standard().inverse_cdf(1.0 - ALPHA / 2.0);
        Ok(Self {
            mean: mean(&by_seed),
            over_seeds_95,
            over_images_95: interval(&by_image, quantile),
        })
    }

    /// Whether every interval there is excludes zero.
    pub(crate) fn is_clear(&self) -> bool {
        let excludes_zero = |(low, high): (f64, f64)| low > 0.0 || high < 0.0;
        self.over_seeds_95.is_none_or(excludes_zero) && excludes_zero(self.over_images_95)
    }
}

impl std::fmt::Display for Difference {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let points = |share: f64| format!("{:+.2}", 100.0 * share);
        write!(formatter, "{} points", points(self.mean))?;
        if let Some((low, high)) = self.over_seeds_95 {
            let (low, high) = (points(low), points(high));
            write!(formatter, " (95 % interval over seeds {low} to {high}")?;
        }
        let opening = if self.over_seeds_95.is_some() {
            "; "
        } else {
            " (95 % interval "
        };
        let (low, high) = self.over_images_95;
        write!(
            formatter,
            "{opening}over test images {} to {})",
            points(low),
            points(high)
        )
    }
}

/// x̄ = Σx/n.
pub(crate) fn mean(values: &[f64]) -> f64 {
    values.iter().sum::<f64>() / values.len().max(1) as f64
}

/// s = √(Σ(x − x̄)²/(n − 1)), or `None` for fewer than two values.
pub(crate) fn standard_deviation(values: &[f64]) -> Option<f64> {
    let mean = mean(values);
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (values.len() > 1).then(|| (squares / (values.len() - 1) as f64).sqrt())
}

/// x̄ ± quantile·s/√n.
fn interval(values: &[f64], quantile: f64) -> (f64, f64) {
    let spread = standard_deviation(values).unwrap_or(0.0);
    let half = quantile * spread / (values.len() as f64).sqrt();
    (mean(values) - half, mean(values) + half)
}
