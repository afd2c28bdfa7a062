//! The sigmoid from additions and multiplications alone, which compilers turn into vector code.

/// 1/ln 2.
const INVERSE_LN_2: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts, the first with so few bits that its multiples up to 2⁹ are exact. Cody & Waite, 1980.
const LN_2_HIGH: f32 = 0.693_359_4;
const LN_2_LOW: f32 = -2.121_944_4e-4;
/// Adding and subtracting 1.5·2²³ rounds a number to the nearest whole one.
const ROUNDER: f32 = 12_582_912.0;
/// The coefficients of e^r ≈ 1 + r + r²·P(r) for |r| ≤ ½ ln 2. Moshier, *Cephes*, `expf`.
const POLYNOMIAL: [f32; 6] = [
    1.987_569_1e-4,
    1.398_199_9e-3,
    8.333_452e-3,
    4.166_579_6e-2,
    1.666_666_6e-1,
    0.5,
];
/// Beyond this |z| the result is 0 or 1 in f32 but for 1e-38; the power of two stays in range.
const FARTHEST: f32 = 87.0;

/// σ(z) = 1/(1 + e⁻ᶻ).
pub(super) fn sigmoid(z: f32) -> f32 {
    let x = (-z).clamp(-FARTHEST, FARTHEST);
    // e^x = 2^k e^r.
    let k = (x * INVERSE_LN_2 + ROUNDER) - ROUNDER;
    let r = x - k * LN_2_HIGH - k * LN_2_LOW;
    let p = POLYNOMIAL.into_iter().fold(0.0, |p, c| p * r + c);
    let power = f32::from_bits(((k as i32 + 127) as u32) << 23);
    let exponential = (p * r * r + r + 1.0) * power;
    1.0 / (1.0 + exponential)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sigmoid_to_the_last_places() {
        for step in -200_000..=200_000 {
            let z = step as f32 * 1e-3;
            let exact = 1.0 / (1.0 + (-f64::from(z)).exp());
            let error = (f64::from(sigmoid(z)) - exact).abs();
            assert!(
                error <= 3.0 * exact * f64::from(f32::EPSILON) + 1e-37,
                "{z}: {error}"
            );
        }
        assert_eq!(sigmoid(0.0), 0.5);
        assert_eq!(sigmoid(f32::INFINITY), 1.0);
        assert!(sigmoid(f32::NEG_INFINITY) < 1e-37);
        assert!(sigmoid(f32::NAN).is_nan());
    }
}
