//! The trials of a search as a table, best first.

use hemline_plot::short_number;
use hemline_train::tune::{Importance, StudyResult, TrialRecord, TrialStatus, Value};

use crate::support::table::Table;

/// One row for each trial, best first, with one column for each hyper-parameter.
///
/// The accuracy of a trial that was stopped early is the one it had then; `budget` says when, as a
/// share of its epochs.
pub(crate) fn best_first(result: &StudyResult) -> Table {
    let names = result.space().dimensions().iter().map(|d| title(&d.name));
    let header = ["trial", "ended", "accuracy", "budget"].map(String::from);
    let last = std::iter::once("seconds".to_owned());
    let mut table = Table::new(2, header.into_iter().chain(names).chain(last));
    let full = result.records().iter().map(TrialRecord::budget).max();
    for record in result.table() {
        let accuracy = record
            .score()
            .map_or_else(dash, |score| format!("{:.2} %", 100.0 * score));
        let budget = 100.0 * record.budget() as f64 / full.unwrap_or(1).max(1) as f64;
        let fixed = [
            record.trial.to_string(),
            ended(record.status).to_owned(),
            accuracy,
            format!("{budget:.0} %"),
        ];
        let dimensions = result.space().dimensions().iter();
        let values = dimensions.map(|d| record.params.get(&d.name).map_or_else(dash, cell));
        let seconds = std::iter::once(format!("{:.1}", record.seconds));
        table.push(fixed.into_iter().chain(values).chain(seconds));
    }
    table
}

/// What each hyper-parameter explains, most first.
pub(crate) fn importance(importance: &Importance) -> Table {
    let mut dimensions: Vec<_> = importance.dimensions.iter().collect();
    dimensions.sort_by(|a, b| b.share.total_cmp(&a.share));
    let mut table = Table::new(1, ["hyper-parameter", "importance", "± between trees"]);
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    for dimension in dimensions {
        let name = title(&dimension.name);
        table.push([name, percent(dimension.share), percent(dimension.spread)]);
    }
    let together = "(several together)".to_owned();
    table.push([together, percent(importance.interactions), String::new()]);
    table
}

/// The trials by number as CSV, with every digit.
pub(crate) fn csv(result: &StudyResult) -> String {
    let dimensions = result.space().dimensions();
    let mut text = String::from("trial,status,validation_accuracy,budget,seed,seconds");
    for dimension in dimensions {
        text.extend([",", &quoted(&dimension.name)]);
    }
    text.push('\n');
    for record in result.records() {
        let score = record
            .score()
            .map_or_else(String::new, |score| score.to_string());
        let (trial, budget, seed, seconds) =
            (record.trial, record.budget(), record.seed, record.seconds);
        let status = ended(record.status);
        text.push_str(&format!(
            "{trial},{status},{score},{budget},{seed},{seconds}"
        ));
        for dimension in dimensions {
            let value = record.params.get(&dimension.name);
            text.extend([
                ",",
                &value.map_or_else(String::new, |v| quoted(&v.to_string())),
            ]);
        }
        text.push('\n');
    }
    text
}

/// A field of a CSV file (RFC 4180).
fn quoted(field: &str) -> String {
    if field.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", field.replace('"', "\"\""))
    } else {
        field.to_owned()
    }
}

/// Why trials failed, one line each.
pub(crate) fn failures(result: &StudyResult) -> Vec<String> {
    let line = |record: &TrialRecord| {
        let reason = record.failure.as_deref()?;
        Some(format!("trial {} failed: {reason}", record.trial))
    };
    result.records().iter().filter_map(line).collect()
}

/// A parameter's name as a heading.
pub(crate) fn title(name: &str) -> String {
    name.replace('_', " ")
}

fn ended(status: TrialStatus) -> &'static str {
    match status {
        TrialStatus::Completed => "completed",
        TrialStatus::Pruned => "stopped early",
        TrialStatus::Failed => "failed",
        TrialStatus::Running => "running",
    }
}

fn cell(value: &Value) -> String {
    match value {
        Value::Float(number) => short_number(*number),
        other => other.to_string(),
    }
}

fn dash() -> String {
    "–".to_owned()
}
