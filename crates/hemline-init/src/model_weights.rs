//! A model's weights against the law: are they what the initializer says, and how far has training moved them?

use serde::Serialize;

use crate::{Activation, Error, Estimate, Initializer, Moments};

/// One layer's weights, measured, beside the law's values.
///
/// A z-score is (measured − law)/standard error: within ±4 for fresh weights but for one layer in 16 000, far
/// outside once training has moved them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LayerWeights {
    /// The layer's name, as given.
    pub name: String,
    /// n, the inputs of a neuron.
    pub fan_in: usize,
    /// The neurons.
    pub fan_out: usize,
    /// The mean of the weights.
    pub mean: f64,
    /// (mean − 0)/√(law_variance/count).
    pub mean_z_score: f64,
    /// The variance of the weights.
    pub variance: f64,
    /// Var\[w\] by the initializer.
    pub law_variance: f64,
    /// (variance − law_variance)/standard error, the error from the measured fourth moment.
    pub variance_z_score: f64,
    /// The kurtosis: 3 for normal weights, 1.8 for uniform ones.
    pub kurtosis: f64,
}

impl LayerWeights {
    /// The header of [`Self::csv_row`].
    pub const CSV_HEADER: &'static str =
        "name,fan_in,fan_out,mean,mean_z_score,variance,law_variance,variance_z_score,kurtosis";

    /// One line of CSV, the name in quotes.
    #[must_use]
    pub fn csv_row(&self) -> String {
        format!(
            "\"{}\",{},{},{:?},{:?},{:?},{:?},{:?},{:?}",
            self.name.replace('"', "\"\""),
            self.fan_in,
            self.fan_out,
            self.mean,
            self.mean_z_score,
            self.variance,
            self.law_variance,
            self.variance_z_score,
            self.kurtosis
        )
    }
}

/// Measures one layer's weights against an initializer's law.
///
/// `weights`: fan_out · fan_in numbers, in any order. `activation` is the layer's, which He's law asks for. The
/// mean's z-score uses the law's variance, the variance's the measured fourth moment: √((μ₄ − σ⁴)/count). Not for
/// orthogonal matrices and constants, whose entries are not independent draws.
///
/// # Errors
/// [`Error::Parameter`] where the number of weights is not fan_out · fan_in, or the initializer's weights are no
/// independent draws with a variance; [`Error::DrawNotFinite`] for a NaN or infinite weight;
/// [`Error::TooFewDraws`] for fewer than two.
///
/// ```
/// use hemline_init::{Activation, Initializer, measure_weights};
/// use rand::SeedableRng;
///
/// let he = Initializer::default();
/// let mut rng = rand_chacha::ChaCha8Rng::seed_from_u64(1);
/// let weights = he.sample(784, 50, Activation::Relu, &mut rng)?;
/// let layer = measure_weights("hidden 1", &weights, (784, 50), &he, Activation::Relu)?;
/// assert!(layer.mean_z_score.abs() < 4.0 && layer.variance_z_score.abs() < 4.0);
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn measure_weights(
    name: &str,
    weights: &[f32],
    (fan_in, fan_out): (usize, usize),
    initializer: &Initializer,
    activation: Activation,
) -> Result<LayerWeights, Error> {
    let law_variance = initializer.variance(fan_in, fan_out, activation)?;
    if matches!(initializer, Initializer::Orthogonal { .. }) || law_variance == 0.0 {
        return Err(Error::Parameter {
            name: "law_variance",
            value: law_variance,
            expected: "a law of independent weights with a variance above 0",
        });
    }
    if fan_in.checked_mul(fan_out) != Some(weights.len()) {
        let value = weights.len() as f64;
        return Err(Error::Parameter {
            name: "weights.len()",
            value,
            expected: "fan_out · fan_in",
        });
    }
    let mut moments = Moments::new();
    let mut block = [0.0; 512];
    for part in weights.chunks(block.len()) {
        let block = &mut block[..part.len()];
        block
            .iter_mut()
            .zip(part)
            .for_each(|(wide, weight)| *wide = f64::from(*weight));
        moments.extend(block)?;
    }
    let Estimate {
        value: variance,
        standard_error,
    } = moments.variance_estimate()?;
    let mean_error = (law_variance / weights.len() as f64).sqrt();
    Ok(LayerWeights {
        name: name.to_owned(),
        fan_in,
        fan_out,
        mean: moments.mean(),
        mean_z_score: moments.mean() / mean_error,
        variance,
        law_variance,
        variance_z_score: (variance - law_variance) / standard_error,
        kurtosis: moments.kurtosis(),
    })
}
