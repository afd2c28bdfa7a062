//! The directions in which the parameters moved most.

use ndarray::linalg::general_mat_mul;
use ndarray::{ArrayView2, Axis, Slice};
use rayon::prelude::*;

use crate::eigen::{make_largest_positive, symmetric_eigen};
use crate::vectors::orthonormalize;
use crate::{Error, Trajectory};

/// Elements of a snapshot that are taken together. A block of a few hundred snapshots stays in a core's
/// cache; the size is fixed so that any number of threads adds up in the same order.
const BLOCK: usize = 1024;

/// Rows of the Gram matrix that are computed together.
const PANEL: usize = 40;

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

    fn blocks(&self) -> Vec<std::ops::Range<usize>> {
        (0..self.dimension)
            .step_by(BLOCK)
            .map(|start| start..(start + BLOCK).min(self.dimension))
            .collect()
    }

    /// A block of columns of all snapshots, row-major [T, columns], less their means.
    fn centred(&self, columns: std::ops::Range<usize>) -> Result<(Vec<f64>, Vec<f64>), Error> {
        let width = columns.len();
        let mut values = vec![0.0; self.count() * width];
        let mut part = vec![0.0_f32; width];
        let mut mean = vec![0.0; width];
        for ((trajectory, index), row) in self.rows.iter().zip(values.chunks_exact_mut(width)) {
            trajectory.read(*index, columns.clone(), &mut part)?;
            if let Some(bad) = part.iter().position(|value| !value.is_finite()) {
                let iteration = trajectory.iterations()[*index];
                return Err(Error::NonFinite {
                    what: format!(
                        "the snapshot of {} at iteration {iteration}",
                        trajectory.name()
                    ),
                    index: columns.start + bad,
                });
            }
            for ((value, sum), &part) in row.iter_mut().zip(&mut mean).zip(&part) {
                *value = f64::from(part);
                *sum += *value;
            }
        }
        let count = self.count() as f64;
        for sum in &mut mean {
            *sum /= count;
        }
        for row in values.chunks_exact_mut(width) {
            for (value, mean) in row.iter_mut().zip(&mean) {
                *value -= mean;
            }
        }
        Ok((values, mean))
    }

    /// G = XXᵀ, row-major [T, T]: the sum over blocks, in their order. It is symmetric, so that of each
    /// panel of rows only what is on and left of the diagonal is computed.
    fn gram(&self) -> Result<Vec<f64>, Error> {
        let count = self.count();
        // As many blocks at once as there are threads, so that no more matrices than that are held.
        let mut gram = vec![0.0; count * count];
        for blocks in self.blocks().chunks(rayon::current_num_threads().max(1)) {
            let parts: Result<Vec<Vec<f64>>, Error> = blocks
                .par_iter()
                .map(|block| {
                    let (values, _) = self.centred(block.clone())?;
                    let x = matrix(&values, count, block.len());
                    let mut part = ndarray::Array2::zeros((count, count));
                    for start in (0..count).step_by(PANEL) {
                        let end = (start + PANEL).min(count);
                        let rows = x.slice_axis(Axis(0), Slice::from(start..end));
                        let before = x.slice_axis(Axis(0), Slice::from(..end));
                        let mut below = part.slice_axis_mut(Axis(0), Slice::from(start..end));
                        let mut below = below.slice_axis_mut(Axis(1), Slice::from(..end));
                        general_mat_mul(1.0, &rows, &before.t(), 0.0, &mut below);
                    }
                    Ok(part.into_raw_vec_and_offset().0)
                })
                .collect();
            for part in parts? {
                for (sum, part) in gram.iter_mut().zip(part) {
                    *sum += part;
                }
            }
        }
        for row in 0..count {
            for column in row + 1..count {
                gram[row * count + column] = gram[column * count + row];
            }
        }
        Ok(gram)
    }

    /// Xᵀu for each of some u, the rows of `weights` [k, T]; and the mean of the snapshots.
    fn combine(&self, weights: &[f64]) -> Result<(Vec<Vec<f64>>, Vec<f64>), Error> {
        let count = self.count();
        let wanted = weights.len() / count;
        let parts: Result<Vec<_>, Error> = self
            .blocks()
            .into_par_iter()
            .map(|block| {
                let width = block.len();
                let (values, mean) = self.centred(block)?;
                let x = matrix(&values, count, width);
                Ok((matrix(weights, wanted, count).dot(&x), mean))
            })
            .collect();
        let mut combined = vec![Vec::with_capacity(self.dimension); wanted];
        let mut mean = Vec::with_capacity(self.dimension);
        for (part, part_mean) in parts? {
            for (vector, row) in combined.iter_mut().zip(part.rows()) {
                vector.extend(row);
            }
            mean.extend(part_mean);
        }
        Ok((combined, mean))
    }
}

fn matrix(values: &[f64], rows: usize, columns: usize) -> ArrayView2<'_, f64> {
    ArrayView2::from_shape((rows, columns), values)
        .expect("the caller made as many values as rows times columns")
}
