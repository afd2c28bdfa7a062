//! A number that goes into the first layer, as a minibatch has it: what it stands for, and whether it is zero.

use wide::{f32x4, u8x16};

use super::tiles::SPARSE;

/// The inputs of an example that are looked at together.
pub(super) const SIXTEEN: usize = 16;

/// A number that goes into the first layer.
pub(super) trait Input: Copy + Default {
    /// What it stands for.
    fn number(self) -> f32;

    /// Whether one of a tile's is other than zero.
    fn any(inputs: [Self; SPARSE]) -> bool;

    /// Which of sixteen are zero: a bit each, the lowest for the first.
    fn zeros(inputs: [Self; SIXTEEN]) -> u16;
}

impl Input for u8 {
    #[inline(always)]
    fn number(self) -> f32 {
        two_hundred_fifty_fifth(f32::from(self))
    }

    #[inline(always)]
    fn any(inputs: [Self; SPARSE]) -> bool {
        u32::from_ne_bytes(inputs) != 0
    }

    #[inline(always)]
    fn zeros(inputs: [Self; SIXTEEN]) -> u16 {
        u8x16::new(inputs).simd_eq(u8x16::ZERO).to_bitmask() as u16
    }
}

impl Input for f32 {
    #[inline(always)]
    fn number(self) -> f32 {
        self
    }

    #[inline(always)]
    fn any(inputs: [Self; SPARSE]) -> bool {
        inputs != [0.0; SPARSE]
    }

    #[inline(always)]
    fn zeros(inputs: [Self; SIXTEEN]) -> u16 {
        let mut zeros = 0;
        for (number, inputs) in inputs.as_chunks().0.iter().enumerate() {
            let four = f32x4::new(*inputs).simd_eq(f32x4::ZERO).to_bitmask();
            zeros |= (four as u16) << (number * 4);
        }
        zeros
    }
}

/// x/255 without a division, which takes several times as long: the product with 1/255, put right by what
/// it leaves over. Markstein, 1990.
#[inline(always)]
fn two_hundred_fifty_fifth(x: f32) -> f32 {
    const INVERSE: f32 = 1.0 / 255.0;
    let quotient = x * INVERSE;
    let rest = quotient.mul_add(-255.0, x);
    rest.mul_add(INVERSE, quotient)
}
