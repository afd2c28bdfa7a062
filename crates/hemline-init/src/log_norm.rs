//! What finite width does to a ReLU network under He's law: log‖x‖² is a random walk, and its step is known exactly.

use std::f64::consts::{LN_2, PI};

use crate::Error;

/// Mean and variance of one step of log‖x_l‖².
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LogNormStep {
    /// E\[log(‖x_l‖²/‖x_{l−1}‖²)\], about −5/(2n): the typical network shrinks although the mean one does not.
    pub mean: f64,
    /// Var\[log(‖x_l‖²/‖x_{l−1}‖²)\], about 5/n.
    pub variance: f64,
}

/// One layer's step of log‖x‖² for n = `width` ReLU units under normal weights with Var\[w\] = 2/fan_in.
///
/// Given x_{l−1}, the z_l are independent N(0, 2‖x_{l−1}‖²/fan_in), so that ‖x_l‖²/‖x_{l−1}‖² is 2/fan_in times a
/// χ² with K degrees of freedom, K ~ Binomial(n, ½) units being active; it does not depend on x_{l−1}. Here
/// fan_in = n. With E\[log χ²_k\] = ψ(k/2) + log 2 and Var = ψ′(k/2), the laws of total mean and variance give both
/// numbers. The steps are independent, so that after L layers Var\[log‖x_L‖²\] grows by L times the variance:
/// like 5L/n. Networks with K = 0, of probability 2⁻ⁿ a layer, are left out.
///
/// # Errors
/// [`Error::ZeroFan`] for width 0.
///
/// ```
/// let step = hemline_init::relu_log_norm_step(1000)?;
/// assert!((step.variance - 5.0 / 1000.0).abs() < 5e-5);
/// # Ok::<(), hemline_init::Error>(())
/// ```
///
/// Source: Hanin & Nica, "Products of Many Large Random Matrices and Gradients in Deep Neural Networks", 2020,
/// theorem 1, whose 5/n this is at large n.
pub fn relu_log_norm_step(width: usize) -> Result<LogNormStep, Error> {
    if width == 0 {
        return Err(Error::ZeroFan { name: "width" });
    }
    let n = width as f64;
    // ψ and ψ′ at k/2, upward from ½ (k odd) and from 1 (k even) by ψ(s + 1) = ψ(s) + 1/s.
    let mut odd = (-EULER_GAMMA - 2.0 * LN_2, PI * PI / 2.0);
    let mut even = (-EULER_GAMMA, PI * PI / 6.0);
    let (mut total, mut mean, mut second) = (0.0, 0.0, 0.0);
    for active in 1..=width {
        let k = active as f64;
        let digammas = if active % 2 == 1 { &mut odd } else { &mut even };
        let log_share = libm::lgamma(n + 1.0) - libm::lgamma(k + 1.0) - libm::lgamma(n - k + 1.0);
        let share = (log_share - n * LN_2).exp();
        let centre = digammas.0 + LN_2 + (2.0 / n).ln();
        total += share;
        mean += share * centre;
        second += share * (digammas.1 + centre * centre);
        let half = 0.5 * k;
        digammas.0 += 1.0 / half;
        digammas.1 -= 1.0 / (half * half);
    }
    let mean = mean / total;
    Ok(LogNormStep {
        mean,
        variance: second / total - mean * mean,
    })
}

/// γ, for which ψ(1) = −γ and ψ(½) = −γ − 2 log 2.
const EULER_GAMMA: f64 = 0.577_215_664_901_532_9;
