//! A plane through parameter space: where it lies, what lies on it, and how far from it a point is.

mod hessian;
mod random;

pub use hessian::{HessianConfig, HessianPlane};
pub use random::Normalization;

use crate::vectors::{difference, dot, to_f64, unit};
use crate::{Error, Pca};

/// Directions count as parallel when the square of the sine of their angle is below this.
const PARALLEL: f64 = 1e-12;

/// The plane { o + x·d₁ + y·d₂ } in Rᵖ, or a line where d₂ = 0.
///
/// Directions that say where something lies, such as principal components, are orthonormal, and x and y
/// are distances. Those of Li et al. are neither: their lengths are part of the method. So coordinates
/// are those of the nearest point of the plane, the solution of the normal equations
/// (dᵢ·dⱼ)(x, y)ᵀ = (dᵢ·(θ − o)), whatever the directions are.
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    origin: Vec<f64>,
    directions: [Vec<f64>; 2],
    /// The inverse of the matrix of dᵢ·dⱼ, which is symmetric: its entries (1, 1), (1, 2), (2, 2).
    inverse: [f64; 3],
}

impl Plane {
    /// The plane through `origin` along two directions, taken as they are.
    ///
    /// ```
    /// use hemline_landscape::Plane;
    ///
    /// let plane = Plane::new(vec![1.0; 3], [vec![2.0, 0.0, 0.0], vec![0.0, 1.0, 0.0]])?;
    /// assert_eq!(plane.project(&[5.0, 2.0, 9.0])?, [2.0, 1.0]);
    /// assert_eq!(plane.distance(&[5.0, 2.0, 9.0])?, 8.0);
    /// assert_eq!(plane.lift([2.0, 1.0]), [5.0, 2.0, 1.0]);
    /// # Ok::<(), hemline_landscape::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for directions of another length than the origin, [`Error::NonFinite`],
    /// [`Error::DegeneratePlane`] where they are parallel or one has no length.
    pub fn new(origin: Vec<f64>, directions: [Vec<f64>; 2]) -> Result<Self, Error> {
        check(&origin, &directions)?;
        let [first, second] = &directions;
        let (a, b, c) = (dot(first, first), dot(first, second), dot(second, second));
        let determinant = a * c - b * b;
        if !determinant.is_normal() || determinant <= PARALLEL * a * c {
            return Err(Error::DegeneratePlane {
                what: "two directions",
            });
        }
        Ok(Self {
            inverse: [c / determinant, -b / determinant, a / determinant],
            origin,
            directions,
        })
    }

    /// The plane through `origin` along the first two of `pca`'s components, which are orthonormal.
    ///
    /// # Errors
    ///
    /// [`Error::TooFewDirections`] for fewer than two components; those of [`new`](Self::new).
    pub fn of_components(pca: &Pca, origin: Vec<f64>) -> Result<Self, Error> {
        match pca.components.as_slice() {
            [first, second, ..] => Self::new(origin, [first.clone(), second.clone()]),
            fewer => Err(Error::TooFewDirections {
                expected: 2,
                found: fewer.len(),
            }),
        }
    }

    /// The plane of three points, with orthonormal directions: the origin is `a`, the first direction
    /// points to `b`, the second to `c`'s side.
    ///
    /// Garipov et al., *Loss surfaces, mode connectivity, and fast ensembling of DNNs*, 2018.
    ///
    /// # Errors
    ///
    /// [`Error::DegeneratePlane`] where the points lie on one line; those of [`new`](Self::new).
    pub fn through(a: &[f32], b: &[f32], c: &[f32]) -> Result<Self, Error> {
        Error::check_length("the second point", a.len(), b.len())?;
        Error::check_length("the third point", a.len(), c.len())?;
        let on_a_line = || Error::DegeneratePlane {
            what: "three points on one line",
        };
        let first = unit(difference(b, a)).ok_or_else(on_a_line)?;
        let mut second = difference(c, a);
        let whole = dot(&second, &second);
        let along = dot(&second, &first);
        for (entry, first) in second.iter_mut().zip(&first) {
            *entry -= along * first;
        }
        if dot(&second, &second) <= PARALLEL * whole {
            return Err(on_a_line());
        }
        let second = unit(second).ok_or_else(on_a_line)?;
        Self::new(to_f64(a), [first, second])
    }

    /// The line from `a` at x = 0 to `b` at x = 1: linear interpolation between two solutions.
    /// Goodfellow et al., *Qualitatively characterizing neural network optimization problems*, 2015.
    ///
    /// # Errors
    ///
    /// [`Error::Length`], [`Error::NonFinite`], [`Error::DegeneratePlane`] where a = b.
    pub fn line(a: &[f32], b: &[f32]) -> Result<Self, Error> {
        Error::check_length("the second point", a.len(), b.len())?;
        let (origin, first) = (to_f64(a), difference(b, a));
        let directions = [first, vec![0.0; a.len()]];
        check(&origin, &directions)?;
        let square = dot(&directions[0], &directions[0]);
        if !square.is_normal() {
            return Err(Error::DegeneratePlane {
                what: "two equal points",
            });
        }
        Ok(Self {
            inverse: [1.0 / square, 0.0, 0.0],
            origin,
            directions,
        })
    }

    /// Whether it is a line: all its points have y = 0.
    pub fn is_line(&self) -> bool {
        self.inverse[2] == 0.0
    }

    /// The number p of parameters.
    pub fn dimension(&self) -> usize {
        self.origin.len()
    }

    /// o, where x = y = 0.
    pub fn origin(&self) -> &[f64] {
        &self.origin
    }

    /// d₁ and d₂.
    pub fn directions(&self) -> &[Vec<f64>; 2] {
        &self.directions
    }

    /// The coordinates (x, y) of the point of the plane that is nearest to `point` ∈ Rᵖ.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for another number of parameters.
    pub fn project(&self, point: &[f32]) -> Result<[f64; 2], Error> {
        Error::check_length("a point", self.dimension(), point.len())?;
        let along = |direction: &[f64]| -> f64 {
            let offsets = point.iter().zip(&self.origin);
            offsets
                .zip(direction)
                .map(|((&p, o), d)| (f64::from(p) - o) * d)
                .sum()
        };
        let [first, second] = [along(&self.directions[0]), along(&self.directions[1])];
        let [a, b, c] = self.inverse;
        Ok([a * first + b * second, b * first + c * second])
    }

    /// The distance of `point` ∈ Rᵖ from the plane.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for another number of parameters.
    pub fn distance(&self, point: &[f32]) -> Result<f64, Error> {
        let at = self.project(point)?;
        let offsets = point.iter().zip(self.points(at));
        Ok(offsets
            .map(|(&p, nearest)| (f64::from(p) - nearest).powi(2))
            .sum::<f64>()
            .sqrt())
    }

    /// o + x·d₁ + y·d₂, computed in f64 and rounded.
    pub fn lift(&self, at: [f64; 2]) -> Vec<f32> {
        self.points(at).map(|value| value as f32).collect()
    }

    fn points(&self, [x, y]: [f64; 2]) -> impl Iterator<Item = f64> {
        let [first, second] = &self.directions;
        let directions = first.iter().zip(second);
        self.origin
            .iter()
            .zip(directions)
            .map(move |(o, (d, e))| o + x * d + y * e)
    }
}

fn check(origin: &[f64], directions: &[Vec<f64>; 2]) -> Result<(), Error> {
    Error::check_finite("the origin of a plane", origin)?;
    for direction in directions {
        Error::check_length("a direction", origin.len(), direction.len())?;
        Error::check_finite("a direction of a plane", direction)?;
    }
    Ok(())
}
