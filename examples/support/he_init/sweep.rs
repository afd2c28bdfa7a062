//! Variance through depth for four initializers.

use std::fmt::Write;

use hemline_init::{
    Activation, Error, FanMode, Initializer, LayerRow, Plan, Propagation, WeightDistribution,
    propagate,
};
use hemline_plot::short_number;

use crate::support::table::Table;

/// Layers that the terminal shows; the file has them all.
const SHOWN: [usize; 9] = [1, 2, 5, 10, 20, 50, 100, 1_000, 10_000];

/// One initializer, followed through depth.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) name: &'static str,
    pub(crate) rows: Vec<LayerRow>,
}

/// All of them, at one width.
#[derive(Debug)]
pub(crate) struct Sweep {
    pub(crate) depth: usize,
    pub(crate) width: usize,
    pub(crate) networks: u64,
    pub(crate) series: Vec<Series>,
}

/// Each with the distribution of its paper. At equal widths Glorot's law is LeCun's.
fn initializers() -> [(&'static str, Initializer); 4] {
    let framework = Initializer::VarianceScaling {
        gain: 1.0 / 3.0_f64.sqrt(),
        distribution: WeightDistribution::Uniform,
        fan: FanMode::FanIn,
    };
    let glorot = Initializer::Glorot {
        distribution: WeightDistribution::Uniform,
    };
    let lecun = Initializer::LeCun {
        distribution: WeightDistribution::Normal,
    };
    [
        ("He", Initializer::he(WeightDistribution::Normal)),
        ("Glorot", glorot),
        ("LeCun", lecun),
        ("burn's default", framework),
    ]
}

impl Sweep {
    pub(crate) fn new(depth: usize, width: usize, plan: &Plan) -> Result<Self, Error> {
        let mut networks = 0;
        let series = initializers()
            .into_iter()
            .map(|(name, initializer)| {
                let shape = Propagation::uniform(depth, width, initializer);
                networks = shape.networks;
                let rows = propagate(&Activation::Relu, &shape, plan)?;
                Ok(Series { name, rows })
            })
            .collect::<Result<_, Error>>()?;
        Ok(Self {
            depth,
            width,
            networks,
            series,
        })
    }

    pub(crate) fn introduction(&self) -> String {
        format!(
            "E[x²] of the activations of {} ReLU networks of {} layers of {} units, by layer. The law \
             says:\nHe keeps it, Glorot and LeCun halve it at every layer, burn's default divides it \
             by 6.",
            self.networks, self.depth, self.width
        )
    }

    pub(crate) fn layers_table(&self) -> Table {
        let names = self.series.iter().map(|series| series.name);
        let mut table = Table::new(0, ["layer"].into_iter().chain(names));
        let last = (!SHOWN.contains(&self.depth)).then_some(self.depth);
        let shown = SHOWN.into_iter().filter(|layer| *layer <= self.depth);
        for layer in shown.chain(last) {
            let cells = self.series.iter().filter_map(|series| {
                let row = series.rows.get(layer)?;
                Some(short_number(row.second_moment))
            });
            table.push([layer.to_string()].into_iter().chain(cells));
        }
        table
    }

    pub(crate) fn ends_table(&self) -> Table {
        let mut table = Table::new(
            1,
            [
                "initializer",
                "E[x²] by law",
                "measured",
                "E[g²] by law",
                "measured",
                "Var[log‖x‖²] by law",
                "measured",
            ],
        );
        for Series { name, rows } in &self.series {
            if let (Some(first), Some(last)) = (rows.first(), rows.last()) {
                let log_variance = match (
                    last.log_variance,
                    last.log_variance_low,
                    last.log_variance_high,
                ) {
                    (Some(value), Some(low), Some(high)) => with_error(value, low, high),
                    _ => "–".to_owned(),
                };
                table.push([
                    (*name).to_owned(),
                    short_number(last.predicted_second_moment),
                    with_error(
                        last.second_moment,
                        last.second_moment_low,
                        last.second_moment_high,
                    ),
                    short_number(first.predicted_gradient_second_moment),
                    with_error(
                        first.gradient_second_moment,
                        first.gradient_second_moment_low,
                        first.gradient_second_moment_high,
                    ),
                    short_number(last.predicted_log_variance),
                    log_variance,
                ]);
            }
        }
        table
    }

    pub(crate) fn csv(&self) -> String {
        let mut csv = format!("initializer,{}\n", LayerRow::CSV_HEADER);
        for Series { name, rows } in &self.series {
            for row in rows {
                // Writing to a String cannot fail.
                let _ = writeln!(csv, "{name},{}", row.csv_row());
            }
        }
        csv
    }
}

/// A value and half the width of its interval.
fn with_error(value: f64, low: f64, high: f64) -> String {
    let error = format!("{:.1e}", 0.5 * (high - low));
    // Two digits of the error are all that it has.
    let error = error.parse().unwrap_or(f64::NAN);
    format!(
        "{}\u{a0}±\u{a0}{}",
        short_number(value),
        short_number(error)
    )
}
