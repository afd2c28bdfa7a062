//! Each assumption of the derivation broken once, with the exact wrong factor predicted and measured.

use std::f64::consts::PI;

use crate::activation::normal_cumulative;
use crate::broken_neurons::{Biased, Correlated, Dependent, Unequal};
use crate::{
    CounterExample, Error, IndependentNeuron, Neuron, Plan, centred_exponential_law, check_density,
    check_half_integral, check_layer_variance, check_mean, check_product_variance,
    check_rectified_moment, check_sum_variance, check_symmetry, constant_law, normal_law,
    rectified_normal_law, uniform_law,
};

/// Correlation of the correlated weights.
const CORRELATION: f64 = 0.5;
/// How much larger every second of the unequal weights is.
const RATIO: f64 = 2.0;
/// The constant bias in the test of the mean, and the deviation of the random one.
const BIAS: f64 = 1.0;

/// One or more counter-examples for each check; the budget is shared evenly.
///
/// The neurons have n = `fan_in` (at least 2) terms, Var\[w\] = 2/n, and, where nothing else is said, normal weights
/// and inputs as a ReLU leaves them. Take a small n: the asymmetry of a sum fades like 1/√n by the central limit
/// theorem, so that at n = 1000 only 10⁹ draws could show it.
///
/// # Errors
/// [`Error::Parameter`] for a `fan_in` below 2, else as [`check_sum_variance`].
///
/// ```
/// use hemline_init::{Plan, counter_examples};
///
/// let examples = counter_examples(4, &Plan { draws: 2_000_000, ..Plan::default() })?;
/// assert!(examples.iter().all(|example| example.caught && example.agrees));
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn counter_examples(fan_in: usize, plan: &Plan) -> Result<Vec<CounterExample>, Error> {
    if fan_in < 2 {
        let value = fan_in as f64;
        return Err(Error::Parameter {
            name: "fan_in",
            value,
            expected: "at least 2 terms to a sum",
        });
    }
    let plan = &plan.share(1, 12);
    let mut examples = products(fan_in, plan)?;
    examples.extend(layers(fan_in, plan)?);
    examples.extend(asymmetry(fan_in, plan)?);
    Ok(examples)
}

/// What breaks steps 1.1 and 1.2, and (b).
fn products(fan_in: usize, plan: &Plan) -> Result<Vec<CounterExample>, Error> {
    let n = fan_in as f64;
    let deviation = (2.0 / n).sqrt();
    let weights = || normal_law(0.0, deviation);
    let inputs = || rectified_normal_law(1.0);

    // E[x]² = 1/(2π) of E[x²] = 1/2 is the share of the mean in the second moment.
    let mean_share = 1.0 / PI;
    let correlated = Correlated {
        weights: weights()?,
        inputs: inputs()?,
        correlation: CORRELATION,
    };
    let unequal = Unequal {
        weights: weights()?,
        inputs: inputs()?,
        ratio: RATIO,
    };
    let larger = (fan_in / 2) as f64;
    let shifted = IndependentNeuron {
        weights: normal_law(deviation, deviation)?,
        inputs: inputs()?,
    };
    // Told that x has mean 0, the check takes Var[x] for E[x²].
    let variance_only = inputs()?.with_moments(0.0, 0.5 - 0.5 / PI)?;
    let conflated = IndependentNeuron {
        weights: weights()?,
        inputs: variance_only,
    };
    let root_three = 3.0_f64.sqrt();
    let dependent = Dependent {
        weights: weights()?,
        inputs: uniform_law(-root_three, root_three)?,
        fourth_moment: 9.0 / 5.0,
    };
    Ok(vec![
        CounterExample::by_factor(
            "weights correlated with each other (ρ = ½)",
            "1 + (n - 1) ρ E[x]²/E[x²]",
            1.0 + (n - 1.0) * CORRELATION * mean_share,
            check_sum_variance(&correlated, fan_in, plan)?,
            plan,
        )?,
        CounterExample::by_factor(
            "unequal variances (every second weight twice as large)",
            "(Σ Var[w_i]) / (n Var[w_1])",
            (n - larger + larger * RATIO * RATIO) / n,
            check_sum_variance(&unequal, fan_in, plan)?,
            plan,
        )?,
        CounterExample::by_factor(
            "weights with a mean (E[w]² = Var[w])",
            "1 + E[w]² Var[x] / (Var[w] E[x²])",
            1.0 + (1.0 - mean_share),
            check_product_variance(&shifted, plan)?,
            plan,
        )?,
        CounterExample::by_factor(
            "Var[x] in the place of E[x²]",
            "E[x²]/Var[x]",
            1.0 / (1.0 - mean_share),
            check_product_variance(&conflated, plan)?,
            plan,
        )?,
        CounterExample::by_factor(
            "weights that depend on x (w = v x²/√E[x⁴])",
            "E[x⁶] / (E[x⁴] E[x²])",
            15.0 / 7.0,
            check_product_variance(&dependent, plan)?,
            plan,
        )?,
        CounterExample::by_value(
            "weights that depend on x (w = v x²/√E[x⁴])",
            "sup |Φ(t) - Φ(t/s)|, s = E[x²]/√E[x⁴]",
            normal_distance(5.0_f64.sqrt() / 3.0),
            check_density(&dependent, plan)?,
        ),
    ])
}

