//! The pictures: variance by depth, the density of a product, and the spread that finite width makes.

use hemline_init::{DensityRow, LayerRow};
use hemline_plot::{Axis, Color, Dash, Figure, Line, PALETTE, Panels, Plot, PlotError, Rule};

use super::checks::Density;
use super::sweep::{Series, Sweep};

/// Colours of the initializers, and of what is predicted for them.
const COLORS: [Color; 4] = [PALETTE[0], PALETTE[1], PALETTE[2], PALETTE[4]];
const PREDICTED: Color = Color::hex(0x22_22_22);

/// Forward and backward, measured and predicted, for every initializer.
pub(crate) fn variance_by_depth(sweep: &Sweep) -> Result<Figure, PlotError> {
    let forward = panel(sweep, "Forward: activations", "E[x²]", |row| {
        (row.second_moment, row.predicted_second_moment)
    })?;
    let backward = panel(sweep, "Backward: gradients", "E[g²]", |row| {
        (
            row.gradient_second_moment,
            row.predicted_gradient_second_moment,
        )
    })?;
    let title = format!(
        "Second moments by depth: ReLU, width {}, {} networks",
        sweep.width, sweep.networks
    );
    let panels = Panels::columns()
        .title(title)
        .panel(1.0, forward)
        .panel(1.0, backward);
    Ok(Figure::new(panels).size(1100.0, 460.0))
}

/// One quantity by layer: measured as a line, predicted as dots over it.
fn panel(
    sweep: &Sweep,
    title: &str,
    quantity: &str,
    pick: impl Fn(&LayerRow) -> (f64, f64),
) -> Result<Plot, PlotError> {
    let mut plot = Plot::new(title)
        .x(Axis::linear("layer").whole_numbers().tight())
        .y(Axis::logarithmic(quantity));
    for (index, Series { name, rows }) in sweep.series.iter().enumerate() {
        let layers: Vec<f64> = rows.iter().map(|row| row.layer as f64).collect();
        let (measured, predicted): (Vec<f64>, Vec<f64>) = rows.iter().map(&pick).unzip();
        // LeCun's line lies on Glorot's: let the one below show through.
        let dash = if *name == "LeCun" {
            Dash::Dashed
        } else {
            Dash::Solid
        };
        plot = plot.layer(
            Line::new(*name, &layers, &measured)?
                .color(COLORS[index % COLORS.len()])
                .dash(dash),
        );
        // One entry in the legend stands for all the predictions.
        let name = if index + 1 == sweep.series.len() {
            "predicted"
        } else {
            ""
        };
        plot = plot.layer(
            Line::new(name, &layers, &predicted)?
                .color(PREDICTED)
                .dash(Dash::Dotted),
        );
    }
    Ok(plot)
}

/// The density of z = wx for x held constant, under each weight law.
pub(crate) fn density(densities: &[Density]) -> Result<Figure, PlotError> {
    let mut panels = Panels::columns().title(format!(
        "Density of z = wx for x held at {}",
        super::checks::HELD_INPUT
    ));
    for Density { weights, rows } in densities {
        // A step begins at the left end of its bin; the last needs an end as well.
        let width = match rows[..] {
            [first, second, ..] => second.z - first.z,
            _ => 0.0,
        };
        let steps = |pick: fn(&DensityRow) -> f64, beyond: f64| -> Vec<f64> {
            let ends = rows.last().map(|row| pick(row) + beyond);
            rows.iter().map(pick).chain(ends).collect()
        };
        let z: Vec<f64> = steps(|row| row.z, width)
            .iter()
            .map(|z| z - 0.5 * width)
            .collect();
        let measured = steps(|row| row.measured, 0.0);
        let low = steps(|row| row.low, 0.0);
        let high = steps(|row| row.high, 0.0);
        let predicted = steps(|row| row.predicted.unwrap_or(f64::NAN), 0.0);
        let plot = Plot::new(*weights)
            .x(Axis::linear("z").tight())
            .y(Axis::linear("density").from_zero())
            .layer(
                Line::new("measured", &z, &measured)?
                    .stepped()
                    .band(&low, &high)?,
            )
            .layer(
                Line::new("predicted f_w(z/x)/|x|", &z, &predicted)?
                    .stepped()
                    .color(PALETTE[2])
                    .dash(Dash::Dotted),
            );
        panels = panels.panel(1.0, plot);
    }
    Ok(Figure::new(panels).size(1200.0, 400.0))
}

/// Var[log‖x‖²] by layer under He's law: the walk that finite width makes of a constant variance.
pub(crate) fn log_spread(sweep: &Sweep) -> Result<Option<Figure>, PlotError> {
    let Some(Series { name, rows }) = sweep.series.first() else {
        return Ok(None);
    };
    let layers: Vec<f64> = rows.iter().map(|row| row.layer as f64).collect();
    let column = |pick: fn(&LayerRow) -> Option<f64>| -> Vec<f64> {
        let values = rows.iter().map(|row| pick(row).unwrap_or(f64::NAN));
        values.collect()
    };
    let measured = column(|row| row.log_variance);
    let (low, high) = (
        column(|row| row.log_variance_low),
        column(|row| row.log_variance_high),
    );
    let predicted = column(|row| Some(row.predicted_log_variance));
    let plot = Plot::new(format!(
        "Spread between networks under {name}'s law, width {}",
        sweep.width
    ))
    .x(Axis::linear("layer").whole_numbers().tight())
    .y(Axis::linear("Var[log‖x‖²]").from_zero())
    .layer(Line::new("measured, with its interval", &layers, &measured)?.band(&low, &high)?)
    .layer(
        Line::new("predicted, about 5·layer/width", &layers, &predicted)?
            .color(PALETTE[2])
            .dash(Dash::Dashed),
    )
    .layer(Rule::horizontal("infinite width", 0.0));
    Ok(Some(Figure::new(plot).size(760.0, 400.0)))
}
