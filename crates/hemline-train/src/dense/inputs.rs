//! What goes into the first layer.

use pulp::Arch;

/// The inputs of a batch, row-major, shape [n, inputs of the first layer].
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum DenseInputs {
    /// The numbers themselves.
    Values(Vec<f32>),
    /// Each x stands for x/255: the pixels of images as files have them, a quarter of the memory.
    Bytes(Vec<u8>),
}

impl Default for DenseInputs {
    fn default() -> Self {
        Self::Values(Vec::new())
    }
}

/// The same, lent.
#[derive(Clone, Copy, Debug)]
pub(super) enum Inputs<'a> {
    Values(&'a [f32]),
    Bytes(&'a [u8]),
}

impl DenseInputs {
    pub(super) fn view(&self) -> Inputs<'_> {
        match self {
            Self::Values(values) => Inputs::Values(values),
            Self::Bytes(bytes) => Inputs::Bytes(bytes),
        }
    }

    /// The number of inputs of all examples together.
    pub(super) fn count(&self) -> usize {
        match self {
            Self::Values(values) => values.len(),
            Self::Bytes(bytes) => bytes.len(),
        }
    }
}

/// Writes x/255 for each byte x, rounded as a division is.
pub(super) fn write_255ths(arch: Arch, bytes: &[u8], values: &mut [f32]) {
    arch.dispatch(
        #[inline(always)]
        || {
            for (value, &byte) in values.iter_mut().zip(bytes) {
                *value = two_hundred_fifty_fifth(f32::from(byte));
            }
        },
    );
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_is_divided_as_a_division_would() {
        let bytes: Vec<u8> = (0..=255).collect();
        let mut values = vec![0.0; 256];
        write_255ths(Arch::new(), &bytes, &mut values);
        for (byte, value) in bytes.into_iter().zip(values) {
            assert_eq!(value, f32::from(byte) / 255.0, "{byte}");
        }
    }
}
