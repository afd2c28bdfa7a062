//! Variance through depth: activations forward and gradients backward, predicted and measured.

use serde::{Deserialize, Serialize};

use crate::mean_field::mean_field;
use crate::network::{Shape, Tally, divisor};
use crate::streams::by_items;
use crate::{Activation, Error, Initializer, Layer, Moments, Plan, Pointwise, gain_of};

/// Numbers of one network that are held at a time, at most (1 GiB each for weights, slopes and activations).
const MOST_NUMBERS: usize = 1 << 27;

/// Which networks to draw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Propagation {
    /// n_0, the inputs, to n_L, the outputs: L + 1 numbers for depth L.
    pub widths: Vec<usize>,
    /// The rule for the weights. He's takes its gain from the activation, whatever that is.
    pub initializer: Initializer,
    /// Inputs, drawn from N(0, 1), that each network is run on.
    pub batch: usize,
    /// Networks to draw (at least 2).
    pub networks: u64,
}

impl Propagation {
    /// Depth L at one width.
    #[must_use]
    pub fn uniform(depth: usize, width: usize, initializer: Initializer) -> Self {
        let widths = vec![width; depth.saturating_add(1).min(MOST_NUMBERS)];
        Self {
            widths,
            initializer,
            batch: 8,
            networks: 32,
        }
    }
}

/// One layer: what the law predicts, and what the networks did.
///
/// The interval of a second moment takes each network as one observation, because the units of a network are not
/// independent. Where `predicted_log_variance` has grown to 1 or more, a few networks carry the mean of E\[x²\], and
/// 32 of them seldom contain one: the measured mean then lies below the prediction more often than not.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
#[allow(
    missing_docs,
    reason = "the pairs are explained by the field that comes first of each"
)]
pub struct LayerRow {
    /// l, 0 for the inputs.
    pub layer: usize,
    /// n_l.
    pub width: usize,
    /// E\[x_l\].
    pub mean: f64,
    pub predicted_mean: f64,
    /// Var\[x_l\] over networks, units and inputs.
    pub variance: f64,
    pub predicted_variance: f64,
    /// E\[x_l²\] with its interval.
    pub second_moment: f64,
    pub second_moment_low: f64,
    pub second_moment_high: f64,
    pub predicted_second_moment: f64,
    /// The share of activations with f′(z) = 0.
    pub silent: f64,
    pub predicted_silent: f64,
    /// The share of units with f′(z) = 0 on every input of the batch.
    pub dead: f64,
    pub predicted_dead: f64,
    /// Var\[log‖x_l‖²\] over the networks with x_l ≠ 0, with its interval; `None` if fewer than two are left.
    pub log_variance: Option<f64>,
    pub log_variance_low: Option<f64>,
    pub log_variance_high: Option<f64>,
    pub predicted_log_variance: f64,
    /// Mean of the gradient by x_l.
    pub gradient_mean: f64,
    /// Variance of the gradient by x_l.
    pub gradient_variance: f64,
    /// E\[g²\] of the gradient by x_l, with its interval.
    pub gradient_second_moment: f64,
    pub gradient_second_moment_low: f64,
    pub gradient_second_moment_high: f64,
    pub predicted_gradient_second_moment: f64,
}

impl LayerRow {
    /// The header of [`Self::csv_row`].
    pub const CSV_HEADER: &'static str = "layer,width,mean,predicted_mean,variance,predicted_variance,\
        second_moment,second_moment_low,second_moment_high,predicted_second_moment,silent,predicted_silent,\
        dead,predicted_dead,log_variance,log_variance_low,log_variance_high,predicted_log_variance,\
        gradient_mean,gradient_variance,gradient_second_moment,gradient_second_moment_low,\
        gradient_second_moment_high,predicted_gradient_second_moment";

    /// One line of CSV; what could not be measured is left empty.
    #[must_use]
    pub fn csv_row(&self) -> String {
        let numbers = [
            Some(self.mean),
            Some(self.predicted_mean),
            Some(self.variance),
            Some(self.predicted_variance),
            Some(self.second_moment),
            Some(self.second_moment_low),
            Some(self.second_moment_high),
            Some(self.predicted_second_moment),
            Some(self.silent),
            Some(self.predicted_silent),
            Some(self.dead),
            Some(self.predicted_dead),
            self.log_variance,
            self.log_variance_low,
            self.log_variance_high,
            Some(self.predicted_log_variance),
            Some(self.gradient_mean),
            Some(self.gradient_variance),
            Some(self.gradient_second_moment),
            Some(self.gradient_second_moment_low),
            Some(self.gradient_second_moment_high),
            Some(self.predicted_gradient_second_moment),
        ];
        let cells =
            numbers.map(|number| number.map_or_else(String::new, |number| format!("{number:?}")));
        format!("{},{},{}", self.layer, self.width, cells.join(","))
    }

