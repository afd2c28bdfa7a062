//! The cross-entropy of the softmax of some outputs.
//!
//! One example has few outputs: ten are no whole vector of AVX-512. So rows are taken with what fills them up to whole
//! vectors, and exponentials of several rows at once.

use pulp::{Simd, WithSimd};

use super::math::exp;

/// The examples that are computed together.
const TOGETHER: usize = 8;

/// Sums up −Σⱼ qⱼ log softmax(h)ⱼ over examples, and writes down its gradients softmax(h) − q times `scale`.
#[derive(Debug)]
pub(super) struct CrossEntropy<'a> {
    /// Rows of `width` numbers, a whole number of vectors, which begin with one for each class.
    pub(super) h: &'a [f32],
    /// Likewise.
    pub(super) gradients: &'a mut [f32],
    pub(super) width: usize,
    pub(super) classes: usize,
    /// The class of each example.
    pub(super) labels: &'a [u32],
    /// The share of q that is spread evenly over all classes.
    pub(super) smoothing: f64,
    pub(super) scale: f64,
}

impl WithSimd for CrossEntropy<'_> {
    type Output = f64;

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) -> f64 {
        let together = TOGETHER * self.width;
        let rows = self.h.chunks(together);
        let rows = rows.zip(self.gradients.chunks_mut(together));
        let each = self.smoothing / self.classes as f64;
        let (certain, other) = (1.0 - self.smoothing, (self.scale * each) as f32);
        let right = (self.scale * certain) as f32;
        let mut loss = 0.0;
        for ((h, gradients), labels) in rows.zip(self.labels.chunks(TOGETHER)) {
            let mut most = [0.0; TOGETHER];
            let pairs = h.chunks_exact(self.width);
            let pairs = pairs.zip(gradients.chunks_exact_mut(self.width));
            for ((h, differences), most) in pairs.zip(&mut most) {
                *most = differ(simd, h, differences, self.classes);
            }
            for number in &mut *gradients {
                *number = exp(*number);
            }
            let mut product = 1.0;
            let pairs = h.chunks_exact(self.width);
            let pairs = pairs.zip(gradients.chunks_exact_mut(self.width));
            for (((h, gradients), most), &label) in pairs.zip(most).zip(labels) {
                let mut total = 0.0_f32;
                for exponential in &gradients[..self.classes] {
                    total += exponential;
                }
                let total = f64::from(total);
                let share = (self.scale / total) as f32;
                spread(simd, gradients, self.classes, [share, other]);
                gradients[label as usize] -= right;
                // NaN and infinite outputs come through here, since the exponentials of differences carry them.
                product *= total;
                loss += f64::from(most) - certain * f64::from(h[label as usize]);
                if self.smoothing > 0.0 {
                    for &h in &h[..self.classes] {
                        loss -= each * f64::from(h);
                    }
                }
            }
            // Of the product of all totals, each of which lies between 1 and the number of classes.
            loss += product.ln();
        }
        loss
    }
}

/// Writes down how far numbers lie below the greatest of the first `classes`, and returns that.
#[inline(always)]
fn differ<S: Simd>(simd: S, h: &[f32], differences: &mut [f32], classes: usize) -> f32 {
    let nothing = simd.splat_f32s(f32::NEG_INFINITY);
    let (h, _) = S::as_simd_f32s(h);
    let mut most = nothing;
    let mut left = classes;
    for &h in h {
        let mask = simd.mask_between_m32s(0, left.min(S::F32_LANES) as u32);
        most = simd.max_f32s(most, simd.select_f32s(mask.mask(), h, nothing));
        left = left.saturating_sub(S::F32_LANES);
    }
    let most = simd.reduce_max_f32s(most);
    let (differences, _) = S::as_mut_simd_f32s(differences);
    for (difference, &h) in differences.iter_mut().zip(h) {
        *difference = simd.sub_f32s(h, simd.splat_f32s(most));
    }
    most
}

/// Multiplies the first `classes` numbers by `share` and takes off `other`; those that fill the row up become 0.
#[inline(always)]
fn spread<S: Simd>(simd: S, numbers: &mut [f32], classes: usize, [share, other]: [f32; 2]) {
    let (share, other) = (simd.splat_f32s(share), simd.splat_f32s(other));
    let (numbers, _) = S::as_mut_simd_f32s(numbers);
    let mut left = classes;
    for number in numbers {
        let mask = simd.mask_between_m32s(0, left.min(S::F32_LANES) as u32);
        let gradient = simd.sub_f32s(simd.mul_f32s(*number, share), other);
        *number = simd.select_f32s(mask.mask(), gradient, simd.splat_f32s(0.0));
        left = left.saturating_sub(S::F32_LANES);
    }
}
