//! What the law predicts for each layer of a network: the recursion for variances, forward and backward.

use crate::gain::expectation_at;
use crate::quadrature::quick_expectation;
use crate::{Error, Pointwise};

/// The predictions for one layer's activations x_l = f(z_l) and gradients.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Layer {
    /// q_l = Var\[z_l\] = fan_in·Var\[w\]·E\[x_{l−1}²\]. For the input layer, the variance of the inputs.
    pub preactivation_variance: f64,
    /// E\[x_l\].
    pub mean: f64,
    /// E\[x_l²\].
    pub second_moment: f64,
    /// P(f′(z_l) = 0): the share of activations that pass no gradient.
    pub silent: f64,
    /// The share of units that are silent on every input of the batch.
    pub dead: f64,
    /// Correlation of z_l between two inputs of the batch.
    pub correlation: f64,
    /// Var\[log‖x_l‖²\] over networks, to first order in 1/width.
    pub log_variance: f64,
    /// E\[g²\] of the gradient by x_l, where that by the network's output has 1.
    pub gradient: f64,
}

/// The predictions for layers 0 (the inputs, standard normal) to L.
///
/// Forward: q_l = n_{l−1}·Var\[w_l\]·E\[f(√q_{l−1} z)²\], exact in the mean for ReLU at any width, and for others as
/// the widths grow. Backward: E\[g_{l−1}²\] = n_l·Var\[w_l\]·E\[f′(√q_l z)²\]·E\[g_l²\], with n_l the fan-out.
/// Finite width: v_l = ρ_l²·v_{l−1} + (κ_l − 1)/n_l for v = Var\[log‖x‖²\], where κ = E\[f⁴\]/E\[f²\]² is the kurtosis of
/// one unit and ρ = d log E\[f²\]/d log q tells how much of the last layer's deviation survives: all of it (ρ = 1)
/// for ReLU, so that v grows like 5L/n; less for a saturating function, so that it stays bounded.
///
/// `widths`: n_0 to n_L. `variances`: Var\[w_1\] to Var\[w_L\]. `batch`: inputs in a batch, drawn independently.
///
/// # Errors
/// [`Error::ZeroFan`] for a width of 0, [`Error::Parameter`] for a negative or infinite variance, an empty batch, or
/// lists that do not fit together; [`Error::ActivationNotFinite`] and [`Error::Quadrature`] as
/// [`gain_of`](crate::gain_of).
///
/// ```
/// use hemline_init::{Activation, mean_field};
///
/// // He: the variance stays. Half of He's: it halves at every layer.
/// let layers = mean_field(&Activation::Relu, &[100, 100, 100], &[0.02, 0.01], 1)?;
/// assert!((layers[1].preactivation_variance - 2.0).abs() < 1e-12);
/// assert!((layers[2].second_moment - 0.5).abs() < 1e-12);
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn mean_field(
    activation: &impl Pointwise,
    widths: &[usize],
    variances: &[f64],
    batch: usize,
) -> Result<Vec<Layer>, Error> {
    if widths.len() != variances.len() + 1 {
        let value = widths.len() as f64;
        return Err(Error::Parameter {
            name: "widths",
            value,
            expected: "one more than variances",
        });
    }
    if batch == 0 {
        return Err(Error::Parameter {
            name: "batch",
            value: 0.0,
            expected: "at least 1",
        });
    }
    if widths.contains(&0) {
        return Err(Error::ZeroFan { name: "width" });
    }
    let mut layers = vec![Layer {
        preactivation_variance: 1.0,
        mean: 0.0,
        second_moment: 1.0,
        silent: 0.0,
        dead: 0.0,
        correlation: 0.0,
        // The kurtosis of a normal input is 3.
        log_variance: 2.0 / widths[0] as f64,
        gradient: 1.0,
    }];
    let mut correlation = 0.0;
    let mut last = layers[0];
    for (index, &weight_variance) in variances.iter().enumerate() {
        let fan_in = widths[index] as f64;
        let q = fan_in * weight_variance * last.second_moment;
        let second_moment = expectation_at(activation, q, |z| activation.value(z).powi(2))?;
        let fourth = expectation_at(activation, q, |z| activation.value(z).powi(4))?;
        let slope = expectation_at(activation, q, |z| {
            activation.value(z) * activation.derivative(z) * z
        })?;
        let silent = expectation_at(activation, q, |z| {
            f64::from(activation.derivative(z) == 0.0)
        })?;
        let kept = ratio(slope, second_moment);
        let kurtosis = ratio(fourth / second_moment, second_moment);
        let pair = Pair {
            activation,
            variance: q,
            correlation,
        };
        last = Layer {
            preactivation_variance: q,
            mean: expectation_at(activation, q, |z| activation.value(z))?,
            second_moment,
            silent,
            dead: if batch == 1 || silent == 0.0 {
                silent
            } else {
                pair.dead(batch)
            },
            correlation,
            log_variance: kept * kept * last.log_variance
                + (kurtosis - 1.0).max(0.0) / widths[index + 1] as f64,
            gradient: 1.0,
        };
        if batch > 1 {
            correlation = ratio(pair.second_moment(), second_moment).clamp(0.0, MOST_CORRELATED);
        }
        layers.push(last);
    }
    for index in (0..variances.len()).rev() {
        let after = layers[index + 1];
        let q = after.preactivation_variance;
        let square = expectation_at(activation, q, |z| activation.derivative(z).powi(2))?;
        layers[index].gradient =
            widths[index + 1] as f64 * variances[index] * square * after.gradient;
    }
    Ok(layers)
}

/// Beyond this the two inputs count as one, and √(1 − c) would be rounding.
const MOST_CORRELATED: f64 = 1.0 - 1e-12;

/// a/b, and 0 where a layer has died out and both are 0.
fn ratio(a: f64, b: f64) -> f64 {
    if b == 0.0 || !(a / b).is_finite() {
        0.0
    } else {
        a / b
    }
}

/// Pre-activations of one unit on the inputs of a batch: √q(√c·s + √(1 − c)·t) with s shared and t each input's own.
struct Pair<'a, F> {
    activation: &'a F,
    variance: f64,
    correlation: f64,
}

impl<F: Pointwise> Pair<'_, F> {
    /// E_t[g(z)] for a given s.
    fn given(&self, shared: f64, g: impl Fn(f64) -> f64) -> f64 {
        let deviation = self.variance.sqrt();
        let (centre, own) = (
            deviation * self.correlation.sqrt() * shared,
            deviation * (1.0 - self.correlation).sqrt(),
        );
        let kinks: Vec<f64> = self
            .activation
            .kinks()
            .iter()
            .map(|kink| (kink - centre) / own)
            .collect();
        quick_expectation(|t| g(centre + own * t), &kinks)
    }

    /// E[f(z)f(z′)] = E_s[E_t[f(z)]²].
    fn second_moment(&self) -> f64 {
        quick_expectation(|s| self.given(s, |z| self.activation.value(z)).powi(2), &[])
    }

    /// P(f′ = 0 on all `batch` inputs) = E_s[P(f′(z) = 0 | s)^batch].
    fn dead(&self, batch: usize) -> f64 {
        let silent = |s| self.given(s, |z| f64::from(self.activation.derivative(z) == 0.0));
        quick_expectation(|s| silent(s).clamp(0.0, 1.0).powf(batch as f64), &[])
    }
}