    fn new(
        layer: usize,
        width: usize,
        law: &Layer,
        tally: &Tally,
        inputs: u64,
        alpha: f64,
    ) -> Result<Self, Error> {
        let (scale, gradient_scale) = (divisor(law.second_moment), divisor(law.gradient));
        let second = interval(&tally.second_moments, scale * scale, alpha)?;
        let gradient = interval(
            &tally.gradient_second_moments,
            gradient_scale * gradient_scale,
            alpha,
        )?;
        let log = if tally.log_norms.count() < 2 {
            [None; 3]
        } else {
            let estimate = tally.log_norms.variance_estimate()?;
            let (low, high) = estimate.interval(alpha)?;
            [Some(estimate.value), Some(low), Some(high)]
        };
        let share = |count: u64, of: u64| {
            if of == 0 {
                0.0
            } else {
                count as f64 / of as f64
            }
        };
        Ok(Self {
            layer,
            width,
            mean: scale * tally.activations.mean(),
            predicted_mean: law.mean,
            variance: scale * scale * tally.activations.variance()?,
            predicted_variance: law.second_moment - law.mean * law.mean,
            second_moment: second[0],
            second_moment_low: second[1],
            second_moment_high: second[2],
            predicted_second_moment: law.second_moment,
            silent: share(tally.silent, tally.units * inputs),
            predicted_silent: law.silent,
            dead: share(tally.dead, tally.units),
            predicted_dead: law.dead,
            log_variance: log[0],
            log_variance_low: log[1],
            log_variance_high: log[2],
            predicted_log_variance: law.log_variance,
            gradient_mean: gradient_scale * tally.gradients.mean(),
            gradient_variance: gradient_scale * gradient_scale * tally.gradients.variance()?,
            gradient_second_moment: gradient[0],
            gradient_second_moment_low: gradient[1],
            gradient_second_moment_high: gradient[2],
            predicted_gradient_second_moment: law.gradient,
        })
    }
}

/// Draws the networks and measures every layer: rows 0 (inputs) to L (outputs).
///
/// `plan` gives seed, workers and α; its number of draws is not used. The rows are the same bits for any number of
/// workers. Every layer applies `activation`, the last one too.
///
/// # Errors
/// [`Error::ZeroFan`] for a width of 0; [`Error::Parameter`] for fewer than one layer, an empty batch, a bad plan or
/// initializer; [`Error::TooFewDraws`] for fewer than two networks; [`Error::TooLarge`]; [`Error::ActivationNotFinite`];
/// [`Error::DrawNotFinite`] where the network overflows.
///
/// ```
/// use hemline_init::{Activation, Initializer, Plan, Propagation, propagate};
///
/// let networks = Propagation::uniform(5, 32, Initializer::default());
/// let rows = propagate(&Activation::Relu, &networks, &Plan::default())?;
/// assert_eq!(rows.len(), 6);
/// assert!((rows[5].predicted_second_moment - 1.0).abs() < 1e-12);
/// # Ok::<(), hemline_init::Error>(())
/// ```
pub fn propagate(
    activation: &impl Pointwise,
    networks: &Propagation,
    plan: &Plan,
) -> Result<Vec<LayerRow>, Error> {
    plan.validate()?;
    let Propagation { widths, batch, .. } = networks;
    if widths.len() < 2 {
        let value = widths.len() as f64;
        return Err(Error::Parameter {
            name: "widths",
            value,
            expected: "at least 2: inputs, outputs",
        });
    }
    if networks.networks < 2 {
        let found = networks.networks;
        return Err(Error::TooFewDraws {
            name: "the spread over networks",
            found,
            needed: 2,
        });
    }
    let held = widths.iter().try_fold(0_usize, |sum, width| {
        sum.checked_add(width.checked_mul(*batch)?)
    });
    let layer = widths.windows(2).try_fold(0, |most, pair| {
        Some(pair[0].checked_mul(pair[1])?.max(most))
    });
    if !matches!(
        (held, layer),
        (Some(0..=MOST_NUMBERS), Some(0..=MOST_NUMBERS))
    ) {
        let found = format!("Σ {} widths × batch {batch}", widths.len());
        return Err(Error::TooLarge {
            name: "a network",
            found,
        });
    }
    let initializer = match networks.initializer {
        Initializer::He { distribution, fan } => Initializer::VarianceScaling {
            gain: gain_of(activation)?,
            distribution,
            fan,
        },
        other => other,
    };
    let variances = widths
        .windows(2)
        .map(|pair| match initializer {
            // A constant has no variance, but Σwx has w² in the place of it.
            Initializer::Constant { value } => Ok(value * value),
            _ => initializer.variance(pair[0], pair[1], Activation::Identity),
        })
        .collect::<Result<Vec<f64>, Error>>()?;
    let predicted = mean_field(activation, widths, &variances, *batch)?;
    let (batch, seed) = (*batch, plan.seed);
    let shape = Shape {
        activation,
        initializer,
        widths,
        batch,
        seed,
        predicted: &predicted,
    };
    let tallies = by_items(plan.workers, networks.networks, |index| shape.run(index))?;
    let rows = widths.iter().zip(&predicted).zip(&tallies.0).enumerate();
    rows.map(|(layer, ((width, law), tally))| {
        LayerRow::new(layer, *width, law, tally, batch as u64, plan.alpha)
    })
    .collect()
}

/// Mean, low and high of the networks' second moments.
fn interval(moments: &Moments, scale: f64, alpha: f64) -> Result<[f64; 3], Error> {
    let estimate = moments.mean_estimate()?.scaled(scale);
    let (low, high) = estimate.interval(alpha)?;
    Ok([estimate.value, low, high])
}
