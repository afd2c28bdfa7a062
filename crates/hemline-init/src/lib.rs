//! The He variance law: gains of activations, samplers of initial weights, and each step of the derivation as a
//! measured check.
//!
//! The derivation is told in `docs/he-initialization.md`; every formula there names the function here that measures
//! it. In its order:
//!
//! | Step | Formula | Function |
//! |---|---|---|
//! | 1.1 | Var\[Σ wx\] = n Var\[wx\] | [`check_sum_variance`] |
//! | 1.2 | Var\[wx\] = Var\[w\] E\[x²\] | [`check_product_variance`], [`check_product_rule`] |
//! | (a) | E\[z\] = 0 | [`check_mean`] |
//! | (b) | f_z(z) = f_w(z/x)/\|x\| for x held constant | [`check_density`], [`density_rows`] |
//! | (c) | f_z(z) = f_z(−z) | [`check_symmetry`] |
//! | (d) | Var\[z\] = 2∫₀^∞ z² f_z(z) dz | [`check_half_integral`] |
//! | (e) | E\[x²\] = ½ Var\[z\] | [`check_rectified_moment`] |
//! | 1.3 | Var\[z_l\] = ½ n Var\[w\] Var\[z_{l−1}\] | [`check_layer_variance`] |
//!
//! [`check_all`] runs them all, and [`counter_examples`] breaks each assumption once. [`Initializer`] draws weights,
//! [`gain()`] gives the factor of any activation, [`propagate`] follows variance through depth beside [`mean_field`],
//! and [`measure_weights`] compares a model's weights with their law.
//!
//! The crate knows plain slices, closures and the laws of `rand_distr`; tensors are out of its scope. It never
//! prints, and every random number comes from a generator or a seed that the caller gives.

pub mod activation;
mod broken_neurons;
mod check;
mod counter_example;
mod counter_examples;
mod density;
mod error;
mod estimate;
mod fan;
mod gain;
mod initializer;
mod kolmogorov;
pub mod law;
mod log_norm;
mod mean_field;
mod model_weights;
mod moments;
mod network;
mod neuron;
mod orthogonal;
mod plan;
mod pointwise;
mod propagation;
mod quadrature;
mod steps;
mod steps_relu;
mod streams;
mod table;
pub mod weight_distribution;

pub use activation::Activation;
pub use check::Check;
pub use counter_example::{CounterExample, Factor};
pub use counter_examples::counter_examples;
pub use density::{DensityRow, density_rows};
pub use error::Error;
pub use estimate::{Estimate, two_sided_quantile};
pub use fan::FanMode;
pub use gain::{gain, gain_of, second_moment, second_moment_at};
pub use initializer::Initializer;
pub use kolmogorov::KolmogorovSmirnov;
pub use law::{
    AnyLaw, Law, LawMoments, centred_exponential_law, constant_law, normal_law,
    rectified_normal_law, uniform_law, weight_law,
};
pub use log_norm::{LogNormStep, relu_log_norm_step};
pub use mean_field::{Layer, mean_field};
pub use model_weights::{LayerWeights, measure_weights};
pub use moments::Moments;
pub use neuron::{IndependentNeuron, Neuron};
pub use plan::Plan;
pub use pointwise::{FromFunctions, Pointwise};
pub use propagation::{LayerRow, Propagation, propagate};
pub use quadrature::gaussian_expectation;
pub use steps::{
    check_layer_variance, check_product_rule, check_product_variance, check_sum_variance,
};
pub use steps_relu::{
    check_density, check_half_integral, check_mean, check_rectified_moment, check_symmetry,
};
pub use table::check_all;
pub use weight_distribution::WeightDistribution;
