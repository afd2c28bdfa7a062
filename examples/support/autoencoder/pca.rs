//! Principal components: the best linear code, and so the floor that an autoencoder has to get below.

use anyhow::ensure;
use burn::tensor::{Device, Tensor, TensorData};
use hemline_landscape::symmetric_eigen;
use hemline_models::{Error, Reconstruction};

use super::covariance::Covariance;

/// The k eigenvectors of a covariance matrix with the largest eigenvalues.
///
/// With V the d × k matrix of them, the code of x is Vᵀ(x − μ) and its reconstruction μ + VVᵀ(x − μ),
/// which has the least mean squared error of all linear ones on the data that C is of. Pearson, *On
/// lines and planes of closest fit to systems of points in space*, 1901; Eckart & Young, 1936.
#[derive(Clone, Debug)]
pub(crate) struct Pca {
    mean: Vec<f64>,
    /// Vᵀ, row-major k × d: unit vectors, the largest entry of each positive.
    components: Vec<f64>,
    /// The variance along each component, largest first.
    pub(crate) variances: Vec<f64>,
    /// The variance along all d directions, the trace of C.
    pub(crate) total: f64,
}

impl Pca {
    /// The first `count` components, or all d where there are fewer.
    ///
    /// Fails for numbers that are not finite, where the iteration does not converge, and where the
    /// eigenvalues do not add up to the trace.
    pub(crate) fn new(covariance: &Covariance, count: usize) -> anyhow::Result<Self> {
        let Covariance { mean, matrix } = covariance;
        let size = mean.len();
        ensure!(
            matrix.len() == size * size && size > 0,
            "a covariance matrix of {size} variables has {} entries",
            matrix.len()
        );
        let eigen = symmetric_eigen(matrix.clone(), size)?;
        let count = count.min(size);
        Ok(Self {
            mean: mean.clone(),
            components: eigen.vectors[..count * size].to_vec(),
            variances: eigen.values[..count].to_vec(),
            total: eigen.trace,
        })
    }

    /// The number of components k.
    pub(crate) fn count(&self) -> usize {
        self.variances.len()
    }

    /// The share of the whole variance along each component.
    pub(crate) fn shares(&self) -> Vec<f64> {
        let share = |variance: &f64| variance / self.total;
        self.variances.iter().map(share).collect()
    }

    /// The mean squared error per variable of the reconstructions of the data that C is of: what the
    /// other d − k directions hold, divided by d.
    pub(crate) fn residual(&self) -> f64 {
        (self.total - self.variances.iter().sum::<f64>()) / self.mean.len() as f64
    }

    /// The coordinates of a vector along the components.
    pub(crate) fn project(&self, vector: &[f32]) -> Vec<f64> {
        let project = |component: &[f64]| -> f64 {
            let centred = vector
                .iter()
                .zip(&self.mean)
                .map(|(&x, m)| f64::from(x) - m);
            centred.zip(component).map(|(x, c)| x * c).sum()
        };
        self.components
            .chunks_exact(self.mean.len())
            .map(project)
            .collect()
    }

    /// Reconstructs batches of images, shape `[batch, d]`, and measures the error on each.
    pub(crate) fn evaluate(
        &self,
        batches: impl Iterator<Item = Tensor<2>>,
        device: &Device,
    ) -> Result<Reconstruction, Error> {
        let tensor = |values: &[f64], shape: [usize; 2]| {
            let values: Vec<f32> = values.iter().map(|&value| value as f32).collect();
            Tensor::<2>::from_data(TensorData::new(values, shape), device)
        };
        let (count, size) = (self.count(), self.mean.len());
        let mean = tensor(&self.mean, [1, size]);
        let components = tensor(&self.components, [count, size]);
        Reconstruction::collect(batches.map(|images| {
            // [n, d] → [n, k] → [n, d].
            let codes = (images.clone() - mean.clone()).matmul(components.clone().transpose());
            Ok((codes.matmul(components.clone()) + mean.clone(), images))
        }))
    }
}
