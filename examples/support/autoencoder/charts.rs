//! The charts: the loss by epoch, the map of the codes, and the anomaly score.

use hemline_data::LabelledImages;
use hemline_models::Reconstruction;
use hemline_plot::{
    Axis, ClassPoints, Dash, Figure, Histogram, Line, Marker, PALETTE, Plot, PlotError, Rule,
};
use hemline_train::History;

use super::codes::Map;
use super::measured::{Anomaly, Noise};

/// Bins of the histograms of the anomaly score.
const BINS: usize = 100;

/// The training error of every epoch, with the net's and the linear floor's error on the test set.
pub(crate) fn loss(history: &History, test: f64, pca: f64) -> Result<Figure, PlotError> {
    let epochs = history.epochs.iter();
    let (x, y): (Vec<f64>, Vec<f64>) = epochs
        .map(|epoch| (epoch.epoch as f64 + 1.0, epoch.train_loss))
        .unzip();
    let plot = Plot::new("Reconstruction error while training")
        .x(Axis::linear("epoch").whole_numbers())
        .y(Axis::logarithmic("mean squared error per pixel"))
        .layer(Line::new("training, mean of the epoch", &x, &y)?.marker(Marker::Circle))
        .layer(Rule::horizontal(format!("PCA, test set: {pca:.5}"), pca))
        .layer(
            Line::new(
                format!("net, test set: {test:.5}"),
                &x,
                &vec![test; x.len()],
            )?
            .color(PALETTE[2])
            .dash(Dash::Dashed),
        )
        .with_legend();
    Ok(Figure::new(plot).size(760.0, 420.0))
}

/// The codes in the plane of their first two principal components, by class.
pub(crate) fn codes(
    map: &Map,
    images: &LabelledImages,
    names: &[String],
) -> Result<Figure, PlotError> {
    let classes: Vec<usize> = images
        .labels()
        .iter()
        .map(|&label| label as usize)
        .collect();
    let axis = |name: &str, share: f64| {
        Axis::linear(format!(
            "{name} component ({:.1} % of the variance)",
            100.0 * share
        ))
    };
    let plot = Plot::new("Codes of the test images in two dimensions")
        .x(axis("first", map.shares[0]))
        .y(axis("second", map.shares[1]))
        .layer(ClassPoints::new(&map.x, &map.y, &classes, names)?);
    Ok(Figure::new(plot).size(860.0, 620.0))
}

/// How the error is distributed over test images and over noise.
pub(crate) fn anomaly(test: &Reconstruction, anomaly: &Anomaly) -> Result<Figure, PlotError> {
    // On a scale of powers of ten, since noise lies ten times as far out as images.
    let logarithms = |errors: &[f64]| -> Vec<f64> { errors.iter().map(|e| e.log10()).collect() };
    let series: Vec<(&str, Vec<f64>)> = std::iter::once(("test images", &test.errors))
        .chain(
            anomaly
                .noise
                .iter()
                .map(|Noise { name, errors }| (*name, errors)),
        )
        .map(|(name, errors)| (name, logarithms(errors)))
        .collect();
    let finite = || {
        series
            .iter()
            .flat_map(|(_, v)| v)
            .copied()
            .filter(|v| v.is_finite())
    };
    let low = finite().fold(f64::INFINITY, f64::min);
    let high = finite().fold(f64::NEG_INFINITY, f64::max);
    let range = (low < high).then_some((low, high));
    let mut plot = Plot::new("Anomaly score: the reconstruction error")
        .x(Axis::linear("log₁₀ of the mean squared error per pixel"))
        .y(Axis::linear("density").from_zero());
    for (name, values) in &series {
        plot = plot.layer(Histogram::with_bins(*name, values, BINS, range)?);
    }
    let threshold = Rule::vertical(
        "99th percentile of the training images",
        anomaly.threshold.log10(),
    );
    Ok(Figure::new(plot.layer(threshold)).size(760.0, 420.0))
}
