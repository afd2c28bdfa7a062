//! Expectations under the standard normal law, by adaptive Gauss–Legendre quadrature split at kinks.
//!
//! Gauss–Hermite nodes know nothing of a kink at zero and converge there only like 1/nodes. Gauss–Legendre panels
//! that end at the kinks see a smooth function each, and converge geometrically.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::Error;
use crate::activation::normal_density;

/// Half-width of the integration range: φ(38) ≈ 10⁻³¹⁴ is the last normal number of double precision.
const RANGE: f64 = 38.0;
/// First panels are no wider, so that none can step over the bulk of φ.
const FIRST_PANEL: f64 = 1.0;
/// Nodes of one panel.
const NODES: usize = 16;
/// Error asked of one panel, relative to the integral of |integrand| found by the first panels.
const RELATIVE_TOLERANCE: f64 = 1e-14;
/// A smooth integrand needs a few hundred panels; a jump that was not named needs some fifty more.
const PANEL_LIMIT: usize = 40_000;

/// Nodes and weights on [−1, 1]: the roots of the Legendre polynomial, found by Newton's method.
static LEGENDRE: LazyLock<[(f64, f64); NODES]> = LazyLock::new(|| {
    std::array::from_fn(|index| {
        let count = NODES as f64;
        let mut node = (PI * (index as f64 + 0.75) / (count + 0.5)).cos();
        let mut slope = 0.0;
        for _ in 0..8 {
            let (mut previous, mut current) = (1.0, node);
            for degree in 2..=NODES {
                let degree = degree as f64;
                let next =
                    ((2.0 * degree - 1.0) * node * current - (degree - 1.0) * previous) / degree;
                (previous, current) = (current, next);
            }
            slope = count * (node * current - previous) / (node * node - 1.0);
            node -= current / slope;
        }
        (node, 2.0 / ((1.0 - node * node) * slope * slope))
    })
});

/// E[g(Z)] = ∫ g(z) φ(z) dz for Z ~ N(0, 1).
///
/// `kinks` are the points where g or one of its low derivatives jumps, in any order.
///
/// # Errors
/// [`Error::ActivationNotFinite`] where g is not finite within ±38, [`Error::Quadrature`] where the estimate
/// of the error does not fall to 10⁻¹⁴ of E|g(Z)|.
pub fn gaussian_expectation(g: impl Fn(f64) -> f64, kinks: &[f64]) -> Result<f64, Error> {
    let panel = |low: f64, high: f64| -> Result<(f64, f64), Error> {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let (mut sum, mut magnitude) = (0.0, 0.0);
        for &(node, weight) in LEGENDRE.iter() {
            let z = middle + half * node;
            let value = g(z);
            if !value.is_finite() {
                return Err(Error::ActivationNotFinite {
                    input: z,
                    output: value,
                });
            }
            let term = weight * value * normal_density(z);
            sum += term;
            magnitude += term.abs();
        }
        Ok((half * sum, half * magnitude))
    };

    let mut pending = Vec::new();
    let mut magnitude = 0.0;
    for (low, high) in first_panels(kinks) {
        let (estimate, size) = panel(low, high)?;
        magnitude += size;
        pending.push((low, high, estimate));
    }
    let tolerance = RELATIVE_TOLERANCE * magnitude;
    let mut panels = pending.len();
    let mut total = 0.0;
    while let Some((low, high, coarse)) = pending.pop() {
        let middle = 0.5 * (low + high);
        let (left, _) = panel(low, middle)?;
        let (right, _) = panel(middle, high)?;
        panels += 2;
        let estimate = (left + right - coarse).abs();
        // A panel one rounding step wide cannot be halved again: what it holds is below the rounding of the sum.
        if estimate <= tolerance || middle <= low || middle >= high {
            total += left + right;
        } else if panels > PANEL_LIMIT {
            return Err(Error::Quadrature {
                panels,
                estimate,
                tolerance,
            });
        } else {
            pending.push((low, middle, left));
            pending.push((middle, high, right));
        }
    }
    Ok(total)
}

/// E[g(Z)] by one panel of 16 nodes for every two standard deviations within ±8.5, split at kinks: some 10⁻⁹ of
/// max|g|, at a twentieth of the cost. For integrals inside integrals.
pub(crate) fn quick_expectation(g: impl Fn(f64) -> f64, kinks: &[f64]) -> f64 {
    const QUICK_RANGE: f64 = 8.5;
    let mut cuts: Vec<f64> = vec![-QUICK_RANGE, QUICK_RANGE];
    cuts.extend((0..=8).map(|index| f64::from(2 * index - 8)));
    cuts.extend(
        kinks
            .iter()
            .copied()
            .filter(|kink| kink.abs() < QUICK_RANGE),
    );
    cuts.sort_by(f64::total_cmp);
    cuts.windows(2)
        .map(|ends| {
            let (middle, half) = (0.5 * (ends[0] + ends[1]), 0.5 * (ends[1] - ends[0]));
            let term = |&(node, weight): &(f64, f64)| {
                let z = middle + half * node;
                weight * g(z) * normal_density(z)
            };
            half * LEGENDRE.iter().map(term).sum::<f64>()
        })
        .sum()
}

/// [−38, 38] cut at every kink and then into equal panels no wider than [`FIRST_PANEL`].
fn first_panels(kinks: &[f64]) -> Vec<(f64, f64)> {
    let mut cuts: Vec<f64> = kinks
        .iter()
        .copied()
        .filter(|kink| kink.abs() < RANGE)
        .collect();
    cuts.extend([-RANGE, RANGE]);
    cuts.sort_by(f64::total_cmp);
    cuts.dedup();
    cuts.windows(2)
        .flat_map(|ends| {
            let (low, high) = (ends[0], ends[1]);
            let count = ((high - low) / FIRST_PANEL).ceil().max(1.0);
            let cut = move |index: f64| {
                if index == count {
                    high
                } else {
                    low + (high - low) * index / count
                }
            };
            (0..count as usize).map(move |index| (cut(index as f64), cut(index as f64 + 1.0)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_normal_law() {
        for (power, moment) in [
            (0, 1.0),
            (1, 0.0),
            (2, 1.0),
            (4, 3.0),
            (6, 15.0),
            (8, 105.0),
        ] {
            let found = gaussian_expectation(|z| z.powi(power), &[]).unwrap();
            assert!(
                (found - moment).abs() < 1e-12 * moment.max(1.0),
                "E[z^{power}] = {found}"
            );
        }
    }

    #[test]
    fn a_jump_is_found_without_being_named() {
        let found = gaussian_expectation(|z| f64::from(z > 0.3), &[]).unwrap();
        let exact = crate::activation::normal_cumulative(-0.3);
        assert!((found - exact).abs() < 1e-13, "{found} {exact}");
    }

    #[test]
    fn a_function_that_is_not_finite_is_named() {
        let error = gaussian_expectation(|z| if z > 2.0 { f64::NAN } else { z }, &[]).unwrap_err();
        assert!(matches!(error, Error::ActivationNotFinite { input, .. } if input > 2.0));
    }
}
