//! `report.html`: the run as one page.

use hemline_data::Provenance;
use hemline_init::Plan;
use hemline_plot::{Figure, HtmlReport, PlotError};

use super::charts::log_spread;
use super::checks::Measured;
use super::sweep::Sweep;
use super::text;
use super::weights::Weights;
use crate::support::data::grouped;
use crate::support::table::Table;

/// What the page shows.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) provenance: &'a Provenance,
    pub(crate) measured: &'a Measured,
    pub(crate) sweep: &'a Sweep,
    pub(crate) weights: &'a Weights,
    pub(crate) by_depth: &'a Figure,
    pub(crate) density: &'a Figure,
}

pub(crate) fn build(contents: &Contents<'_>) -> Result<HtmlReport, PlotError> {
    let Contents {
        plan,
        provenance,
        measured,
        sweep,
        weights,
        ..
    } = contents;
    let draws = grouped(usize::try_from(plan.draws).unwrap_or(usize::MAX));
    let page = HtmlReport::new("He initialization, every step measured").facts(&[
        ("draws", draws),
        ("seed", plan.seed.to_string()),
        ("confidence", format!("{} %", 100.0 * (1.0 - plan.alpha))),
        ("networks for each initializer", sweep.networks.to_string()),
        ("depth", sweep.depth.to_string()),
        ("width", sweep.width.to_string()),
        ("data", provenance.name.to_string()),
    ]);
    let page = page.section("The steps").paragraph(text::CHECKS);
    let page = table(page, &measured.checks_table())?.figure(
        contents.density,
        "Step (b), under three weight laws: what was drawn, with its interval, and what the formula says.",
    )?;
    let page = page
        .section("Each assumption broken")
        .paragraph(text::COUNTER_EXAMPLES);
    let page = table(page, &measured.counter_examples_table())?
        .paragraph("Where the exact values come from:");
    let page = table(page, &reasons(measured))?;
    let page = page
        .section("Through depth")
        .paragraph(&sweep.introduction());
    let page = table(page, &sweep.layers_table())?
        .figure(
            contents.by_depth,
            "Lines are measured, dots predicted. Glorot's and LeCun's laws are one law where all \
             layers are equally wide.",
        )?
        .paragraph(text::ENDS);
    let mut page = table(page, &sweep.ends_table())?;
    if let Some(figure) = log_spread(sweep)? {
        page = page.figure(
            &figure,
            "The law keeps the mean over networks; each single network wanders off, the more the \
             deeper and narrower it is.",
        )?;
    }
    let page = page.section("In a network").paragraph(text::WEIGHTS);
    let page = page.paragraph(&format!("Trained for {} epochs.", weights.epochs));
    table(page, &weights.table())
}

fn table(page: HtmlReport, table: &Table) -> Result<HtmlReport, PlotError> {
    page.table(&table.header, &table.rows)
}

/// The formula behind each counter-example's exact value.
fn reasons(measured: &Measured) -> Table {
    let mut table = Table::new(4, ["step", "broken assumption", "what is wrong", "formula"]);
    for example in &measured.counter_examples {
        table.push([
            example.check.step,
            example.broken,
            if example.factor.is_some() {
                "factor"
            } else {
                "value"
            },
            example.why,
        ]);
    }
    table
}
