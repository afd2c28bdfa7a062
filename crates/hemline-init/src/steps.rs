//! Steps 1.1 to 1.3 of the derivation: from one product to the variance of the next layer.

use rand_chacha::ChaCha8Rng;

use crate::neuron::Sums;
use crate::streams::{Family, measure};
use crate::{Check, Error, Law, LawMoments, Neuron, Plan};

/// Share of a check's draws that goes into the right-hand side when that has to be measured too.
const PILOT: (u64, u64) = (1, 5);

/// The widest neuron that is drawn: 2 GiB of weights and inputs on each thread.
const MOST_INPUTS: usize = 1 << 27;

/// Step 1.1: Var\[Σ wᵢxᵢ\] = n·Var\[w₁x₁\].
///
/// Assumes that the products are independent of each other and identically distributed. Both sides are measured,
/// on separate draws: the sum of n = `fan_in` products, and the first product alone.
///
/// # Errors
/// [`Error::ZeroFan`] for n = 0; [`Error::TooFewDraws`] where the budget pays for fewer than two sums;
/// [`Error::DrawNotFinite`] where a law returns NaN or an infinity; [`Error::Parameter`] for a bad plan.
///
/// ```
/// use hemline_init::{IndependentNeuron, Plan, check_sum_variance, normal_law, uniform_law};
///
/// let neuron = IndependentNeuron { weights: normal_law(0.0, 0.5)?, inputs: uniform_law(0.0, 1.0)? };
/// let check = check_sum_variance(&neuron, 8, &Plan { draws: 100_000, ..Plan::default() })?;
/// assert!(check.holds, "{check:?}");
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn check_sum_variance(neuron: &dyn Neuron, fan_in: usize, plan: &Plan) -> Result<Check, Error> {
    let cost = sum_cost(fan_in)?;
    let (pilot, rest) = split(plan);
    let terms = pilot.samples("Var[w₁x₁]", 2)?;
    let sums = rest.samples("Var[Σ wᵢxᵢ]", cost)?;
    let term = measure(&pilot, Family::SumTerm, terms, 2, sums_of(neuron, 1))?;
    let sum = measure(&rest, Family::Sum, sums, cost, sums_of(neuron, fan_in))?;
    Check::compare(
        ("1.1", "Var[Σ w x] = n Var[w x]"),
        term.variance_estimate()?.scaled(fan_in as f64),
        sum.variance_estimate()?,
        plan.alpha,
        terms * 2 + sums * cost,
    )
}

/// Step 1.2: Var\[wx\] = Var\[w\]·E\[x²\].
///
/// Assumes that w and x are independent and that E\[w\] = 0. The right-hand side uses the laws' stated moments, or
/// measures them on draws of their own.
///
/// # Errors
/// As [`check_sum_variance`].
pub fn check_product_variance(neuron: &dyn Neuron, plan: &Plan) -> Result<Check, Error> {
    let (weights, inputs, spent, rest) = both_laws(neuron, plan)?;
    let samples = rest.samples("Var[w x]", 2)?;
    let product = measure(&rest, Family::Product, samples, 2, sums_of(neuron, 1))?;
    Check::compare(
        ("1.2", "Var[w x] = Var[w] E[x²]"),
        weights.variance.times(inputs.second_moment),
        product.variance_estimate()?,
        plan.alpha,
        spent + samples * 2,
    )
}

/// The rule behind step 1.2: Var\[AB\] = Var\[A\]Var\[B\] + Var\[A\]E\[B\]² + Var\[B\]E\[A\]² for A = w and B = x.
///
/// Assumes independence only: it holds for weights with a mean, where [`check_product_variance`] fails.
///
/// # Errors
/// As [`check_sum_variance`].
pub fn check_product_rule(neuron: &dyn Neuron, plan: &Plan) -> Result<Check, Error> {
    let (weights, inputs, spent, rest) = both_laws(neuron, plan)?;
    let samples = rest.samples("Var[A B]", 2)?;
    let product = measure(&rest, Family::ProductRule, samples, 2, sums_of(neuron, 1))?;
    let predicted = weights
        .variance
        .times(inputs.variance)
        .plus(weights.variance.times(inputs.mean.squared()))
        .plus(inputs.variance.times(weights.mean.squared()));
    Check::compare(
        (
            "product rule",
            "Var[A B] = Var[A] Var[B] + Var[A] E[B]² + Var[B] E[A]²",
        ),
        predicted,
        product.variance_estimate()?,
        plan.alpha,
        spent + samples * 2,
    )
}