/// What breaks step 1.3 and (a).
fn layers(fan_in: usize, plan: &Plan) -> Result<Vec<CounterExample>, Error> {
    let n = fan_in as f64;
    let deviation = (2.0 / n).sqrt();
    let inputs = || rectified_normal_law(1.0);
    let random_bias = Biased {
        weights: normal_law(0.0, deviation)?,
        inputs: inputs()?,
        bias: normal_law(0.0, BIAS)?,
    };
    let constant_bias = Biased {
        weights: normal_law(0.0, deviation)?,
        inputs: inputs()?,
        bias: constant_law(BIAS)?,
    };
    let shifted = IndependentNeuron {
        weights: normal_law(deviation, deviation)?,
        inputs: inputs()?,
    };
    Ok(vec![
        CounterExample::by_factor(
            "a random bias",
            "1 + Var[b] / (½ n Var[w] Var[z_{l-1}])",
            // Var[z_{l−1}] = n·(2/n)·½ + Var[b].
            1.0 + BIAS * BIAS / (1.0 + BIAS * BIAS),
            check_layer_variance(&random_bias, fan_in, plan)?,
            plan,
        )?,
        CounterExample::by_value(
            "a constant bias",
            "E[z] = b",
            BIAS,
            check_mean(&constant_bias, fan_in, plan)?,
        ),
        CounterExample::by_value(
            "weights with a mean (E[w]² = Var[w])",
            "E[z] = n E[w] E[x]",
            n * deviation / (2.0 * PI).sqrt(),
            check_mean(&shifted, fan_in, plan)?,
        ),
    ])
}

/// What breaks (c), (d) and (e): weights with mean 0 that are not symmetric.
fn asymmetry(fan_in: usize, plan: &Plan) -> Result<Vec<CounterExample>, Error> {
    let neuron = IndependentNeuron {
        weights: centred_exponential_law((2.0 / fan_in as f64).sqrt())?,
        inputs: constant_law(1.0)?,
    };
    let neuron: &dyn Neuron = &neuron;
    // z is σ(G − n), G gamma-distributed with shape n.
    let above = gamma_above_mean(fan_in);
    let at_mean = gamma_at_mean(fan_in);
    let factor = 2.0 * (above + at_mean);
    let broken = "an asymmetric weight law (centred exponential)";
    Ok(vec![
        CounterExample::by_value(
            broken,
            "|P(z ≤ 0) - P(z ≥ 0)| = 1 - 2Q(n, n)",
            1.0 - 2.0 * above,
            check_symmetry(neuron, fan_in, plan)?,
        ),
        CounterExample::by_factor(
            broken,
            "1 / (2Q(n, n) + 2nⁿe⁻ⁿ/n!)",
            1.0 / factor,
            check_half_integral(neuron, fan_in, plan)?,
            plan,
        )?,
        CounterExample::by_factor(
            broken,
            "2Q(n, n) + 2nⁿe⁻ⁿ/n!",
            factor,
            check_rectified_moment(neuron, fan_in, plan)?,
            plan,
        )?,
    ])
}

/// sup_t |Φ(t) − Φ(t/s)|, at the t where the two densities cross: t² = 2 s² ln s/(s² − 1).
fn normal_distance(scale: f64) -> f64 {
    let square = scale * scale;
    let crossing = (2.0 * square * scale.ln() / (square - 1.0)).sqrt();
    (normal_cumulative(crossing) - normal_cumulative(crossing / scale)).abs()
}

/// Q(n, n) = P(G > n) for G gamma-distributed with shape n: e⁻ⁿ Σ_{k<n} nᵏ/k!.
fn gamma_above_mean(shape: usize) -> f64 {
    let n = shape as f64;
    (0..shape)
        .map(|k| (k as f64 * n.ln() - n - libm::lgamma(k as f64 + 1.0)).exp())
        .sum()
}

/// nⁿe⁻ⁿ/n!, by which E\[(G − n)²; G > n\] = n(Q(n, n) + nⁿe⁻ⁿ/n!) exceeds n·Q(n, n).
fn gamma_at_mean(shape: usize) -> f64 {
    let n = shape as f64;
    (n * n.ln() - n - libm::lgamma(n + 1.0)).exp()
}
