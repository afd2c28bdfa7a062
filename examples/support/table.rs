//! A table that the terminal and the report both show.

use std::fmt::{Display, Formatter, Result};

/// Rows of cells under named columns.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) header: Vec<String>,
    pub(crate) rows: Vec<Vec<String>>,
    /// The columns from the left whose cells are text; those after them are numbers.
    text_columns: usize,
}

impl Table {
    pub(crate) fn new<S: Into<String>>(
        text_columns: usize,
        header: impl IntoIterator<Item = S>,
    ) -> Self {
        Self {
            header: header.into_iter().map(Into::into).collect(),
            rows: Vec::new(),
            text_columns,
        }
    }

    /// The first `count` rows under the same header.
    pub(crate) fn top(&self, count: usize) -> Self {
        Self {
            header: self.header.clone(),
            rows: self.rows.iter().take(count).cloned().collect(),
            text_columns: self.text_columns,
        }
    }

    pub(crate) fn push<S: Into<String>>(&mut self, row: impl IntoIterator<Item = S>) {
        self.rows.push(row.into_iter().map(Into::into).collect());
    }
}

/// Aligned columns for a terminal: text to the left, numbers to the right, a rule under the header.
impl Display for Table {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> Result {
        let rows = || std::iter::once(&self.header).chain(&self.rows);
        let widths: Vec<usize> = (0..self.header.len())
            .map(|column| rows().map(|row| width(row.get(column))).max().unwrap_or(0))
            .collect();
        for (index, row) in rows().enumerate() {
            let mut line = String::new();
            for (column, (cell, &wide)) in row.iter().zip(&widths).enumerate() {
                let padding = " ".repeat(wide - cell.chars().count());
                let (before, after) = if column < self.text_columns {
                    ("", padding.as_str())
                } else {
                    (padding.as_str(), "")
                };
                line.push_str("  ");
                line.extend([before, cell, after]);
            }
            writeln!(formatter, "{}", line.trim_end())?;
            if index == 0 {
                let total: usize = widths.iter().map(|width| width + 2).sum();
                writeln!(formatter, "  {}", "─".repeat(total.saturating_sub(2)))?;
            }
        }
        Ok(())
    }
}

fn width(cell: Option<&String>) -> usize {
    cell.map_or(0, |cell| cell.chars().count())
}

/// The most decimals that are shown.
const MOST_DECIMALS: f64 = 9.0;

/// How many decimals show three digits of the width of an interval.
pub(crate) fn decimals(low: f64, high: f64) -> usize {
    let digits = 2.0 - (high - low).log10().floor();
    if digits.is_finite() {
        digits.clamp(1.0, MOST_DECIMALS) as usize
    } else {
        3
    }
}

/// "low to high" with so many decimals, on one line.
pub(crate) fn interval(low: f64, high: f64, decimals: usize) -> String {
    format!("{low:.decimals$}\u{a0}to\u{a0}{high:.decimals$}")
}

pub(crate) fn yes_or(holds: bool, otherwise: &str) -> String {
    if holds { "yes" } else { otherwise }.to_owned()
}
