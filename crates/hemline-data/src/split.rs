//! Splits off a validation part in which every class keeps its share.

use crate::{Error, LabelledImages};
use rand::Rng;
use rand::seq::SliceRandom;

/// How many of Fashion-MNIST's 60,000 training images are usually kept for validation.
pub const DEFAULT_VALIDATION: usize = 10_000;

/// The two parts of a split; together they are the whole, and they share no image.
#[derive(Clone, Debug)]
pub struct Split {
    /// What weights are fitted to.
    pub train: LabelledImages,
    /// What choices are compared on.
    pub validation: LabelledImages,
}

/// Draws a stratified validation part of exactly `validation` images.
///
/// Class c with n_c of n images gives ⌊v·n_c/n⌋ or ⌈v·n_c/n⌉ of the v images; the remainders go to
/// the classes with the largest fractions, the smaller class number first (Hamilton's method).
/// Which images of a class are taken is drawn from `rng`; both parts keep the order of the whole.
///
/// # Errors
///
/// [`Error::SplitSize`] unless 1 ≤ v < n.
///
/// # Example
///
/// ```
/// use hemline_data::{Images, LabelledImages, split};
/// use rand::SeedableRng;
///
/// let images = Images::new(vec![0; 12], 12, 1, 1)?;
/// let whole = LabelledImages::new(images, vec![0, 1, 2, 0, 1, 2, 0, 1, 2, 0, 1, 2], 3)?;
/// let parts = split(&whole, 6, &mut rand_chacha::ChaCha8Rng::seed_from_u64(0))?;
/// assert_eq!(parts.validation.class_counts(), [2, 2, 2]);
/// assert_eq!(parts.train.count(), 6);
/// # Ok::<(), hemline_data::Error>(())
/// ```
pub fn split(
    whole: &LabelledImages,
    validation: usize,
    rng: &mut impl Rng,
) -> Result<Split, Error> {
    let count = whole.count();
    if validation == 0 || validation >= count {
        return Err(Error::SplitSize {
            validation,
            available: count,
        });
    }
    let mut members = vec![Vec::new(); whole.classes()];
    for (index, &label) in whole.labels().iter().enumerate() {
        members[label as usize].push(index);
    }
    let quotas = quotas(
        &members.iter().map(Vec::len).collect::<Vec<_>>(),
        validation,
    );
    let mut held_out = vec![false; count];
    for (class, quota) in members.iter_mut().zip(quotas) {
        class.shuffle(rng);
        for &index in &class[..quota] {
            held_out[index] = true;
        }
    }
    let (validation, train): (Vec<usize>, Vec<usize>) =
        (0..count).partition(|&index| held_out[index]);
    Ok(Split {
        train: whole.subset(&train)?,
        validation: whole.subset(&validation)?,
    })
}

/// Hamilton's apportionment of `seats` among groups of the given sizes.
fn quotas(sizes: &[usize], seats: usize) -> Vec<usize> {
    let total: u128 = sizes.iter().map(|&size| size as u128).sum();
    // Products in 128 bits cannot overflow, and the quotient is at most the group's size.
    let share = |size: usize| (size as u128 * seats as u128) / total;
    let remainder = |size: usize| (size as u128 * seats as u128) % total;
    let mut quotas: Vec<usize> = sizes.iter().map(|&size| share(size) as usize).collect();
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&group| std::cmp::Reverse(remainder(sizes[group])));
    let missing = seats - quotas.iter().sum::<usize>();
    for &group in order.iter().take(missing) {
        quotas[group] += 1;
    }
    quotas
}

#[cfg(test)]
mod tests {
    use super::quotas;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn quotas_are_exact_and_within_one_of_proportional(
            sizes in prop::collection::vec(0_usize..500, 1..30),
            part in 0.0_f64..1.0,
        ) {
            let total: usize = sizes.iter().sum();
            prop_assume!(total > 0);
            let seats = (part * total as f64) as usize;
            let quotas = quotas(&sizes, seats);
            prop_assert_eq!(quotas.iter().sum::<usize>(), seats);
            for (&size, &quota) in sizes.iter().zip(&quotas) {
                prop_assert!(quota <= size);
                let fair = size as f64 * seats as f64 / total as f64;
                prop_assert!((quota as f64 - fair).abs() < 1.0);
            }
        }
    }
}
