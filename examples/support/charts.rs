//! The charts that more than one example draws.

use hemline_plot::{Axis, Figure, Line, Marker, Plot, PlotError, Rule};
use hemline_train::IterationRecord;

/// The loss of the last iterations of a run, with their mean.
pub(crate) fn last_losses(records: &[IterationRecord]) -> Result<Figure, PlotError> {
    let iterations: Vec<f64> = records
        .iter()
        .map(|record| record.iteration as f64 + 1.0)
        .collect();
    let losses: Vec<f64> = records.iter().map(|record| record.loss).collect();
    let mean = losses.iter().sum::<f64>() / losses.len().max(1) as f64;
    let title = format!("Training loss of the last {} iterations", records.len());
    let plot = Plot::new(title)
        .x(Axis::linear("iteration").whole_numbers())
        .y(Axis::linear("cross-entropy of the minibatch (nats)"))
        .layer(Line::new("minibatch", &iterations, &losses)?.marker(Marker::Circle))
        .layer(Rule::horizontal(format!("mean {mean:.3}"), mean))
        .with_legend();
    Ok(Figure::new(plot).size(760.0, 420.0))
}
