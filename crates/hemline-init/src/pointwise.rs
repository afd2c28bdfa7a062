//! What the crate needs to know of an activation: its value, its slope, and where it bends.

/// A function f: ℝ → ℝ that a layer applies to each pre-activation.
///
/// [`Activation`](crate::Activation) implements it for the activations known by name;
/// [`FromFunctions`] makes one from two closures.
pub trait Pointwise: Sync {
    /// f(z).
    fn value(&self, z: f64) -> f64;

    /// f′(z); at a kink, either one-sided derivative.
    fn derivative(&self, z: f64) -> f64;

    /// Where f or f′ jumps, in any order. Integrals are split there.
    fn kinks(&self) -> &[f64];
}

/// An activation given by closures.
///
/// ```
/// use hemline_init::{FromFunctions, Pointwise, gain_of};
///
/// // The squared ReLU, whose second moment is E[z⁴]/2 = 3/2.
/// let squared = FromFunctions::new(
///     |z: f64| z.max(0.0).powi(2),
///     |z: f64| 2.0 * z.max(0.0),
///     vec![0.0],
/// );
/// assert_eq!(squared.value(3.0), 9.0);
/// assert!((gain_of(&squared)? - (2.0_f64 / 3.0).sqrt()).abs() < 1e-12);
/// # Ok::<(), hemline_init::Error>(())
/// ```
#[derive(Clone)]
pub struct FromFunctions<F, D> {
    value: F,
    derivative: D,
    kinks: Vec<f64>,
}

impl<F, D> FromFunctions<F, D>
where
    F: Fn(f64) -> f64 + Sync,
    D: Fn(f64) -> f64 + Sync,
{
    /// f, f′ and the kinks of f.
    pub fn new(value: F, derivative: D, kinks: Vec<f64>) -> Self {
        Self {
            value,
            derivative,
            kinks,
        }
    }
}

impl<F, D> Pointwise for FromFunctions<F, D>
where
    F: Fn(f64) -> f64 + Sync,
    D: Fn(f64) -> f64 + Sync,
{
    fn value(&self, z: f64) -> f64 {
        (self.value)(z)
    }

    fn derivative(&self, z: f64) -> f64 {
        (self.derivative)(z)
    }

    fn kinks(&self) -> &[f64] {
        &self.kinks
    }
}

impl<F, D> std::fmt::Debug for FromFunctions<F, D> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("FromFunctions")
            .field("kinks", &self.kinks)
            .finish_non_exhaustive()
    }
}
