//! The directions in which the parameters moved most.

use std::ops::Range;

use pulp::Arch;
use rayon::prelude::*;

use crate::eigen::{make_largest_positive, symmetric_eigen};
use crate::gram::{Block, Gram};
use crate::vectors::orthonormalize;
use crate::{Error, Trajectory};

/// Elements of a snapshot that are taken together. A block of a few hundred snapshots stays in a core's
/// cache; the size is fixed so that any number of threads adds up in the same order.
const BLOCK: usize = 256;

/// The sums that the blocks are shared between, added up in their order; for the same reason.
const PARTS: usize = 16;

/// An eigenvalue below this share of the largest is rounding: the centred snapshots are in f64, and the
/// Gram matrix squares their singular values.
const RANK_TOLERANCE: f64 = 1e-12;

/// The principal components of all snapshots of some trajectories.
///
/// With the T centred snapshots as rows of X ∈ R^(T×p), the components are the eigenvectors of the
/// covariance XᵀX/(T − 1). Since T is hundreds and p tens of thousands, they are computed from the Gram
/// matrix G = XXᵀ ∈ R^(T×T): Gu = λu gives the unit component v = Xᵀu/√λ, of variance λ/(T − 1).
/// Turk & Pentland, *Eigenfaces for recognition*, 1991; Li et al., *Visualizing the loss landscape of
/// neural nets*, 2018, section 7.
#[derive(Clone, Debug, PartialEq)]
pub struct Pca {
    /// The mean of the snapshots, p elements.
    pub mean: Vec<f64>,
    /// The components, orthonormal, each of p elements, that of the largest variance first. The entry of
    /// largest magnitude of each is positive.
    pub components: Vec<Vec<f64>>,
    /// The variance along each component.
    pub explained_variance: Vec<f64>,
    /// That as a share of the variance along all p directions, not only along those kept.
    pub explained_variance_ratio: Vec<f64>,
    /// The variance along all p directions.
    pub total_variance: f64,
}

impl Pca {
    /// The first `components` principal components of all snapshots together. In which order the
    /// trajectories or their snapshots come does not matter but for rounding.
    ///
    /// # Errors
    ///
    /// [`Error::TooFewSnapshots`] for fewer than `components` + 1 of them, [`Error::Layout`] where the
    /// trajectories are of different modules, [`Error::NonFinite`] for a snapshot with a number that is
    /// not finite, [`Error::TooFewDirections`] where the snapshots do not span as many directions as
    /// components are asked for, such as identical ones; [`Error::Eigen`] and [`Error::Io`].
    pub fn of(trajectories: &[&Trajectory], components: usize) -> Result<Self, Error> {
        let rows = Rows::new(trajectories)?;
        if components == 0 {
            return Err(Error::config("components", "at least 1", 0));
        }
        if rows.count() <= components {
            return Err(Error::TooFewSnapshots {
                expected: components.saturating_add(1),
                found: rows.count(),
            });
        }
        let count = rows.count();
        let eigen = symmetric_eigen(rows.gram()?, count)?;
        let largest = eigen.values[0];
        let spanned = eigen
            .values
            .iter()
            .filter(|&&value| value > RANK_TOLERANCE * largest && value > 0.0)
            .count();
        if spanned < components {
            return Err(Error::TooFewDirections {
                expected: components,
                found: spanned,
            });
        }
        let weights = &eigen.vectors[..components * count];
        let (components, mean) = rows.combine(weights)?;
        // They are orthonormal but for rounding; this makes them so to the last digits.
        let mut components = orthonormalize(components);
        for component in &mut components {
            make_largest_positive(component);
        }
        let freedom = (count - 1) as f64;
        let explained_variance: Vec<f64> = eigen.values[..components.len()]
            .iter()
            .map(|value| value / freedom)
            .collect();
        let total_variance = eigen.trace / freedom;
        Ok(Self {
            mean,
            components,
            explained_variance_ratio: explained_variance
                .iter()
                .map(|variance| variance / total_variance)
                .collect(),
            explained_variance,
            total_variance,
        })
    }
}

/// All snapshots of some trajectories, one after the other.
struct Rows<'a> {
    rows: Vec<(&'a Trajectory, usize)>,
    dimension: usize,
}

