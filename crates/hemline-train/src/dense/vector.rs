//! Parameters of rank 1: biases, and the scales and shifts of a normalisation.

use pulp::{Arch, Simd, WithSimd};

use super::aligned::Aligned;
use super::rule::Rule;

/// A parameter of rank 1 with its moments, filled up with zeros to whole vectors.
#[derive(Clone, Debug)]
pub(super) struct Vector {
    pub(super) values: Aligned,
    pub(super) moments: [Aligned; 2],
    pub(super) length: usize,
}

/// One step of a vector, which no penalty applies to.
struct Update<'a> {
    rule: &'a Rule,
    vector: &'a mut Vector,
    gradients: &'a [f32],
}

impl WithSimd for Update<'_> {
    type Output = ();

    #[inline(always)]
    fn with_simd<S: Simd>(self, simd: S) {
        let (values, _) = S::as_mut_simd_f32s(&mut self.vector.values);
        let [first, second] = &mut self.vector.moments;
        let moments = [S::as_mut_simd_f32s(first).0, S::as_mut_simd_f32s(second).0];
        let (gradients, _) = S::as_simd_f32s(self.gradients);
        self.rule.update(simd, values, moments, gradients, 0.0);
    }
}

impl Vector {
    pub(super) fn new(values: &[f32], width: usize, moments: usize) -> Self {
        let zeros = |moment| Aligned::zeros(if moment < moments { width } else { 0 });
        Self {
            values: Aligned::padded(values, width),
            moments: [0, 1].map(zeros),
            length: values.len(),
        }
    }

    /// Its numbers without what fills them up.
    pub(super) fn numbers(&self) -> &[f32] {
        &self.values[..self.length]
    }

    /// The number of its moments.
    pub(super) fn moments(&self) -> usize {
        self.moments
            .iter()
            .filter(|moment| !moment.is_empty())
            .count()
    }

    /// Its numbers and those of its moments, without what fills them up.
    pub(super) fn parts(&self) -> impl Iterator<Item = &[f32]> {
        let moments = self.moments[..self.moments()].iter();
        let all = std::iter::once(&self.values).chain(moments);
        all.map(|values| &values[..self.length])
    }

    /// The same to be changed.
    pub(super) fn parts_mut(&mut self) -> impl Iterator<Item = &mut [f32]> {
        let count = self.moments();
        let moments = self.moments[..count].iter_mut();
        let all = std::iter::once(&mut self.values).chain(moments);
        all.map(|values| &mut values[..self.length])
    }

    pub(super) fn update(&mut self, arch: Arch, rule: &Rule, gradients: &[f32]) {
        arch.dispatch(Update {
            rule,
            vector: self,
            gradients,
        });
    }
}
