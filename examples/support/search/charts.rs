//! A search in one picture: every trial over its parameters, what mattered, and how the best was found.

use hemline_plot::{
    Axis, BarChart, Better, Dimension as Coordinate, Figure, Line, PALETTE, Panels,
    ParallelCoordinates, Plot, PlotError, Points,
};
use hemline_train::tune::{Dimension, StudyResult, TrialRecord, TrialStatus, Value, ValueRange};

use super::table::title;

/// The whole figure.
pub(crate) fn tuning(heading: &str, result: &StudyResult) -> Result<Figure, PlotError> {
    let mut below = Panels::columns();
    if let Some(chart) = importance(result)? {
        below = below.panel(1.0, chart);
    }
    let panels = Panels::rows()
        .panel(1.35, parallel_coordinates(heading, result)?)
        .panel(1.0, below.panel(1.0, course(result)?));
    Ok(Figure::new(panels).size(1100.0, 860.0))
}

/// Every trial as a line over one axis for each parameter. The error is the last one measured.
fn parallel_coordinates(
    heading: &str,
    result: &StudyResult,
) -> Result<ParallelCoordinates, PlotError> {
    let coordinates: Result<Vec<Coordinate>, PlotError> = result
        .space()
        .dimensions()
        .iter()
        .map(|dimension| coordinate(dimension, result))
        .collect();
    let title = format!("{heading}: {} trials", result.records().len());
    ParallelCoordinates::new(title, coordinates?, axis(), &errors(result), Better::Lower)
}

fn coordinate(dimension: &Dimension, result: &StudyResult) -> Result<Coordinate, PlotError> {
    let name = title(&dimension.name);
    let values = || {
        result
            .records()
            .iter()
            .map(|r| r.params.get(&dimension.name))
    };
    let numbers = || -> Vec<f64> { values().map(number).collect() };
    match &dimension.range {
        ValueRange::Linear { .. } => Coordinate::new(Axis::linear(name), &numbers()),
        ValueRange::LogUniform { .. } => Coordinate::new(Axis::logarithmic(name), &numbers()),
        ValueRange::Categorical(choices)
            if choices
                .iter()
                .any(|choice| matches!(choice, Value::Text(_) | Value::Bool(_))) =>
        {
            let text = |value: Option<&Value>| value.map_or("none".to_owned(), Value::to_string);
            Coordinate::names(name, &values().map(text).collect::<Vec<_>>())
        }
        ValueRange::Integer { .. } | ValueRange::Categorical(_) => {
            Coordinate::choices(name, &numbers())
        }
    }
}

/// The share of the differences between trials that each parameter explains, where there are trials
/// enough to say.
fn importance(result: &StudyResult) -> Result<Option<BarChart>, PlotError> {
    let Ok(importance) = result.importance() else {
        return Ok(None);
    };
    let mut dimensions = importance.dimensions;
    dimensions.sort_by(|a, b| b.share.total_cmp(&a.share));
    let names: Vec<String> = dimensions.iter().map(|d| title(&d.name)).collect();
    let shares: Vec<f64> = dimensions.iter().map(|d| 100.0 * d.share).collect();
    let axis = "share of the variance of ranks (%)";
    BarChart::new("Importance of each hyper-parameter", axis, &names, &shares).map(Some)
}

/// The error of each trial in the order of their numbers, and the best completed so far.
fn course(result: &StudyResult) -> Result<Plot, PlotError> {
    let numbers: Vec<f64> = result.records().iter().map(|r| r.trial as f64).collect();
    let mut best = f64::NAN;
    let best_so_far: Vec<f64> = result
        .records()
        .iter()
        .zip(errors(result))
        .map(|(record, error)| {
            if record.status == TrialStatus::Completed {
                best = best.min(error);
            }
            best
        })
        .collect();
    let with = |wanted: bool| -> Vec<f64> {
        let pick = |(record, error): (&TrialRecord, f64)| {
            let completed = record.status == TrialStatus::Completed;
            if completed == wanted { error } else { f64::NAN }
        };
        result
            .records()
            .iter()
            .zip(errors(result))
            .map(pick)
            .collect()
    };
    let mut plot = Plot::new("Course of the search")
        .x(Axis::linear("trial").whole_numbers())
        .y(axis())
        .layer(Points::new("completed", &numbers, &with(true))?);
    if with(false).iter().any(|error| error.is_finite()) {
        plot = plot.layer(Points::new("stopped early", &numbers, &with(false))?.color(PALETTE[3]));
    }
    let line = Line::new("best so far", &numbers, &best_so_far)?;
    Ok(plot.layer(line.stepped().color(PALETTE[2])))
}

/// The share of validation images that a trial got wrong at last, in per cent, NaN for one without a
/// score.
fn errors(result: &StudyResult) -> Vec<f64> {
    let error = |record: &TrialRecord| {
        record
            .score()
            .map_or(f64::NAN, |accuracy| 100.0 * (1.0 - accuracy))
    };
    result.records().iter().map(error).collect()
}

/// The axis of [`errors`]. A trial that diverged gets nine in ten wrong; on a logarithmic axis the good
/// ones still lie apart.
fn axis() -> Axis {
    Axis::logarithmic("validation error (%)")
}

fn number(value: Option<&Value>) -> f64 {
    match value {
        Some(Value::Int(number)) => *number as f64,
        Some(Value::Float(number)) => *number,
        _ => f64::NAN,
    }
}
