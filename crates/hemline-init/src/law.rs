//! Laws that weights and inputs are drawn from: any of `rand_distr`, with what is known of them.

use rand::Rng;
use rand_chacha::ChaCha8Rng;
use rand_distr::{Distribution, Exp1, Normal, StandardNormal, Uniform};

use crate::activation::normal_cumulative;
use crate::error::parameter;
use crate::{Error, Estimate, WeightDistribution};

/// What the checks ask of a law: draws, and moments and a distribution function where they are known.
///
/// [`AnyLaw`] implements it for every `Distribution<f64>`.
pub trait Law: Send + Sync {
    /// Fills the slice with independent draws.
    fn fill(&self, numbers: &mut [f64], rng: &mut ChaCha8Rng);

    /// Mean and variance, where they are known; the checks measure them otherwise.
    fn moments(&self) -> Option<LawMoments> {
        None
    }

    /// F(x) = P(X ≤ x), where it is known; step (b) compares with a second sample otherwise.
    fn cumulative(&self, x: f64) -> Option<f64> {
        let _ = x;
        None
    }
}

impl<L: Law + ?Sized> Law for Box<L> {
    fn fill(&self, numbers: &mut [f64], rng: &mut ChaCha8Rng) {
        (**self).fill(numbers, rng);
    }

    fn moments(&self) -> Option<LawMoments> {
        (**self).moments()
    }

    fn cumulative(&self, x: f64) -> Option<f64> {
        (**self).cumulative(x)
    }
}

/// The moments that the derivation uses.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LawMoments {
    /// E\[X\].
    pub mean: Estimate,
    /// Var\[X\].
    pub variance: Estimate,
    /// E\[X²\], which is Var\[X\] only where the mean is 0.
    pub second_moment: Estimate,
}

impl LawMoments {
    /// Moments known by theory: E\[X²\] = variance + mean².
    ///
    /// # Errors
    /// [`Error::Parameter`] for a mean that is not finite, or a variance that is not finite or negative.
    pub fn exact(mean: f64, variance: f64) -> Result<Self, Error> {
        let mean = parameter("mean", mean, "a finite number", |_| true)?;
        let expected = "a finite variance, not negative";
        let variance = parameter("variance", variance, expected, |variance| variance >= 0.0)?;
        Ok(Self {
            mean: Estimate::exact(mean),
            variance: Estimate::exact(variance),
            second_moment: Estimate::exact(variance + mean * mean),
        })
    }
}

type Cumulative = Box<dyn Fn(f64) -> f64 + Send + Sync>;

/// Any `Distribution<f64>`, with moments and a distribution function if you have them.
///
/// Intervals for a variance need a fourth moment; a law without one (Cauchy, Pareto with α ≤ 4) gets an interval
/// that means nothing, or [`Error::DrawNotFinite`] where a draw overflows.
///
/// ```
/// use hemline_init::{AnyLaw, Law};
/// use rand_distr::Gumbel;
///
/// let euler = 0.577_215_664_901_532_9;
/// let law = AnyLaw::new(Gumbel::new(0.0, 1.0).unwrap())
///     .with_moments(euler, std::f64::consts::PI.powi(2) / 6.0)?
///     .with_cumulative(|x| (-(-x).exp()).exp());
/// assert!(law.moments().is_some());
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub struct AnyLaw<D> {
    distribution: D,
    moments: Option<LawMoments>,
    cumulative: Option<Cumulative>,
}

impl<D: Distribution<f64> + Send + Sync> AnyLaw<D> {
    /// The law alone; its moments will be measured.
    pub fn new(distribution: D) -> Self {
        Self {
            distribution,
            moments: None,
            cumulative: None,
        }
    }

    /// States E\[X\] and Var\[X\]. The checks believe it: a wrong statement makes them fail.
    ///
    /// # Errors
    /// As [`LawMoments::exact`].
    pub fn with_moments(mut self, mean: f64, variance: f64) -> Result<Self, Error> {
        self.moments = Some(LawMoments::exact(mean, variance)?);
        Ok(self)
    }

    /// States F(x) = P(X ≤ x).
    #[must_use]
    pub fn with_cumulative(
        mut self,
        cumulative: impl Fn(f64) -> f64 + Send + Sync + 'static,
    ) -> Self {
        self.cumulative = Some(Box::new(cumulative));
        self
    }
}

impl<D: Distribution<f64> + Send + Sync> Law for AnyLaw<D> {
    fn fill(&self, numbers: &mut [f64], rng: &mut ChaCha8Rng) {
        numbers
            .iter_mut()
            .for_each(|number| *number = self.distribution.sample(rng));
    }

    fn moments(&self) -> Option<LawMoments> {
        self.moments
    }

    fn cumulative(&self, x: f64) -> Option<f64> {
        self.cumulative.as_ref().map(|cumulative| cumulative(x))
    }
}

impl<D: std::fmt::Debug> std::fmt::Debug for AnyLaw<D> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("AnyLaw")
            .field("distribution", &self.distribution)
            .field("moments", &self.moments)
            .finish_non_exhaustive()
    }
}

