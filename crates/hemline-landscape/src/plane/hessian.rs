//! The plane along which the loss curves most.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use rand_distr::StandardNormal;

use super::Plane;
use crate::Error;
use crate::eigen::{make_largest_positive, symmetric_eigen};
use crate::vectors::{difference, dot, orthonormalize, to_f64};

/// Directions that are iterated together: the two that are wanted, and two more, so that convergence
/// hangs on |λ₅/λ₂| and not on |λ₃/λ₂|.
const BLOCK: usize = 4;

/// How the top eigenvectors of a Hessian are found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HessianConfig {
    /// The most iterations, each of eight gradients.
    pub iterations: usize,
    /// The iteration ends when ‖Hv − λv‖ ≤ tolerance·|λ₁| for both vectors.
    pub tolerance: f64,
    /// The length ε of the step of the finite difference, as a share of ‖θ‖ (or as it is, if θ = 0).
    pub step: f64,
    /// The seed of the random start.
    pub seed: u64,
}

impl Default for HessianConfig {
    /// 100 iterations to a residual of 1 %, in steps of 1e-4·‖θ‖.
    ///
    /// The difference has an error of order ε² from the third derivative, and of 1e-7·‖∇L‖/ε from
    /// rounding in f32. A network of ReLUs has kinks besides, where the gradient jumps: the longer the
    /// step, the more examples cross one, and the product is then no linear function of v.
    fn default() -> Self {
        Self {
            iterations: 100,
            tolerance: 1e-2,
            step: 1e-4,
            seed: 0,
        }
    }
}

/// The plane of the two eigenvectors of a Hessian with the eigenvalues of largest magnitude.
#[derive(Clone, Debug, PartialEq)]
pub struct HessianPlane {
    /// The plane, with the eigenvectors as orthonormal directions.
    pub plane: Plane,
    /// The eigenvalues: the curvature of the loss along the directions.
    pub eigenvalues: [f64; 2],
    /// ‖Hv − λv‖ of each.
    pub residuals: [f64; 2],
    /// The number of iterations.
    pub iterations: usize,
    /// Whether the residuals came below the tolerance.
    pub converged: bool,
}

impl HessianPlane {
    /// Finds the plane through `center` ∈ Rᵖ by subspace iteration, the power iteration on several
    /// orthonormal vectors V at once, with a Rayleigh–Ritz step: the eigenvectors of VᵀHV say how V is
    /// to be turned. Hv is the central difference (∇L(θ + εv) − ∇L(θ − εv))/2ε of the gradients that
    /// `gradient` gives. Golub & Van Loan, *Matrix Computations*, section 8.2.
    ///
    /// Where the iteration ends before it has converged, the result says so.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`], [`Error::Length`] for a gradient of another length than the center,
    /// [`Error::NonFinite`], [`Error::DegeneratePlane`] where the loss does not curve, [`Error::Eigen`], and
    /// whatever `gradient` returns.
    pub fn find(
        center: &[f32],
        mut gradient: impl FnMut(&[f32]) -> Result<Vec<f32>, Error>,
        config: &HessianConfig,
    ) -> Result<Self, Error> {
        config.check(center.len())?;
        let origin = to_f64(center);
        Error::check_finite("the center", &origin)?;
        let norm = dot(&origin, &origin).sqrt();
        let step = config.step * if norm > 0.0 { norm } else { 1.0 };
        let mut product = |v: &[f64]| -> Result<Vec<f64>, Error> {
            let mut shifted = |step: f64| -> Result<Vec<f32>, Error> {
                let at: Vec<f32> = origin
                    .iter()
                    .zip(v)
                    .map(|(o, v)| (o + step * v) as f32)
                    .collect();
                let gradient = gradient(&at)?;
                Error::check_length("a gradient", center.len(), gradient.len())?;
                Ok(gradient)
            };
            let (ahead, behind) = (shifted(step)?, shifted(-step)?);
            let difference = difference(&ahead, &behind);
            let product: Vec<f64> = difference.iter().map(|d| d / (2.0 * step)).collect();
            Error::check_finite("a product with the Hessian", &product)?;
            Ok(product)
        };

        let mut generator = ChaCha8Rng::seed_from_u64(config.seed);
        let width = BLOCK.min(center.len());
        let start = (0..width)
            .map(|_| {
                (0..center.len())
                    .map(|_| generator.sample(StandardNormal))
                    .collect()
            })
            .collect();
        let mut vectors = orthonormalize(start);
        for iteration in 1..=config.iterations {
            let products: Vec<Vec<f64>> = vectors
                .iter()
                .map(|v| product(v))
                .collect::<Result<_, _>>()?;
            let ritz = Ritz::new(&vectors, &products)?;
            let scale = ritz.values[0].abs();
            let converged = ritz.residuals[..2]
                .iter()
                .all(|residual| *residual <= config.tolerance * scale);
            if converged || iteration == config.iterations {
                return ritz.into_plane(origin, iteration, converged);
            }
            vectors = orthonormalize(ritz.products);
            if vectors.len() < 2 {
                return Err(flat());
            }
        }
        Err(flat())
    }
}