impl<'a> Rows<'a> {
    fn new(trajectories: &[&'a Trajectory]) -> Result<Self, Error> {
        let mut rows = Vec::new();
        let first = trajectories.first().map(|first| first.layout());
        for &trajectory in trajectories {
            if let Some(first) = first.filter(|&first| first != trajectory.layout()) {
                let describe = |layout: &crate::Layout| {
                    format!(
                        "{} parameters in {} tensors",
                        layout.dimension(),
                        layout.entries.len()
                    )
                };
                return Err(Error::Layout {
                    expected: format!("{}, as the first run has", describe(first)),
                    found: format!(
                        "{} in the run {}",
                        describe(trajectory.layout()),
                        trajectory.name()
                    ),
                });
            }
            rows.extend((0..trajectory.len()).map(|index| (trajectory, index)));
        }
        let dimension = first.map_or(0, crate::Layout::dimension);
        Ok(Self { rows, dimension })
    }

    fn count(&self) -> usize {
        self.rows.len()
    }

    fn blocks(&self) -> Vec<Range<usize>> {
        (0..self.dimension)
            .step_by(BLOCK)
            .map(|start| start..(start + BLOCK).min(self.dimension))
            .collect()
    }

    /// Writes a block of columns of all snapshots, less their means, and returns the means.
    fn centred(&self, columns: Range<usize>, block: &mut Block) -> Result<Vec<f64>, Error> {
        let arch = Arch::new();
        let width = columns.len();
        block.resize(self.count(), width);
        let mut part = vec![0.0_f32; width];
        let mut mean = vec![0.0; width];
        for (row, (trajectory, index)) in self.rows.iter().enumerate() {
            trajectory.read(*index, columns.clone(), &mut part)?;
            if arch.dispatch(|| largest_bits(&part)) >= f32::INFINITY.to_bits() {
                let bad = part.iter().position(|value| !value.is_finite());
                let iteration = trajectory.iterations()[*index];
                return Err(Error::NonFinite {
                    what: format!(
                        "the snapshot of {} at iteration {iteration}",
                        trajectory.name()
                    ),
                    index: columns.start + bad.unwrap_or(0),
                });
            }
            let row = block.row_mut(row);
            arch.dispatch(|| widen(&part, row, &mut mean));
        }
        let count = self.count() as f64;
        for sum in &mut mean {
            *sum /= count;
        }
        for row in 0..self.count() {
            let row = block.row_mut(row);
            arch.dispatch(|| subtract(row, &mean));
        }
        Ok(mean)
    }

    /// G = XXᵀ, row-major [T, T]: the sum over blocks, in their order.
    fn gram(&self) -> Result<Vec<f64>, Error> {
        let blocks = self.blocks();
        let shares: Vec<&[Range<usize>]> =
            blocks.chunks(blocks.len().div_ceil(PARTS).max(1)).collect();
        let mut gram = Gram::new(self.count());
        // As many sums at once as there are threads, so that no more matrices than that are held.
        for shares in shares.chunks(rayon::current_num_threads().max(1)) {
            let sum = |share: &&[Range<usize>]| -> Result<Gram, Error> {
                let mut gram = Gram::new(self.count());
                let mut block = Block::default();
                for columns in *share {
                    self.centred(columns.clone(), &mut block)?;
                    gram.add(&block);
                }
                Ok(gram)
            };
            let parts: Result<Vec<Gram>, Error> = shares.par_iter().map(sum).collect();
            for part in parts? {
                gram.add_sums(&part);
            }
        }
        Ok(gram.into_matrix())
    }

    /// Xᵀu for each of some u, the rows of `weights` [k, T]; and the mean of the snapshots.
    fn combine(&self, weights: &[f64]) -> Result<(Vec<Vec<f64>>, Vec<f64>), Error> {
        let count = self.count();
        let wanted = weights.len() / count;
        let parts: Result<Vec<_>, Error> = self
            .blocks()
            .into_par_iter()
            .map_init(Block::default, |block, columns| {
                let mut sums = vec![vec![0.0; columns.len()]; wanted];
                let mean = self.centred(columns, block)?;
                for row in 0..count {
                    let values = block.row_mut(row);
                    for (sums, weights) in sums.iter_mut().zip(weights.chunks_exact(count)) {
                        Arch::new().dispatch(|| add_times(sums, values, weights[row]));
                    }
                }
                Ok((sums, mean))
            })
            .collect();
        let mut combined = vec![Vec::with_capacity(self.dimension); wanted];
        let mut mean = Vec::with_capacity(self.dimension);
        for (part, part_mean) in parts? {
            for (vector, sums) in combined.iter_mut().zip(part) {
                vector.extend(sums);
            }
            mean.extend(part_mean);
        }
        Ok((combined, mean))
    }
}

/// The largest of the numbers' magnitudes as bits, whose order is that of the magnitudes; those of infinity
/// and NaN are the greatest. Other than a test of each number, this is done in vectors.
#[inline(always)]
fn largest_bits(values: &[f32]) -> u32 {
    let bits = values.iter().map(|value| value.abs().to_bits());
    bits.fold(0, u32::max)
}

/// Writes numbers to a row, and adds them to sums.
#[inline(always)]
fn widen(values: &[f32], row: &mut [f64], sums: &mut [f64]) {
    for ((number, sum), &value) in row.iter_mut().zip(sums).zip(values) {
        *number = f64::from(value);
        *sum += *number;
    }
}

#[inline(always)]
fn subtract(row: &mut [f64], mean: &[f64]) {
    for (number, mean) in row.iter_mut().zip(mean) {
        *number -= mean;
    }
}

#[inline(always)]
fn add_times(sums: &mut [f64], row: &[f64], weight: f64) {
    for (sum, number) in sums.iter_mut().zip(row) {
        *sum += weight * number;
    }
}
