//! The range of values that an axis must show: the one place where ranges come from.
//!
//! A NaN or infinite end would make tick search panic or run for ever, so every range passes
//! [`Extent::range`], whose result is finite and has a width, whatever went in.

use crate::axis::Scale;

/// The smallest and largest value seen, NaN and infinite ones left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    low: f64,
    high: f64,
    /// The smallest positive value, which is where a logarithmic axis can start.
    least_positive: f64,
}

/// Values are cut here, so that the difference of two of them does not overflow.
const LARGEST: f64 = 1e300;

/// Values nearer to zero than this are shown as zero, so that a difference can be divided by.
const SMALLEST: f64 = 1e-290;

/// Ranges narrower than this share of their ends' size hold no tick labels that differ.
const NARROWEST: f64 = 1e-12;

/// Room left between the outermost value and the end of the axis, as a share of the range.
const PADDING: f64 = 0.04;

impl Default for Extent {
    fn default() -> Self {
        Self {
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            least_positive: f64::INFINITY,
        }
    }
}

impl Extent {
    /// The extent of `values`.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        let mut extent = Self::default();
        extent.include(values);
        extent
    }

    /// Widens the extent to hold `values`; those that are NaN or infinite are left out.
    pub fn include(&mut self, values: impl IntoIterator<Item = f64>) {
        for value in values.into_iter().filter(|value| value.is_finite()) {
            let value = value.clamp(-LARGEST, LARGEST);
            self.low = self.low.min(value);
            self.high = self.high.max(value);
            if value >= SMALLEST {
                self.least_positive = self.least_positive.min(value);
            }
        }
    }

    /// A finite range of some width that holds every value seen and, if asked for, a little room;
    /// `None` where `scale` can show none of them.
    pub(crate) fn range(&self, scale: &Scale, padded: bool) -> Option<(f64, f64)> {
        let padding = if padded { PADDING } else { 0.0 };
        match scale {
            Scale::Categories(names) => Some((-0.5, names.len().max(1) as f64 - 0.5)),
            Scale::Linear => {
                let (low, high) = widened(self.low, self.high)?;
                let room = (high - low) * padding;
                Some((low - room, high + room))
            }
            Scale::Logarithmic => {
                let (low, high) = (self.least_positive, self.high);
                if low > high {
                    return None;
                }
                let (low, high) = if high / low < 1.0 + NARROWEST {
                    (low.log10() - 0.5, high.log10() + 0.5)
                } else {
                    (low.log10(), high.log10())
                };
                let room = (high - low) * padding;
                let power = |exponent: f64| 10_f64.powf(exponent.clamp(-302.0, 302.0));
                Some((power(low - room), power(high + room)))
            }
        }
    }
}

fn widened(low: f64, high: f64) -> Option<(f64, f64)> {
    if low > high {
        return None;
    }
    let largest = low.abs().max(high.abs());
    if largest < SMALLEST {
        return Some((-1.0, 1.0));
    }
    if high - low <= largest * NARROWEST {
        let room = 0.1 * largest;
        return Some((low - room, high + room));
    }
    Some((low, high))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_finite_and_wide() {
        let odd = [
            f64::NAN,
            f64::INFINITY,
            f64::NEG_INFINITY,
            0.0,
            -0.0,
            5e-324,
            -5e-324,
            f64::MAX,
            f64::MIN,
            1.0,
            1.0 + f64::EPSILON,
            -3.0,
            1e-290,
            1e300,
        ];
        for &a in &odd {
            for &b in &odd {
                let extent = Extent::of([a, b]);
                for scale in [Scale::Linear, Scale::Logarithmic] {
                    let Some((low, high)) = extent.range(&scale, true) else {
                        continue;
                    };
                    assert!(
                        low.is_finite() && high.is_finite() && low < high,
                        "{a} {b}: {low} {high}"
                    );
                    assert!((high - low).is_finite());
                    assert!(scale == Scale::Linear || low > 0.0);
                }
            }
        }
    }

    #[test]
    fn nothing_to_show_is_none() {
        assert_eq!(
            Extent::of([f64::NAN, f64::INFINITY]).range(&Scale::Linear, true),
            None
        );
        assert_eq!(
            Extent::of([-1.0, 0.0]).range(&Scale::Logarithmic, true),
            None
        );
        assert_eq!(
            Extent::of([1.0, 3.0]).range(&Scale::Linear, false),
            Some((1.0, 3.0))
        );
        assert_eq!(Extent::default().range(&Scale::Linear, true), None);
    }
}
