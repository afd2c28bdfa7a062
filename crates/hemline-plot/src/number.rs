//! Numbers as people read them: a true minus sign, thousands apart, powers of ten raised.

/// From here on numbers are written with a power of ten.
const LARGE: f64 = 1e6;

/// Steps below this are written with a power of ten.
const SMALL: f64 = 1e-4;

/// `value` with the decimals that tell multiples of `step` apart, on an axis that reaches `largest`.
pub(crate) fn with_step(value: f64, step: f64, largest: f64) -> String {
    if value == 0.0 {
        return decimal(
            0.0,
            if largest < LARGE && step >= SMALL {
                decimals(step)
            } else {
                0
            },
        );
    }
    if largest < LARGE && step >= SMALL {
        return decimal(value, decimals(step));
    }
    let exponent = exponent_of(largest);
    let digits = (exponent - exponent_of(step)).clamp(0, 12) as usize;
    scientific(value, exponent, digits)
}

/// The shortest of plain decimals and powers of ten that shows four significant digits.
pub fn short(value: f64) -> String {
    if !value.is_finite() {
        return if value.is_nan() {
            "NaN"
        } else if value > 0.0 {
            "∞"
        } else {
            "−∞"
        }
        .to_owned();
    }
    let size = value.abs();
    if size != 0.0 && !(SMALL..LARGE).contains(&size) {
        let exponent = exponent_of(size);
        return trimmed(&scientific(value, exponent, 2), '×');
    }
    let exponent = if size == 0.0 { 0 } else { exponent_of(size) };
    let text = decimal(value, (3 - exponent).clamp(0, 8) as usize);
    trimmed(&text, '\0')
}

/// A power of ten, or a simple multiple of one, without needless zeros.
pub(crate) fn plain(value: f64) -> String {
    decimal(value, decimals(value))
}

/// A tick of a logarithmic axis as 10ⁿ or m×10ⁿ.
pub(crate) fn as_power(value: f64) -> String {
    let exponent = exponent_of(value);
    let factor = (value / 10_f64.powi(exponent)).round();
    if factor == 1.0 {
        format!("10{}", raised(exponent))
    } else {
        format!("{factor}×10{}", raised(exponent))
    }
}

/// n where 10ⁿ ≤ `size` < 10ⁿ⁺¹, with room for rounding.
fn exponent_of(size: f64) -> i32 {
    (size.log10() + 1e-9).floor() as i32
}

fn decimals(step: f64) -> usize {
    (-exponent_of(step)).clamp(0, 12) as usize
}

fn scientific(value: f64, exponent: i32, digits: usize) -> String {
    // Two factors, because 10³⁰⁸ times ten is infinite and 10⁻³²⁰ is not exact.
    let half = exponent / 2;
    let factor = value / 10_f64.powi(half) / 10_f64.powi(exponent - half);
    format!("{}×10{}", decimal(factor, digits), raised(exponent))
}

fn decimal(value: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", value.abs());
    let (whole, rest) = text.split_at(text.find('.').unwrap_or(text.len()));
    let is_zero = text.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    let mut grouped = String::new();
    if value < 0.0 && !is_zero {
        grouped.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped + rest
}

/// `text` without the zeros that end its decimals, which end before `end`.
fn trimmed(text: &str, end: char) -> String {
    let (number, rest) = text.split_at(text.find(end).unwrap_or(text.len()));
    if !number.contains('.') {
        return text.to_owned();
    }
    format!(
        "{}{rest}",
        number.trim_end_matches('0').trim_end_matches('.')
    )
}

fn raised(exponent: i32) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    exponent
        .to_string()
        .chars()
        .map(|character| {
            character
                .to_digit(10)
                .map_or('⁻', |digit| DIGITS[digit as usize])
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers() {
        let cases = [
            (0.0, "0"),
            (0.89123, "0.8912"),
            (12.5, "12.5"),
            (60_000.0, "60,000"),
            (-0.25, "−0.25"),
            (1.5e-7, "1.5×10⁻⁷"),
            (2e9, "2×10⁹"),
            (f64::NAN, "NaN"),
            (f64::NEG_INFINITY, "−∞"),
            (100.0, "100"),
            (0.001, "0.001"),
        ];
        for (value, text) in cases {
            assert_eq!(short(value), text);
        }
    }

    #[test]
    fn extremes_do_not_overflow() {
        for value in [f64::MAX, f64::MIN, 5e-324, -1e-310] {
            assert!(short(value).chars().count() < 16, "{}", short(value));
        }
        assert_eq!(with_step(-1.5e307, 5e306, 2e307), "−1.5×10³⁰⁷");
    }
}
