//! The charts that more than one example draws.

use hemline_data::LabelledImages;
use hemline_plot::{Axis, Figure, ImageGrid, Line, Marker, Plot, PlotError, Rule, Tile};
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

/// One image of each class, in the order of the classes.
pub(crate) fn one_of_each(
    images: &LabelledImages,
    names: &[String],
) -> Result<Option<Figure>, PlotError> {
    let mut tiles = Vec::new();
    for (class, name) in names.iter().enumerate() {
        let first = images
            .labels()
            .iter()
            .position(|&label| label as usize == class);
        if let Some(tile) = first.and_then(|index| image(images, index)) {
            tiles.push(tile?.caption(name));
        }
    }
    let rows = tiles.len().div_ceil(10);
    let grid = ImageGrid::new("The classes").tiles(10, tiles);
    Ok((rows > 0).then(|| Figure::new(grid).size(1000.0, 60.0 + 115.0 * rows as f64)))
}

/// An image dark on white, as on paper.
pub(crate) fn image(images: &LabelledImages, index: usize) -> Option<Result<Tile, PlotError>> {
    let all = images.images();
    let pixels = all.image(index)?;
    Some(Tile::gray(all.width(), all.height(), pixels).map(Tile::inverted))
}
