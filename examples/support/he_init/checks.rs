//! The steps of the derivation, their counter-examples and the densities of step (b), out of one budget.

use hemline_init::{
    Check, CounterExample, DensityRow, Error, IndependentNeuron, Plan, WeightDistribution,
    check_all, constant_law, counter_examples, density_rows, rectified_normal_law, weight_law,
};

use crate::support::data::grouped;
use crate::support::table::{Table, decimals, interval, yes_or};

/// Inputs n of the neuron whose steps are checked.
pub(crate) const FAN_IN: usize = 8;

/// Inputs of the neurons of the counter-examples: few, because sums of many hide an asymmetric law.
const COUNTER_EXAMPLE_FAN_IN: usize = 4;

/// Bins of each histogram.
const BINS: usize = 128;

/// The x that is held constant for the densities.
pub(crate) const HELD_INPUT: f64 = 0.5;

/// The weight laws whose densities are drawn.
const SHAPES: [(&str, WeightDistribution); 3] = [
    ("normal weights", WeightDistribution::Normal),
    ("uniform weights", WeightDistribution::Uniform),
    (
        "truncated normal weights",
        WeightDistribution::TruncatedNormal,
    ),
];

/// The density of z = wx under one weight law.
#[derive(Debug)]
pub(crate) struct Density {
    pub(crate) weights: &'static str,
    pub(crate) rows: Vec<DensityRow>,
}

/// Everything that is measured on single neurons.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) checks: Vec<Check>,
    pub(crate) counter_examples: Vec<CounterExample>,
    pub(crate) densities: Vec<Density>,
}

impl Measured {
    /// Half of the draws for the steps, four tenths for the counter-examples, a tenth for the densities.
    pub(crate) fn new(plan: &Plan) -> Result<Self, Error> {
        let tenths = |count: u64| Plan {
            draws: plan.draws / 10 * count,
            ..*plan
        };
        // Inputs as a ReLU leaves them, and weights that are not normal, for which nothing is asked.
        let neuron = IndependentNeuron {
            weights: weight_law(WeightDistribution::Uniform, 2.0 / FAN_IN as f64)?,
            inputs: rectified_normal_law(1.0)?,
        };
        let checks = check_all(&neuron, FAN_IN, &tenths(5))?;
        let counter_examples = counter_examples(COUNTER_EXAMPLE_FAN_IN, &tenths(4))?;
        let share = Plan {
            draws: tenths(1).draws / SHAPES.len() as u64,
            ..*plan
        };
        let density = |(weights, shape)| {
            let neuron = IndependentNeuron {
                weights: weight_law(shape, 2.0 / FAN_IN as f64)?,
                inputs: constant_law(HELD_INPUT)?,
            };
            let rows = density_rows(&neuron, BINS, &share)?;
            Ok(Density { weights, rows })
        };
        Ok(Self {
            checks,
            counter_examples,
            densities: SHAPES
                .into_iter()
                .map(density)
                .collect::<Result<_, Error>>()?,
        })
    }

    pub(crate) fn checks_table(&self) -> Table {
        let mut table = Table::new(
            2,
            [
                "step",
                "formula",
                "predicted",
                "measured",
                "interval",
                "draws",
                "holds",
            ],
        );
        for check in &self.checks {
            let digits = decimals(check.low, check.high);
            table.push([
                check.step.to_owned(),
                check.formula.to_owned(),
                format!("{:.digits$}", check.predicted),
                format!("{:.digits$}", check.measured),
                interval(check.low, check.high, digits),
                grouped(usize::try_from(check.draws).unwrap_or(usize::MAX)),
                yes_or(check.holds, "NO"),
            ]);
        }
        table
    }

    pub(crate) fn counter_examples_table(&self) -> Table {
        let mut table = Table::new(
            2,
            [
                "step",
                "broken assumption",
                "law says",
                "exact",
                "measured",
                "interval",
                "caught",
            ],
        );
        for example in &self.counter_examples {
            let check = &example.check;
            let (times, numbers) = match example.factor {
                Some(factor) => (
                    "× ",
                    [1.0, factor.exact, factor.measured, factor.low, factor.high],
                ),
                None => {
                    let Check {
                        predicted,
                        measured,
                        low,
                        high,
                        ..
                    } = *check;
                    ("", [predicted, example.exact, measured, low, high])
                }
            };
            let [claimed, exact, measured, low, high] = numbers;
            let digits = decimals(low, high);
            table.push([
                check.step.to_owned(),
                example.broken.to_owned(),
                format!("{times}{claimed}"),
                format!("{times}{exact:.digits$}"),
                format!("{times}{measured:.digits$}"),
                interval(low, high, digits),
                yes_or(example.caught, "NO"),
            ]);
        }
        table
    }

    /// What did not come out as the theory says, in words.
    pub(crate) fn failures(&self) -> Vec<String> {
        let steps = self.checks.iter().filter(|check| !check.holds);
        let steps = steps.map(|check| format!("step {} does not hold", check.step));
        let missed = self.counter_examples.iter().filter_map(|example| {
            let (step, broken) = (example.check.step, example.broken);
            if !example.caught {
                Some(format!("step {step} did not catch: {broken}"))
            } else if !example.agrees {
                Some(format!(
                    "step {step} deviates, but not as predicted, for: {broken}"
                ))
            } else {
                None
            }
        });
        steps.chain(missed).collect()
    }
}
