//! The eigenvalues of a symmetric matrix, checked.

use nalgebra::{DMatrix, SymmetricEigen};

use crate::Error;

/// The most QR iterations for each eigenvalue. Two or three are usual; the library has no limit of its
/// own and can go on for ever.
const MOST_ITERATIONS: usize = 30;

/// The eigenvalues must add up to the trace within this share of the sum of their magnitudes.
const TRACE_TOLERANCE: f64 = 1e-9;

/// The eigenvalues λ₁ ≥ … ≥ λₙ of a symmetric matrix, with unit eigenvectors.
#[derive(Clone, Debug, PartialEq)]
pub struct Eigen {
    /// The eigenvalues, largest first.
    pub values: Vec<f64>,
    /// The eigenvectors in that order, row-major [n, n]; the entry of largest magnitude of each is
    /// positive, since the sign is arbitrary.
    pub vectors: Vec<f64>,
    /// The sum of the diagonal.
    pub trace: f64,
}

/// The eigendecomposition of a symmetric matrix, row-major, of `size` rows.
///
/// ```
/// let eigen = hemline_landscape::symmetric_eigen(vec![2.0, 1.0, 1.0, 2.0], 2)?;
/// assert!((eigen.values[0] - 3.0).abs() < 1e-12 && (eigen.values[1] - 1.0).abs() < 1e-12);
/// # Ok::<(), hemline_landscape::Error>(())
/// ```
///
/// # Errors
///
/// [`Error::Length`] for another number of entries than `size`², [`Error::NonFinite`] for an entry that is
/// not finite, [`Error::Eigen`] for no rows, where the iteration does not converge, and where the
/// eigenvalues do not add up to the trace.
pub fn symmetric_eigen(matrix: Vec<f64>, size: usize) -> Result<Eigen, Error> {
    let failed = |problem: String| Error::Eigen { size, problem };
    if size == 0 {
        return Err(failed("are none".to_owned()));
    }
    Error::check_length("a square matrix", size.saturating_mul(size), matrix.len())?;
    Error::check_finite("a symmetric matrix", &matrix)?;
    let matrix = DMatrix::from_vec(size, size, matrix);
    let trace = matrix.trace();
    let eigen = SymmetricEigen::try_new(
        matrix,
        f64::EPSILON,
        MOST_ITERATIONS.saturating_mul(size.max(MOST_ITERATIONS)),
    )
    .ok_or_else(|| failed("do not converge".to_owned()))?;
    let (sum, scale) = eigen
        .eigenvalues
        .iter()
        .fold((0.0, 0.0), |(sum, scale), value| {
            (sum + value, scale + value.abs())
        });
    if !(sum - trace).is_finite() || (sum - trace).abs() > TRACE_TOLERANCE * scale {
        return Err(failed(format!("add up to {sum}, its diagonal to {trace}")));
    }
    let mut order: Vec<usize> = (0..size).collect();
    order.sort_by(|&a, &b| eigen.eigenvalues[b].total_cmp(&eigen.eigenvalues[a]));
    let mut vectors = Vec::with_capacity(size * size);
    for &index in &order {
        let vector = eigen.eigenvectors.column(index);
        vectors.extend(vector.iter());
        let row = vectors.len() - size;
        make_largest_positive(&mut vectors[row..]);
    }
    Ok(Eigen {
        values: order.iter().map(|&i| eigen.eigenvalues[i]).collect(),
        vectors,
        trace,
    })
}

/// Turns a vector so that its entry of largest magnitude, the first among equals, is positive: an
/// eigenvector's sign is arbitrary, and this makes pictures comparable.
pub(crate) fn make_largest_positive(vector: &mut [f64]) {
    let mut largest = 0.0_f64;
    for &entry in vector.iter() {
        if entry.abs() > largest.abs() {
            largest = entry;
        }
    }
    if largest < 0.0 {
        for entry in vector {
            *entry = -*entry;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_matrix_of_known_eigenvalues() {
        // 3 along (1, 1, 0)/√2, 2 along the third axis, 1 along (1, −1, 0)/√2.
        let matrix = vec![2.0, 1.0, 0.0, 1.0, 2.0, 0.0, 0.0, 0.0, 2.0];
        let eigen = symmetric_eigen(matrix, 3).unwrap();
        for (found, expected) in eigen.values.iter().zip([3.0, 2.0, 1.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
        let half = 0.5_f64.sqrt();
        for (found, expected) in eigen.vectors[..3].iter().zip([half, half, 0.0]) {
            assert!((found - expected).abs() < 1e-12);
        }
        assert_eq!(eigen.trace, 6.0);
    }

    #[test]
    fn negative_eigenvalues_and_a_trace_of_zero() {
        let eigen = symmetric_eigen(vec![0.0, 1.0, 1.0, 0.0], 2).unwrap();
        assert!((eigen.values[0] - 1.0).abs() < 1e-12 && (eigen.values[1] + 1.0).abs() < 1e-12);
        assert_eq!(symmetric_eigen(vec![0.0; 4], 2).unwrap().values, [0.0; 2]);
    }

    #[test]
    fn what_has_no_eigenvalues_is_refused() {
        let refused = |matrix, size| symmetric_eigen(matrix, size).unwrap_err().to_string();
        assert!(refused(vec![1.0; 3], 2).contains("found 3"));
        assert!(refused(vec![1.0, f64::NAN, 0.0, 1.0], 2).contains("index 1"));
        assert!(refused(Vec::new(), 0).contains("are none"));
        assert!(refused(vec![f64::MAX; 4], 2).contains("eigenvalues"));
    }
}
