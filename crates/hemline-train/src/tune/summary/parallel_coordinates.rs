//! The trials of a study as lines over parallel axes: numbers only, drawn elsewhere.

use crate::tune::{Dimension, Space, TrialRecord, TrialStatus, ValueRange};

/// Discrete axes with more values than this are labelled like continuous ones.
const MOST_LABELS: u64 = 12;

/// The marks of a continuous axis, as parts of its length.
const MARKS: [f64; 5] = [0.0, 0.25, 0.5, 0.75, 1.0];

/// Axes and lines, in the unit square. Lines come worst first, so that drawing them in order leaves the
/// best on top; `standing` is there for a colour or an opacity, which keeps a hundred lines readable.
#[derive(Debug, Clone, PartialEq)]
pub struct ParallelCoordinates {
    /// One axis per dimension, in the space's order.
    pub axes: Vec<Axis>,
    /// One line per trial, worst first.
    pub lines: Vec<ParallelLine>,
}

/// One hyper-parameter's axis.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// The hyper-parameter.
    pub name: String,
    /// Where to write which value: (position in [0, 1], label), upwards.
    pub labels: Vec<(f64, String)>,
}

/// One trial's line.
#[derive(Debug, Clone, PartialEq)]
pub struct ParallelLine {
    /// The trial's number.
    pub trial: usize,
    /// How it ended.
    pub status: TrialStatus,
    /// Its last score, if it has one.
    pub score: Option<f64>,
    /// Its place in the table as a part of it: 1 for the best trial, 0 for the worst.
    pub standing: f64,
    /// Its height on each axis, in [0, 1]; `None` where the dimension was not active.
    pub positions: Vec<Option<f64>>,
}

/// Lays out the records of a best-first table.
pub(super) fn parallel_coordinates(space: &Space, table: &[&TrialRecord]) -> ParallelCoordinates {
    let last = table.len().saturating_sub(1).max(1) as f64;
    let line = |(place, record): (usize, &&TrialRecord)| ParallelLine {
        trial: record.trial,
        status: record.status,
        score: record.score(),
        standing: 1.0 - place as f64 / last,
        positions: space.unit_of(&record.params),
    };
    ParallelCoordinates {
        axes: space.dimensions().iter().map(axis).collect(),
        lines: table.iter().enumerate().map(line).rev().collect(),
    }
}

fn axis(dimension: &Dimension) -> Axis {
    let range = &dimension.range;
    let labels = match range.cells().filter(|cells| *cells <= MOST_LABELS) {
        Some(cells) => (0..cells)
            .filter_map(|index| range.cell(index))
            .filter_map(|value| Some((range.unit_of(&value)?, value.to_string())))
            .collect(),
        None => MARKS
            .iter()
            .map(|&mark| (mark, label(range, mark)))
            .collect(),
    };
    Axis {
        name: dimension.name.clone(),
        labels,
    }
}

fn label(range: &ValueRange, mark: f64) -> String {
    match range.value_at(mark) {
        crate::tune::Value::Float(value) => short(value),
        value => value.to_string(),
    }
}

/// Three significant digits, as an axis needs.
fn short(value: f64) -> String {
    let magnitude = value.abs();
    if value == 0.0 || (1e-3..1e4).contains(&magnitude) {
        let digits = (2.0 - magnitude.max(1e-3).log10().floor()).clamp(0.0, 5.0) as usize;
        let text = format!("{value:.digits$}");
        match text.contains('.') {
            true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
            false => text,
        }
    } else {
        format!("{value:.2e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_have_three_digits() {
        let cases = [
            (0.0, "0"),
            (0.5, "0.5"),
            (0.001, "0.001"),
            (0.022360, "0.0224"),
        ];
        let more = [
            (1234.5, "1234"),
            (-40.0, "-40"),
            (1e-6, "1.00e-6"),
            (2.5e9, "2.50e9"),
        ];
        for (value, label) in cases.into_iter().chain(more) {
            assert_eq!(short(value), label);
        }
    }
}
