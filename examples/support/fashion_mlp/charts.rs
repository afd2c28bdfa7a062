//! The pictures of the final: curves, confusion, and what the networks get most confidently wrong.

use hemline_data::LabelledImages;
use hemline_models::Evaluation;
use hemline_plot::{
    Axis, Dash, Figure, HeatMap, ImageGrid, Line, Marker, PALETTE, Panels, Plot, PlotError,
};
use hemline_train::History;

use super::finals::Finals;
use crate::support::charts::image;
use crate::support::search::run::Chosen;

/// The number of images in the grid of mistakes, and in one row of it.
const MISTAKES: usize = 18;
const MISTAKES_IN_A_ROW: usize = 6;

/// Loss and accuracy by epoch of a chosen trial, and the loss of the final training on all images.
pub(crate) fn curves(chosen: &Chosen, finals: &Finals) -> Result<Figure, PlotError> {
    let epochs = |history: &History| -> Vec<f64> {
        (1..=history.epochs.len())
            .map(|epoch| epoch as f64)
            .collect()
    };
    let train = |history: &History| -> Vec<f64> {
        history
            .epochs
            .iter()
            .map(|epoch| epoch.train_loss)
            .collect()
    };
    let validation = |pick: fn(hemline_train::Metrics) -> Option<f64>| -> Vec<f64> {
        let epochs = chosen.history.epochs.iter();
        epochs
            .map(|epoch| epoch.validation.and_then(pick).unwrap_or(f64::NAN))
            .collect()
    };
    let x = epochs(&chosen.history);
    let last = &finals.first().history;
    let loss = Plot::new("Loss")
        .x(Axis::linear("epoch").whole_numbers())
        .y(Axis::linear("cross-entropy (nats)"))
        .layer(Line::new("training part", &x, &train(&chosen.history))?)
        .layer(
            Line::new(
                "validation part",
                &x,
                &validation(|metrics| Some(metrics.loss)),
            )?
            .color(PALETTE[2])
            .marker(Marker::Circle),
        )
        .layer(
            Line::new("final, all images", &epochs(last), &train(last))?
                .color(PALETTE[1])
                .dash(Dash::Dashed),
        );
    let percent = validation(|metrics| Some(100.0 * metrics.accuracy?));
    let accuracy = Plot::new("Accuracy")
        .x(Axis::linear("epoch").whole_numbers())
        .y(Axis::linear("validation accuracy (%)"))
        .layer(
            Line::new("validation part", &x, &percent)?
                .color(PALETTE[2])
                .marker(Marker::Circle),
        );
    let panels = Panels::columns().panel(1.25, loss).panel(1.0, accuracy);
    Ok(Figure::new(panels).size(1000.0, 380.0))
}

/// Which class was taken for which.
pub(crate) fn confusion(
    title: &str,
    names: &[String],
    evaluation: &Evaluation,
) -> Result<Figure, PlotError> {
    let matrix = HeatMap::confusion(title, names, &evaluation.confusion_matrix())?;
    Ok(Figure::new(matrix).size(780.0, 700.0))
}

/// The wrong answers that the network was surest of, or nothing where it made no mistake.
pub(crate) fn mistakes(
    title: &str,
    test: &LabelledImages,
    names: &[String],
    evaluation: &Evaluation,
) -> Result<Option<Figure>, PlotError> {
    let mut tiles = Vec::new();
    for index in evaluation
        .most_confidently_wrong()
        .into_iter()
        .take(MISTAKES)
    {
        let Some(tile) = image(test, index) else {
            continue;
        };
        let [label, predicted] = [evaluation.labels[index], evaluation.predictions[index]];
        let probability = evaluation.probabilities[index * evaluation.classes + predicted as usize];
        let caption = format!(
            "{}\nseen as {}\n{:.1} % sure",
            names[label as usize],
            names[predicted as usize],
            100.0 * probability
        );
        tiles.push(tile?.caption(&caption));
    }
    let rows = tiles.len().div_ceil(MISTAKES_IN_A_ROW);
    let grid = ImageGrid::new(title).tiles(MISTAKES_IN_A_ROW, tiles);
    Ok((rows > 0).then(|| Figure::new(grid).size(960.0, 60.0 + 190.0 * rows as f64)))
}