impl HessianConfig {
    fn check(&self, dimension: usize) -> Result<(), Error> {
        if dimension < 2 {
            return Err(Error::config(
                "center",
                "of at least 2 parameters",
                dimension,
            ));
        }
        if self.iterations == 0 {
            return Err(Error::config("iterations", "at least 1", 0));
        }
        for (field, value) in [("tolerance", self.tolerance), ("step", self.step)] {
            if !(value.is_finite() && value > 0.0) {
                return Err(Error::config(field, "finite and above 0", value));
            }
        }
        Ok(())
    }
}

/// The best approximations of eigenvectors within a subspace.
struct Ritz {
    /// λ, largest magnitude first.
    values: Vec<f64>,
    vectors: Vec<Vec<f64>>,
    /// Hv.
    products: Vec<Vec<f64>>,
    /// ‖Hv − λv‖.
    residuals: Vec<f64>,
}

impl Ritz {
    fn new(vectors: &[Vec<f64>], products: &[Vec<f64>]) -> Result<Self, Error> {
        let size = vectors.len();
        let mut small = vec![0.0; size * size];
        for i in 0..size {
            for j in 0..size {
                // Symmetric but for the error of the differences.
                let entry = dot(&vectors[i], &products[j]) + dot(&vectors[j], &products[i]);
                small[i * size + j] = entry / 2.0;
            }
        }
        let eigen = symmetric_eigen(small, size)?;
        let mut order: Vec<usize> = (0..size).collect();
        order.sort_by(|&a, &b| eigen.values[b].abs().total_cmp(&eigen.values[a].abs()));
        let turn = |basis: &[Vec<f64>], index: usize| -> Vec<f64> {
            let row = &eigen.vectors[index * size..(index + 1) * size];
            let mut sum = vec![0.0; basis[0].len()];
            for (weight, vector) in row.iter().zip(basis) {
                for (sum, entry) in sum.iter_mut().zip(vector) {
                    *sum += weight * entry;
                }
            }
            sum
        };
        let values: Vec<f64> = order.iter().map(|&i| eigen.values[i]).collect();
        let vectors: Vec<_> = order.iter().map(|&i| turn(vectors, i)).collect();
        let products: Vec<_> = order.iter().map(|&i| turn(products, i)).collect();
        let residuals = (0..size)
            .map(|i| {
                let pairs = products[i].iter().zip(&vectors[i]);
                pairs
                    .map(|(h, v)| (h - values[i] * v).powi(2))
                    .sum::<f64>()
                    .sqrt()
            })
            .collect();
        Ok(Self {
            values,
            vectors,
            products,
            residuals,
        })
    }

    fn into_plane(
        mut self,
        origin: Vec<f64>,
        iterations: usize,
        converged: bool,
    ) -> Result<HessianPlane, Error> {
        if self.values[0] == 0.0 {
            return Err(flat());
        }
        let [first, second] = [0, 1].map(|i| {
            let mut vector = std::mem::take(&mut self.vectors[i]);
            make_largest_positive(&mut vector);
            vector
        });
        Ok(HessianPlane {
            plane: Plane::new(origin, [first, second])?,
            eigenvalues: [self.values[0], self.values[1]],
            residuals: [self.residuals[0], self.residuals[1]],
            iterations,
            converged,
        })
    }
}

fn flat() -> Error {
    Error::DegeneratePlane {
        what: "the directions of a loss that does not curve",
    }
}
