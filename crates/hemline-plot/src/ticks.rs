//! Where ticks stand and what they say.

use crate::number;

/// A labelled tick.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    pub(crate) value: f64,
    pub(crate) label: String,
}

/// The ticks of one axis, from low to high.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Ticks {
    pub(crate) major: Vec<Tick>,
    /// Between them, without labels.
    pub(crate) minor: Vec<f64>,
}

/// More ticks than this are never made, whatever is asked for.
const MOST_TICKS: usize = 40;

/// Up to this many decades a logarithmic axis marks 2 to 9 within each.
const MOST_DECADES_WITH_MINOR_TICKS: i32 = 8;

impl Ticks {
    /// Ticks at multiples of 1, 2 or 5 times a power of ten; `low` < `high`, both finite.
    pub(crate) fn linear(low: f64, high: f64, count: usize, whole: bool) -> Self {
        let count = count.clamp(2, MOST_TICKS);
        let rough = (high / 2.0 - low / 2.0) / count as f64 * 2.0;
        let mut step = nice_step(rough);
        if whole {
            step = step.max(1.0);
        }
        let (first, last) = ((low / step).ceil(), (high / step).floor());
        // A count in floating point, so that an enormous quotient is no endless loop.
        let number = (last - first + 1.0).clamp(0.0, MOST_TICKS as f64) as usize;
        let major = (0..number)
            .map(|index| {
                let value = (first + index as f64) * step;
                Tick {
                    value,
                    label: number::with_step(value, step, low.abs().max(high.abs())),
                }
            })
            .collect();
        Self {
            major,
            minor: Vec::new(),
        }
    }

    /// Ticks at powers of ten, or at 1, 2 and 5 times them where there are few; 0 < `low` < `high`.
    pub(crate) fn logarithmic(low: f64, high: f64, count: usize) -> Self {
        const TOLERANCE: f64 = 1e-9;
        let count = count.clamp(2, MOST_TICKS);
        let first = (low.log10() - TOLERANCE).ceil() as i32;
        let last = (high.log10() + TOLERANCE).floor() as i32;
        let within =
            |value: &f64| (low * (1.0 - TOLERANCE)..=high * (1.0 + TOLERANCE)).contains(value);
        let multiples = |factors: &'static [f64]| {
            (first - 1..=last).flat_map(move |exponent| {
                factors
                    .iter()
                    .map(move |factor| factor * 10_f64.powi(exponent))
            })
        };
        let decades = (last - first + 1).max(0);
        let minor = if decades <= MOST_DECADES_WITH_MINOR_TICKS {
            multiples(&[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0])
                .filter(within)
                .collect()
        } else {
            Vec::new()
        };
        let labelled: Vec<f64> = if decades >= 3 {
            let stride = (decades as usize).div_ceil(count).max(1);
            (first..=last)
                .step_by(stride)
                .map(|exponent| 10_f64.powi(exponent))
                .collect()
        } else {
            let sets: [&'static [f64]; 3] = [&[1.0, 2.0, 5.0], &[1.0, 3.0], &[1.0]];
            let ticks = |set| multiples(set).filter(within).collect::<Vec<f64>>();
            sets.into_iter()
                .map(ticks)
                .find(|ticks| ticks.len() <= count)
                .unwrap_or_default()
        };
        if labelled.len() < 2 {
            // Less than a factor of two or so: powers of ten tell nothing.
            let linear = Self::linear(low, high, count, false);
            return Self {
                major: linear.major,
                minor: Vec::new(),
            };
        }
        let as_powers = labelled.iter().any(|value| !(9e-5..2e5).contains(value));
        let major = labelled
            .into_iter()
            .map(|value| {
                let label = if as_powers {
                    number::as_power(value)
                } else {
                    number::plain(value)
                };
                Tick { value, label }
            })
            .collect();
        Self { major, minor }
    }
}

/// The smallest of 1, 2, 5 times a power of ten that is at least `rough`.
fn nice_step(rough: f64) -> f64 {
    let power = 10_f64.powf(rough.log10().floor());
    let share = rough / power;
    let factor = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|factor| share <= factor * (1.0 + 1e-9));
    factor.unwrap_or(10.0) * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(ticks: &Ticks) -> Vec<&str> {
        ticks.major.iter().map(|tick| tick.label.as_str()).collect()
    }

    #[test]
    fn linear_ticks_are_round() {
        assert_eq!(
            labels(&Ticks::linear(0.0, 1.0, 5, false)),
            ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]
        );
        assert_eq!(
            labels(&Ticks::linear(-0.1, 3.2, 9, true)),
            ["0", "1", "2", "3"]
        );
        assert_eq!(
            labels(&Ticks::linear(0.0, 9380.0, 4, false)),
            ["0", "5,000"]
        );
        assert_eq!(
            labels(&Ticks::linear(0.0, 2.5e6, 3, false)),
            ["0", "1×10⁶", "2×10⁶"]
        );
        assert_eq!(
            labels(&Ticks::linear(-1.0, 1.0, 2, false)),
            ["−1", "0", "1"]
        );
    }

    #[test]
    fn logarithmic_ticks_are_powers_or_their_simple_multiples() {
        assert_eq!(
            labels(&Ticks::logarithmic(0.0005, 2.0, 6)),
            ["0.001", "0.01", "0.1", "1"]
        );
        assert_eq!(
            labels(&Ticks::logarithmic(16.0, 256.0, 6)),
            ["20", "50", "100", "200"]
        );
        assert_eq!(labels(&Ticks::logarithmic(1e-30, 1.0, 4)).len(), 4);
        assert_eq!(
            labels(&Ticks::logarithmic(0.31, 0.39, 5)),
            ["0.32", "0.34", "0.36", "0.38"]
        );
        assert_eq!(labels(&Ticks::logarithmic(1e-8, 1e-4, 9))[0], "10⁻⁸");
    }

    #[test]
    fn the_number_of_ticks_is_bounded() {
        for (low, high) in [
            (-2e307, 2e307),
            (1e15, 1e15 + 1.0),
            (0.0, 1e-280),
            (1.0, 1.0 + 1e-11),
        ] {
            for count in [0, 1, 7, usize::MAX] {
                let ticks = Ticks::linear(low, high, count, false);
                assert!(ticks.major.len() <= MOST_TICKS);
                assert!(ticks.major.iter().all(|tick| tick.value.is_finite()));
            }
        }
        assert!(Ticks::logarithmic(1e-300, 1e300, 10).major.len() <= 12);
    }
}
