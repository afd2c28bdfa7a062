//! Steps (a) to (e): what a ReLU does to the second moment, and why the law's ½ is exact.

use crate::neuron::Sums;
use crate::steps::{law_moments, split, sum_cost, sums_of};
use crate::streams::{Family, collect, measure};
use crate::{Activation, Check, Error, KolmogorovSmirnov, Neuron, Plan, Pointwise};

/// Numbers that a Kolmogorov–Smirnov test sorts, at most: enough to see a distance of 0.002, in 8 MiB.
const SORTED: u64 = 1 << 20;

/// Step (a): E\[z\] = 0 whatever x is.
///
/// Assumes E\[w\] = 0, w independent of x, and no bias. x may have any mean.
///
/// # Errors
/// [`Error::ZeroFan`] for n = 0; [`Error::TooFewDraws`] where the budget pays for fewer than two samples;
/// [`Error::DrawNotFinite`] where a law returns NaN or an infinity; [`Error::Parameter`] for a bad plan.
pub fn check_mean(neuron: &dyn Neuron, fan_in: usize, plan: &Plan) -> Result<Check, Error> {
    let cost = sum_cost(fan_in)?;
    let samples = plan.samples("E[z]", cost)?;
    let sums = measure(plan, Family::Mean, samples, cost, sums_of(neuron, fan_in))?;
    let zero = crate::Estimate::exact(0.0);
    Check::compare(
        ("a", "E[z] = 0"),
        zero,
        sums.mean_estimate()?,
        plan.alpha,
        samples * cost,
    )
}

/// Step (b): for x held constant, z = wx has the density f_w(z/x)/|x|.
///
/// Assumes that w does not depend on x. The distribution function that belongs to the density, F_w(z/x) for x > 0
/// and 1 − F_w(z/x) for x < 0, is compared with draws of z by a Kolmogorov–Smirnov test at x = +√E\[x²\] and at
/// x = −√E\[x²\], each at α/2; the worse of the two is returned. A law that does not state its F_w is compared
/// with x times separate draws of w.
///
/// # Errors
/// As [`check_mean`]; [`Error::Parameter`] if E\[x²\] = 0, which leaves no x to hold.
pub fn check_density(neuron: &dyn Neuron, plan: &Plan) -> Result<Check, Error> {
    let (held, spent) = held_input(neuron, &plan.share(1, 10))?;
    let rest = Plan {
        draws: plan.draws - spent,
        alpha: 0.5 * plan.alpha,
        ..*plan
    };
    let known = neuron.weight_law().cumulative(0.0).is_some();
    let samples = rest
        .samples("the density of z", if known { 2 } else { 4 })?
        .min(SORTED);
    if samples < 2 {
        return Err(Error::TooFewDraws {
            name: "the density of z",
            found: plan.draws,
            needed: 8,
        });
    }
    let at = |x: f64, seed: u64| -> Result<KolmogorovSmirnov, Error> {
        let plan = Plan { seed, ..rest };
        let mut z = products_at(neuron, x, &plan, samples)?;
        if known {
            let cumulative = |z: f64| cumulative_of_product(neuron, x, z);
            return KolmogorovSmirnov::one_sample(&mut z, cumulative, plan.alpha);
        }
        let mut reference = collect(&plan, Family::DensityReference, samples, 1, || {
            move |rng: &mut _| {
                let mut weight = [0.0];
                neuron.weight_law().fill(&mut weight, rng);
                x * weight[0]
            }
        })?;
        KolmogorovSmirnov::two_sample(&mut z, &mut reference, plan.alpha)
    };
    let positive = at(held, plan.seed)?;
    let negative = at(-held, plan.seed.wrapping_add(1))?;
    let worse = if negative.distance > positive.distance {
        negative
    } else {
        positive
    };
    let draws = spent + samples * if known { 2 } else { 4 };
    Ok(Check::distance(
        ("b", "f_z(z) = f_w(z/x) / |x| for x held constant"),
        worse,
        draws,
    ))
}

/// Step (c): z is symmetric about 0.
///
/// Assumes a symmetric weight law (and so E\[w\] = 0), independent of x, and no bias: for x held constant z is a
/// sum of independent symmetric numbers, and a mixture over x of symmetric laws is symmetric. Two halves of the
/// draws, one of them negated, go into a two-sample Kolmogorov–Smirnov test.
///
/// # Errors
/// As [`check_mean`].
pub fn check_symmetry(neuron: &dyn Neuron, fan_in: usize, plan: &Plan) -> Result<Check, Error> {
    let cost = sum_cost(fan_in)?;
    let samples = plan.samples("the symmetry of z", cost)?.min(SORTED) / 2 * 2;
    let mut z = collect(
        plan,
        Family::Symmetry,
        samples,
        cost,
        sums_of(neuron, fan_in),
    )?;
    let (left, right) = z.split_at_mut(samples as usize / 2);
    right.iter_mut().for_each(|z| *z = -*z);
    let test = KolmogorovSmirnov::two_sample(left, right, plan.alpha)?;
    Ok(Check::distance(
        ("c", "f_z(z) = f_z(-z)"),
        test,
        samples * cost,
    ))
}