/// Step 1.3: Var\[z_l\] = ½·n·Var\[w\]·Var\[z_{l−1}\], and so Var\[w\] = 2/n keeps the variance.
///
/// Assumes all of the above and (a) to (e): weights of both layers with mean 0 and a symmetric law, no bias. The
/// left-hand side is a network of two dense layers: n neurons on the same n inputs, a ReLU, and one neuron on
/// their outputs. Its cost is n² + 2n draws a sample.
///
/// # Errors
/// As [`check_sum_variance`].
pub fn check_layer_variance(
    neuron: &dyn Neuron,
    fan_in: usize,
    plan: &Plan,
) -> Result<Check, Error> {
    let before_cost = sum_cost(fan_in)?;
    let width = fan_in as u64;
    let cost = width
        .checked_mul(width)
        .and_then(|square| square.checked_add(before_cost))
        .ok_or_else(|| Error::TooLarge {
            name: "a layer",
            found: format!("{fan_in}²"),
        })?;
    let (weights, weight_draws) =
        law_moments(neuron.weight_law(), Family::WeightLaw, &plan.share(1, 10))?;
    let (pilot, rest) = (plan.share(2, 10), plan.share(7, 10));
    let before_samples = pilot.samples("Var[z_{l-1}]", before_cost)?;
    let samples = rest.samples("Var[z_l]", cost)?;
    let before = measure(
        &pilot,
        Family::LayerBefore,
        before_samples,
        before_cost,
        sums_of(neuron, fan_in),
    )?;
    let after = measure(&rest, Family::Layer, samples, cost, || {
        let mut first = Sums::new(neuron, fan_in);
        let mut second = Sums::new(neuron, fan_in);
        move |rng| {
            for (index, output) in second.inputs_mut().iter_mut().enumerate() {
                let z = if index == 0 {
                    first.draw(rng)
                } else {
                    first.draw_on_same_inputs(rng)
                };
                *output = z.max(0.0);
            }
            second.draw_on_same_inputs(rng)
        }
    })?;
    Check::compare(
        ("1.3", "Var[z_l] = ½ n Var[w] Var[z_{l-1}]"),
        weights
            .variance
            .times(before.variance_estimate()?)
            .scaled(0.5 * fan_in as f64),
        after.variance_estimate()?,
        plan.alpha,
        weight_draws + before_samples * before_cost + samples * cost,
    )
}

/// The sampler of z = Σ wᵢxᵢ + b over `fan_in` terms.
pub(crate) fn sums_of<'a>(
    neuron: &'a dyn Neuron,
    fan_in: usize,
) -> impl Fn() -> Box<dyn FnMut(&mut ChaCha8Rng) -> f64 + 'a> + Sync + 'a {
    move || {
        let mut sums = Sums::new(neuron, fan_in);
        Box::new(move |rng: &mut ChaCha8Rng| sums.draw(rng))
    }
}

/// Draws in one sum of `fan_in` products: a weight and an input each.
pub(crate) fn sum_cost(fan_in: usize) -> Result<u64, Error> {
    if fan_in == 0 {
        return Err(Error::ZeroFan { name: "fan_in" });
    }
    if fan_in > MOST_INPUTS {
        return Err(Error::TooLarge {
            name: "a neuron",
            found: format!("2 × {fan_in}"),
        });
    }
    Ok(2 * fan_in as u64)
}

/// A law's moments as stated, or measured within the plan; and the draws spent on it.
pub(crate) fn law_moments(
    law: &dyn Law,
    family: Family,
    plan: &Plan,
) -> Result<(LawMoments, u64), Error> {
    plan.validate()?;
    if let Some(moments) = law.moments() {
        return Ok((moments, 0));
    }
    let samples = plan.samples("the moments of a law", 1)?;
    let squares_plan = Plan {
        seed: plan.seed.wrapping_add(1),
        ..*plan
    };
    let one = |law: &dyn Law, rng: &mut ChaCha8Rng| {
        let mut number = [0.0];
        law.fill(&mut number, rng);
        number[0]
    };
    let moments = measure(plan, family, samples / 2, 1, || {
        move |rng: &mut _| one(law, rng)
    })?;
    let squares = measure(&squares_plan, family, samples - samples / 2, 1, || {
        move |rng: &mut _| one(law, rng).powi(2)
    })?;
    let measured = LawMoments {
        mean: moments.mean_estimate()?,
        variance: moments.variance_estimate()?,
        second_moment: squares.mean_estimate()?,
    };
    Ok((measured, samples))
}

pub(crate) fn split(plan: &Plan) -> (Plan, Plan) {
    let (part, whole) = PILOT;
    (plan.share(part, whole), plan.share(whole - part, whole))
}

fn both_laws(
    neuron: &dyn Neuron,
    plan: &Plan,
) -> Result<(LawMoments, LawMoments, u64, Plan), Error> {
    let pilot = plan.share(1, 5);
    let (weights, for_weights) = law_moments(neuron.weight_law(), Family::WeightLaw, &pilot)?;
    let (inputs, for_inputs) = law_moments(neuron.input_law(), Family::InputLaw, &pilot)?;
    let spent = for_weights + for_inputs;
    let rest = Plan {
        draws: plan.draws - spent,
        ..*plan
    };
    Ok((weights, inputs, spent, rest))
}
