//! Elementary functions from additions and multiplications alone, which compilers turn into vector code.

/// 1/ln 2.
const INVERSE_LN_2: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts, the first with so few bits that its multiples up to 2⁹ are exact. Cody & Waite, 1980.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// Adding 1.5·2²³ rounds a number to the nearest whole one, which then stands in the lowest bits.
const ROUNDER: f32 = 12_582_912.0;
/// The coefficients of e^r ≈ 1 + r + r²·P(r) for |r| ≤ ½ ln 2. Moshier, *Cephes*, `expf`.
const EXP: [f32; 6] = [
    1.987_569_1e-4,
    1.398_199_9e-3,
    8.333_452e-3,
    4.166_579_6e-2,
    1.666_666_6e-1,
    0.5,
];
/// The coefficients of tanh z ≈ z + z³·P(z²) for |z| < 0.625. Moshier, *Cephes*, `tanhf`.
const TANH: [f32; 5] = [
    -5.704_988_7e-3,
    2.063_909e-2,
    -5.373_971_5e-2,
    1.333_144_2e-1,
    -3.333_328e-1,
];
/// Beyond this |z| the exponential is 0 or infinite in f32 but for 1e-38; the power of two stays in range.
const FARTHEST: f32 = 87.0;

/// eˣ, within two units of the last place, for |x| cut off at 87. NaN stays NaN.
#[inline(always)]
pub(super) fn exp(x: f32) -> f32 {
    let x = x.clamp(-FARTHEST, FARTHEST);
    // e^x = 2^k e^r.
    let rounded = x * INVERSE_LN_2 + ROUNDER;
    let k = rounded - ROUNDER;
    let r = x - k * LN_2_HIGH - k * LN_2_LOW;
    let p = EXP.into_iter().fold(0.0, |p, c| p * r + c);
    let power = f32::from_bits((rounded.to_bits() << 23).wrapping_add(1.0_f32.to_bits()));
    (p * r * r + r + 1.0) * power
}

/// σ(z) = 1/(1 + e⁻ᶻ).
#[inline(always)]
pub(super) fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + exp(-z))
}

/// tanh z.
#[inline(always)]
pub(super) fn tanh(z: f32) -> f32 {
    let square = z * z;
    let p = TANH.into_iter().fold(0.0, |p, c| p * square + c);
    let near = z + z * square * p;
    let far = 1.0 - 2.0 / (exp(2.0 * z) + 1.0);
    // Written so that NaN takes the first.
    if z.abs() >= 0.625 { far } else { near }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within_units(found: f32, exact: f64, units: f64) -> bool {
        (f64::from(found) - exact).abs() <= units * exact.abs() * f64::from(f32::EPSILON) + 1e-37
    }

    #[test]
    fn they_are_right_to_the_last_places() {
        for step in -86_000..=86_000 {
            let z = step as f32 * 1e-3;
            let exact = f64::from(z);
            assert!(
                within_units(exp(z), exact.exp(), 2.0),
                "exp {z}: {}",
                exp(z)
            );
            assert!(
                within_units(tanh(z), exact.tanh(), 3.0),
                "tanh {z}: {}",
                tanh(z)
            );
            let exact = 1.0 / (1.0 + (-exact).exp());
            assert!(
                within_units(sigmoid(z), exact, 3.0),
                "sigmoid {z}: {}",
                sigmoid(z)
            );
        }
    }

    #[test]
    fn they_have_limits_and_keep_what_is_no_number() {
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert!(sigmoid(f32::NEG_INFINITY) < 1e-37);
        assert_eq!(tanh(f32::INFINITY), 1.0);
        assert_eq!(tanh(f32::NEG_INFINITY), -1.0);
        for function in [exp, sigmoid, tanh] {
            assert!(function(f32::NAN).is_nan());
        }
    }
}