/// Step (d): Var\[z\] = 2∫₀^∞ z² f_z(z) dz.
///
/// Assumes (a) and (c). The integral is the mean of z² over the draws with z > 0; Var\[z\] is measured on draws of
/// its own.
///
/// # Errors
/// As [`check_mean`].
pub fn check_half_integral(
    neuron: &dyn Neuron,
    fan_in: usize,
    plan: &Plan,
) -> Result<Check, Error> {
    let cost = sum_cost(fan_in)?;
    let plan = plan.share(1, 2);
    let samples = plan.samples("2∫z² f_z", cost)?;
    let variance = measure(
        &plan,
        Family::HalfVariance,
        samples,
        cost,
        sums_of(neuron, fan_in),
    )?;
    let half = measure(&plan, Family::Half, samples, cost, || {
        let mut sums = Sums::new(neuron, fan_in);
        move |rng| {
            let z = sums.draw(rng);
            if z > 0.0 { z * z } else { 0.0 }
        }
    })?;
    Check::compare(
        ("d", "Var[z] = 2 ∫₀^∞ z² f_z(z) dz"),
        half.mean_estimate()?.scaled(2.0),
        variance.variance_estimate()?,
        plan.alpha,
        2 * samples * cost,
    )
}

/// Step (e): E\[x²\] = ½·Var\[z\] for x = ReLU(z).
///
/// Assumes (d). E\[x²\] is the second moment of what the ReLU returns, not its variance: Var\[x\] is smaller by the
/// factor 1 − 1/π when z is normal.
///
/// # Errors
/// As [`check_mean`].
pub fn check_rectified_moment(
    neuron: &dyn Neuron,
    fan_in: usize,
    plan: &Plan,
) -> Result<Check, Error> {
    let cost = sum_cost(fan_in)?;
    let (pilot, rest) = split(&Plan {
        draws: plan.draws,
        ..*plan
    });
    let variance_samples = pilot.samples("Var[z]", cost)?;
    let samples = rest.samples("E[x²]", cost)?;
    let variance = measure(
        &pilot,
        Family::RectifiedVariance,
        variance_samples,
        cost,
        sums_of(neuron, fan_in),
    )?;
    let squares = measure(&rest, Family::Rectified, samples, cost, || {
        let mut sums = Sums::new(neuron, fan_in);
        move |rng| Activation::Relu.value(sums.draw(rng)).powi(2)
    })?;
    Check::compare(
        ("e", "E[x²] = ½ Var[z]"),
        variance.variance_estimate()?.scaled(0.5),
        squares.mean_estimate()?,
        plan.alpha,
        (variance_samples + samples) * cost,
    )
}

/// Draws of z = wx at one x.
pub(crate) fn products_at(
    neuron: &dyn Neuron,
    x: f64,
    plan: &Plan,
    samples: u64,
) -> Result<Vec<f64>, Error> {
    collect(plan, Family::Density, samples, 1, || {
        move |rng: &mut _| product_at(neuron, x, rng)
    })
}

/// One draw of z = wx.
pub(crate) fn product_at(neuron: &dyn Neuron, x: f64, rng: &mut rand_chacha::ChaCha8Rng) -> f64 {
    let mut weight = [0.0];
    neuron.draw_weights(&[x], &mut weight, rng);
    weight[0] * x
}

/// P(wx ≤ z) by the stated law of w; NaN where it states none.
pub(crate) fn cumulative_of_product(neuron: &dyn Neuron, x: f64, z: f64) -> f64 {
    let weight = z / x;
    // For x < 0, wx ≤ z means w ≥ z/x: everything but what lies strictly below.
    let point = if x > 0.0 { weight } else { weight.next_down() };
    let below = neuron.weight_law().cumulative(point).unwrap_or(f64::NAN);
    if x > 0.0 { below } else { 1.0 - below }
}

/// √E\[x²\] of the input law, and the draws spent on it.
pub(crate) fn held_input(neuron: &dyn Neuron, plan: &Plan) -> Result<(f64, u64), Error> {
    let (inputs, spent) = law_moments(neuron.input_law(), Family::InputLaw, plan)?;
    let held = inputs.second_moment.value.sqrt();
    let expected = "above 0, so that there is an x to hold";
    crate::error::parameter("√E[x²]", held, expected, |held| held > 0.0).map(|held| (held, spent))
}