/// N(mean, deviation²).
///
/// # Errors
/// [`Error::Parameter`] unless the mean is finite and the deviation finite and positive.
pub fn normal_law(mean: f64, deviation: f64) -> Result<AnyLaw<Normal<f64>>, Error> {
    let deviation = positive("deviation", deviation)?;
    let distribution = Normal::new(mean, deviation).map_err(|_| Error::Parameter {
        name: "mean",
        value: mean,
        expected: "a finite number",
    })?;
    Ok(AnyLaw::new(distribution)
        .with_moments(mean, deviation * deviation)?
        .with_cumulative(move |x| normal_cumulative((x - mean) / deviation)))
}

/// The uniform law on \[low, high).
///
/// # Errors
/// [`Error::Parameter`] unless both ends and the width are finite and low < high.
pub fn uniform_law(low: f64, high: f64) -> Result<AnyLaw<Uniform<f64>>, Error> {
    parameter("low", low, "a finite number", |_| true)?;
    let width = positive("high - low", high - low)?;
    let distribution = Uniform::new(low, high).map_err(|_| Error::Parameter {
        name: "high",
        value: high,
        expected: "above low",
    })?;
    Ok(AnyLaw::new(distribution)
        .with_moments(0.5 * low + 0.5 * high, width * width / 12.0)?
        .with_cumulative(move |x| ((x - low) / width).clamp(0.0, 1.0)))
}

/// What an [`Initializer`](crate::Initializer) draws one weight from: shape and variance, mean 0.
///
/// # Errors
/// [`Error::Parameter`] unless the variance is finite and positive.
pub fn weight_law(shape: WeightDistribution, variance: f64) -> Result<AnyLaw<Scaled>, Error> {
    let deviation = positive("variance", variance)?.sqrt();
    Ok(AnyLaw::new(Scaled { shape, deviation })
        .with_moments(0.0, variance)?
        .with_cumulative(move |x| shape.cumulative(x / deviation)))
}

/// σ(E − 1) with E exponential of rate 1: mean 0, variance σ², and not symmetric.
///
/// # Errors
/// [`Error::Parameter`] unless σ is finite and positive.
pub fn centred_exponential_law(deviation: f64) -> Result<AnyLaw<CentredExponential>, Error> {
    let deviation = positive("deviation", deviation)?;
    Ok(AnyLaw::new(CentredExponential { deviation })
        .with_moments(0.0, deviation * deviation)?
        .with_cumulative(move |x| -(-(x / deviation + 1.0).max(0.0)).exp_m1()))
}

/// max(0, σZ) with Z ~ N(0, 1): what a ReLU hands on. E\[X\] = σ/√(2π), E\[X²\] = σ²/2.
///
/// # Errors
/// [`Error::Parameter`] unless σ is finite and positive.
pub fn rectified_normal_law(deviation: f64) -> Result<AnyLaw<RectifiedNormal>, Error> {
    let deviation = positive("deviation", deviation)?;
    let mean = deviation / (2.0 * std::f64::consts::PI).sqrt();
    Ok(AnyLaw::new(RectifiedNormal { deviation })
        .with_moments(mean, 0.5 * deviation * deviation - mean * mean)?
        .with_cumulative(move |x| {
            if x < 0.0 {
                0.0
            } else {
                normal_cumulative(x / deviation)
            }
        }))
}

/// Always the same number.
///
/// # Errors
/// [`Error::Parameter`] if it is not finite.
pub fn constant_law(value: f64) -> Result<AnyLaw<Constant>, Error> {
    Ok(AnyLaw::new(Constant { value })
        .with_moments(value, 0.0)?
        .with_cumulative(move |x| f64::from(x >= value)))
}

/// A [`WeightDistribution`] times its standard deviation.
#[derive(Debug, Clone, Copy)]
pub struct Scaled {
    shape: WeightDistribution,
    deviation: f64,
}

impl Distribution<f64> for Scaled {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        self.deviation * self.shape.sample(rng)
    }
}

/// See [`centred_exponential_law`].
#[derive(Debug, Clone, Copy)]
pub struct CentredExponential {
    deviation: f64,
}

impl Distribution<f64> for CentredExponential {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let exponential: f64 = Exp1.sample(rng);
        self.deviation * (exponential - 1.0)
    }
}

/// See [`rectified_normal_law`].
#[derive(Debug, Clone, Copy)]
pub struct RectifiedNormal {
    deviation: f64,
}

impl Distribution<f64> for RectifiedNormal {
    fn sample<R: Rng + ?Sized>(&self, rng: &mut R) -> f64 {
        let z: f64 = StandardNormal.sample(rng);
        (self.deviation * z).max(0.0)
    }
}

/// See [`constant_law`].
#[derive(Debug, Clone, Copy)]
pub struct Constant {
    value: f64,
}

impl Distribution<f64> for Constant {
    fn sample<R: Rng + ?Sized>(&self, _: &mut R) -> f64 {
        self.value
    }
}

fn positive(name: &'static str, value: f64) -> Result<f64, Error> {
    parameter(name, value, "a finite number above 0", |value| value > 0.0)
}
