//! A uniformly distributed matrix with orthonormal rows or columns.

use rand::Rng;
use rand_distr::{Distribution, StandardNormal};

/// Fills `rows` × `columns` (row-major) with orthonormal rows if rows ≤ columns, else orthonormal columns.
///
/// Gram–Schmidt on a Gaussian matrix is its QR decomposition with a positive diagonal in R, which makes Q
/// uniform (Haar): Mezzadri, "How to generate random matrices from the classical compact groups", 2007.
/// Each vector is orthogonalised twice, which keeps orthogonality to rounding (Giraud et al., 2005).
pub(crate) fn fill_orthogonal(
    matrix: &mut [f64],
    rows: usize,
    columns: usize,
    rng: &mut (impl Rng + ?Sized),
) {
    let (count, length) = (rows.min(columns), rows.max(columns));
    // Work on `count` vectors that each lie contiguous; a tall matrix is transposed at the end.
    let mut index = 0;
    while index < count {
        let (done, rest) = matrix.split_at_mut(index * length);
        let vector = &mut rest[..length];
        vector
            .iter_mut()
            .for_each(|entry| *entry = StandardNormal.sample(rng));
        for _ in 0..2 {
            for other in done.chunks_exact(length) {
                let overlap = dot(vector, other);
                vector
                    .iter_mut()
                    .zip(other)
                    .for_each(|(entry, along)| *entry -= overlap * along);
            }
        }
        let norm = dot(vector, vector).sqrt();
        // Only a vector inside the span of the others has no direction left. That has probability zero; draw again.
        if norm > f64::EPSILON * length as f64 {
            vector.iter_mut().for_each(|entry| *entry /= norm);
            index += 1;
        }
    }
    if rows > columns {
        let vectors = matrix.to_vec();
        for (row, entries) in matrix.chunks_exact_mut(columns).enumerate() {
            for (column, entry) in entries.iter_mut().enumerate() {
                *entry = vectors[column * rows + row];
            }
        }
    }
}

fn dot(left: &[f64], right: &[f64]) -> f64 {
    left.iter().zip(right).map(|(a, b)| a * b).sum()
}
