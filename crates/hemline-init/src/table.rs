//! All steps in the order of the derivation, out of one budget.

use crate::{
    Check, Error, Neuron, Plan, check_density, check_half_integral, check_layer_variance,
    check_mean, check_product_rule, check_product_variance, check_rectified_moment,
    check_sum_variance, check_symmetry,
};

/// Every step, in order: 1.1, the product rule, 1.2, 1.3, and (a) to (e).
///
/// Each gets a ninth of `plan.draws`, and is measured on draws of its own. `fan_in` is n.
///
/// # Errors
/// As [`check_sum_variance`] and [`check_density`].
///
/// ```
/// use hemline_init::{IndependentNeuron, Plan, check_all, rectified_normal_law, weight_law};
/// use hemline_init::WeightDistribution::Uniform;
///
/// // Inputs as a ReLU leaves them, and He's weights of fan-in 8.
/// let neuron = IndependentNeuron {
///     weights: weight_law(Uniform, 2.0 / 8.0)?,
///     inputs: rectified_normal_law(1.0)?,
/// };
/// let checks = check_all(&neuron, 8, &Plan { draws: 900_000, ..Plan::default() })?;
/// assert!(checks.iter().all(|check| check.holds));
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn check_all(neuron: &dyn Neuron, fan_in: usize, plan: &Plan) -> Result<Vec<Check>, Error> {
    let plan = plan.share(1, 9);
    Ok(vec![
        check_sum_variance(neuron, fan_in, &plan)?,
        check_product_rule(neuron, &plan)?,
        check_product_variance(neuron, &plan)?,
        check_layer_variance(neuron, fan_in, &plan)?,
        check_mean(neuron, fan_in, &plan)?,
        check_density(neuron, &plan)?,
        check_symmetry(neuron, fan_in, &plan)?,
        check_half_integral(neuron, fan_in, &plan)?,
        check_rectified_moment(neuron, fan_in, &plan)?,
    ])
}
