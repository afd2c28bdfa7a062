//! The gain of an activation: what the weights must be multiplied by so that E\[x²\] stays 1.

use crate::activation::{SELU_ALPHA, SELU_SCALE, normal_cumulative};
use crate::quadrature::gaussian_expectation;
use crate::{Activation, Error, Pointwise};

/// gain(f) = 1/√E\[f(z)²\], z ~ N(0, 1): the factor that makes Var\[w\] = gain²/n keep E\[x²\] at 1.
///
/// ReLU, LeakyReLU, ELU, SELU, GELU and the identity are closed forms ([`second_moment`] lists them), the others
/// quadrature to about 10⁻¹³.
///
/// PyTorch's `calculate_gain` returns other numbers for two of them. tanh is 5/3 there, where E\[tanh²\] gives
/// 1.592537: the 5/3 is a rounded empirical value that was kept for compatibility. SELU is 3/4 there, where
/// E\[SELU²\] = 1 exactly by the choice of its constants: the 3/4 was chosen so that deep SELU networks train more
/// stably, and gives up the fixed point that SELU was built for. And sigmoid is 1 there, where this law gives
/// 1.846229: that 1 is a placeholder, not a derived value.
///
/// # Errors
/// [`Error::Parameter`] if the activation's parameter is not finite; [`Error::NoGain`] for f ≡ 0.
///
/// ```
/// use hemline_init::{Activation, gain};
///
/// assert_eq!(gain(Activation::Relu)?, 2.0_f64.sqrt());
/// assert!((gain(Activation::Tanh)? - 1.592537).abs() < 5e-7);
/// # Ok::<(), hemline_init::Error>(())
/// ```
///
/// Source: He et al., "Delving Deep into Rectifiers", 2015, equations 10 and 15, with E\[f(z)²\] in the place of ½.
pub fn gain(activation: Activation) -> Result<f64, Error> {
    from_second_moment(second_moment(activation)?)
}

/// [`gain`] for any function, by quadrature split at its kinks.
///
/// # Errors
/// [`Error::ActivationNotFinite`] if f returns NaN or an infinity within ±38, [`Error::NoGain`] if f is 0
/// almost everywhere, [`Error::Quadrature`] if the integral does not converge.
///
/// ```
/// use hemline_init::{FromFunctions, gain_of};
///
/// let sine = FromFunctions::new(f64::sin, f64::cos, vec![]);
/// // E[sin² z] = (1 − e⁻²)/2.
/// let exact = ((1.0 - (-2.0_f64).exp()) / 2.0).sqrt().recip();
/// assert!((gain_of(&sine)? - exact).abs() < 1e-12);
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn gain_of(activation: &impl Pointwise) -> Result<f64, Error> {
    from_second_moment(second_moment_at(activation, 1.0)?)
}

/// E\[f(z)²\], z ~ N(0, 1), in closed form where there is one.
///
/// - identity: 1
/// - ReLU: ½; LeakyReLU(a): (1 + a²)/2, by the symmetry of φ
/// - ELU(α): ½ + α²(e²Φ(−2) − 2e^½Φ(−1) + ½), by completing the square in ∫(eᶻ − 1)²φ
/// - SELU: λ² times ELU(α), which is 1
/// - GELU: 1/3 + 1/(2π√3), by Stein's lemma E\[z g(z)\] = E\[g′(z)\] with g = zΦ² and E\[Φ²\] = 1/3
/// - the others: quadrature
///
/// # Errors
/// As [`gain`].
pub fn second_moment(activation: Activation) -> Result<f64, Error> {
    activation.validate()?;
    Ok(match activation {
        Activation::Identity => 1.0,
        Activation::Relu => 0.5,
        Activation::LeakyRelu { slope } => 0.5 * (1.0 + slope * slope),
        Activation::Elu { alpha } => elu_second_moment(alpha),
        Activation::Selu => SELU_SCALE * SELU_SCALE * elu_second_moment(SELU_ALPHA),
        Activation::Gelu => 1.0 / 3.0 + 1.0 / (2.0 * std::f64::consts::PI * 3.0_f64.sqrt()),
        other => return second_moment_at(&other, 1.0),
    })
}

/// E\[f(√q·z)²\], z ~ N(0, 1): the second moment of the activations when the pre-activations have variance q.
///
/// q: variance (finite, not negative).
///
/// # Errors
/// [`Error::Parameter`] for a q outside of its domain, else as [`gain_of`].
pub fn second_moment_at(activation: &impl Pointwise, variance: f64) -> Result<f64, Error> {
    expectation_at(activation, variance, |z| activation.value(z).powi(2))
}

/// E\[g(√q·z)\], z ~ N(0, 1), for a g that bends where the activation does.
pub(crate) fn expectation_at(
    activation: &impl Pointwise,
    variance: f64,
    g: impl Fn(f64) -> f64,
) -> Result<f64, Error> {
    let expected = "a finite variance, not negative";
    crate::error::parameter("variance", variance, expected, |q| q >= 0.0)?;
    let deviation = variance.sqrt();
    let kinks: Vec<f64> = activation
        .kinks()
        .iter()
        .map(|kink| kink / deviation)
        .collect();
    gaussian_expectation(|z| g(deviation * z), &kinks)
}

fn elu_second_moment(alpha: f64) -> f64 {
    let negative = 2.0_f64.exp() * normal_cumulative(-2.0)
        - 2.0 * 0.5_f64.exp() * normal_cumulative(-1.0)
        + 0.5;
    0.5 + alpha * alpha * negative
}

fn from_second_moment(second_moment: f64) -> Result<f64, Error> {
    let gain = second_moment.recip().sqrt();
    if gain.is_finite() && gain > 0.0 {
        Ok(gain)
    } else {
        Err(Error::NoGain)
    }
}
