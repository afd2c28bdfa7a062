//! Plain linear algebra on vectors of f64.

pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

pub(crate) fn difference(a: &[f32], b: &[f32]) -> Vec<f64> {
    let pairs = a.iter().zip(b);
    pairs.map(|(&a, &b)| f64::from(a) - f64::from(b)).collect()
}

pub(crate) fn to_f64(point: &[f32]) -> Vec<f64> {
    point.iter().copied().map(f64::from).collect()
}

/// The vector of length 1 in the same direction, if there is one.
pub(crate) fn unit(mut vector: Vec<f64>) -> Option<Vec<f64>> {
    let length = dot(&vector, &vector).sqrt();
    if !length.is_normal() {
        return None;
    }
    for entry in &mut vector {
        *entry /= length;
    }
    Some(vector)
}

/// Gram–Schmidt, twice over for the sake of rounding; vectors that depend on those before are left out.
pub(crate) fn orthonormalize(vectors: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let mut basis: Vec<Vec<f64>> = Vec::with_capacity(vectors.len());
    for mut vector in vectors {
        let before = dot(&vector, &vector).sqrt();
        for _ in 0..2 {
            for other in &basis {
                let along = dot(&vector, other);
                for (entry, other) in vector.iter_mut().zip(other) {
                    *entry -= along * other;
                }
            }
        }
        let after = dot(&vector, &vector).sqrt();
        if after > 1e-10 * before
            && let Some(vector) = unit(vector)
        {
            basis.push(vector);
        }
    }
    basis
}
