//! Sums over the rows of a few examples, for each output, and their like.

use pulp::Arch;

use super::norm::Partial;
use super::vectorise::vectorise;

#[inline(always)]
pub(super) fn multiply_by(values: &mut [f32], factors: &[f32]) {
    for (value, factor) in values.iter_mut().zip(factors) {
        *value *= factor;
    }
}

/// Sets `total` to the sum of parts of its length, in their order.
pub(super) fn add_together<'a>(
    arch: Arch,
    total: &mut [f32],
    mut parts: impl Iterator<Item = &'a [f32]>,
) {
    if let Some(first) = parts.next() {
        total.copy_from_slice(first);
    }
    for part in parts {
        vectorise(
            arch,
            #[inline(always)]
            || add(total, part),
        );
    }
}

/// The sum of the rows.
#[inline(always)]
pub(super) fn column_sums(rows: &[f32], sums: &mut [f32]) {
    sums.fill(0.0);
    for row in rows.chunks_exact(sums.len()) {
        add(sums, row);
    }
}

/// Adds a part to a sum.
#[inline(always)]
fn add(total: &mut [f32], part: &[f32]) {
    for (total, part) in total.iter_mut().zip(part) {
        *total += part;
    }
}

/// The sum of `count` rows, and the sum of squares about their mean.
#[inline(always)]
pub(super) fn statistics(rows: &[f32], count: usize, Partial { sums, products }: &mut Partial) {
    column_sums(rows, sums);
    products.fill(0.0);
    let share = 1.0 / count as f32;
    for row in rows.chunks_exact(sums.len()) {
        for ((product, sum), number) in products.iter_mut().zip(sums.iter()).zip(row) {
            let distance = number - sum * share;
            *product += distance * distance;
        }
    }
}

/// Σδ and Σδx̂.
#[inline(always)]
pub(super) fn norm_sums(gradients: &[f32], x: &[f32], Partial { sums, products }: &mut Partial) {
    column_sums(gradients, sums);
    products.fill(0.0);
    let width = sums.len();
    for (gradients, x) in gradients.chunks_exact(width).zip(x.chunks_exact(width)) {
        for ((product, gradient), x) in products.iter_mut().zip(gradients).zip(x) {
            *product += gradient * x;
        }
    }
}
