//! The density of step (b) as rows that can be drawn: measured against predicted, bin by bin.

use serde::Serialize;

use crate::steps_relu::{cumulative_of_product, held_input, product_at};
use crate::streams::{Family, Merge, by_chunks};
use crate::{Error, Estimate, Neuron, Plan};

/// Bins reach this many standard deviations of z to either side.
const REACH: f64 = 4.0;
/// More bins than a picture has pixels are a mistake.
const MOST_BINS: usize = 1 << 16;

/// One bin of the histogram of z = wx.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct DensityRow {
    /// The middle of the bin.
    pub z: f64,
    /// The share of the draws that fell into it, over its width.
    pub measured: f64,
    /// Ends of the interval of confidence 1 − α around `measured`.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// The mean of f_w(z/x)/|x| over the bin; `None` for a weight law that does not state its distribution.
    pub predicted: Option<f64>,
}

impl DensityRow {
    /// The header of [`Self::csv_row`].
    pub const CSV_HEADER: &'static str = "z,measured,low,high,predicted";

    /// One line of CSV; an unknown prediction is left empty.
    #[must_use]
    pub fn csv_row(&self) -> String {
        let predicted = self
            .predicted
            .map_or_else(String::new, |density| format!("{density:?}"));
        format!(
            "{:?},{:?},{:?},{:?},{predicted}",
            self.z, self.measured, self.low, self.high
        )
    }
}

/// The histogram of z = wx for x held at √E\[x²\], beside the density f_w(z/x)/|x| of step (b).
///
/// `bins` equal bins cover ±4 standard deviations of z; what falls outside is counted in no bin, but in the total.
///
/// # Errors
/// As [`check_density`](crate::check_density), and [`Error::Parameter`] for 0 or more than 65 536 bins.
pub fn density_rows(
    neuron: &dyn Neuron,
    bins: usize,
    plan: &Plan,
) -> Result<Vec<DensityRow>, Error> {
    if bins == 0 || bins > MOST_BINS {
        return Err(Error::Parameter {
            name: "bins",
            value: bins as f64,
            expected: "1 to 65536",
        });
    }
    let (x, spent) = held_input(neuron, &plan.share(1, 10))?;
    let pilot = plan.share(1, 10);
    let (weights, for_weights) =
        crate::steps::law_moments(neuron.weight_law(), Family::WeightLaw, &pilot)?;
    let rest = Plan {
        draws: plan.draws - spent - for_weights,
        ..*plan
    };
    let samples = rest.samples("the histogram of z", 1)?;
    let (centre, deviation) = (x * weights.mean.value, x * weights.variance.value.sqrt());
    let expected = "above 0, so that z has a density";
    crate::error::parameter("the deviation of z", deviation, expected, |deviation| {
        deviation > 0.0
    })?;
    let low = centre - REACH * deviation;
    let width = 2.0 * REACH * deviation / bins as f64;
    let counts: Counts = by_chunks(&rest, Family::Histogram, samples, 1, |rng, count| {
        let mut counts = vec![0_u64; bins];
        for _ in 0..count {
            let position = (product_at(neuron, x, rng) - low) / width;
            // The cast saturates: what lies below 0 is excluded first, what lies above finds no bin.
            if position >= 0.0
                && let Some(bin) = counts.get_mut(position as usize)
            {
                *bin += 1;
            }
        }
        Ok(Counts(counts))
    })?;
    let total = samples as f64;
    let row = |(bin, &count): (usize, &u64)| {
        let start = low + width * bin as f64;
        let share = count as f64 / total;
        let standard_error = (share * (1.0 - share) / total).sqrt() / width;
        let (below, above) = Estimate {
            value: share / width,
            standard_error,
        }
        .interval(plan.alpha)?;
        let mass = cumulative_of_product(neuron, x, start + width)
            - cumulative_of_product(neuron, x, start);
        Ok(DensityRow {
            z: start + 0.5 * width,
            measured: share / width,
            low: below.max(0.0),
            high: above,
            predicted: Some(mass / width).filter(|density| density.is_finite()),
        })
    };
    counts.0.iter().enumerate().map(row).collect()
}

#[derive(Default)]
struct Counts(Vec<u64>);

impl Merge for Counts {
    fn merge(&mut self, later: Self) {
        if self.0.is_empty() {
            *self = later;
        } else {
            self.0
                .iter_mut()
                .zip(&later.0)
                .for_each(|(total, count)| *total += count);
        }
    }
}
