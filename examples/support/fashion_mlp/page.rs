//! `report.html`: the run as one page, from the data to the mistakes.

use hemline_data::LabelledImages;
use hemline_plot::HtmlReport;
use hemline_train::tune::StudyResult;

use super::charts;
use super::difference::Difference;
use super::finals::{Finals, Scores};
use crate::support::data::grouped;
use crate::support::report::DataReport;
use crate::support::search::run::Chosen;
use crate::support::table::Table;
use crate::support::{page, search};

/// One kind of network, from its search to its test.
#[derive(Debug)]
pub(crate) struct Contender<'a> {
    pub(crate) search: &'a StudyResult,
    pub(crate) chosen: &'a Chosen,
    pub(crate) finals: &'a Finals,
    pub(crate) scores: &'a Scores,
}

/// What the page shows.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    pub(crate) data: &'a DataReport,
    pub(crate) names: &'a [String],
    pub(crate) images: &'a LabelledImages,
    pub(crate) test: &'a LabelledImages,
    pub(crate) seeds: &'a [u64],
    pub(crate) base: Contender<'a>,
    pub(crate) variant: Contender<'a>,
    pub(crate) difference: &'a Difference,
    /// How many of the last losses are shown.
    pub(crate) last: usize,
}

pub(crate) fn build(contents: &Contents<'_>) -> anyhow::Result<HtmlReport> {
    let page = HtmlReport::new(format!(
        "A multilayer perceptron on {}",
        contents.data.provenance.name
    ));
    let page = summary(page, contents)?;
    let page = page::data(page, contents.data, contents.images, contents.names)?;
    let page = page.section("The search").paragraph(search::page::HOW);
    let page = search::page::counts(page, contents.base.search);
    let page = search::page::picture(page, contents.base.search)?;
    let page = search::page::table(page, contents.base.search)?;
    let page = page.section("The network").paragraph(
        "The best completed trial, trained once more to the same score for its curves, and then with \
         the same settings on all the images, for more epochs and with its schedule stretched to them.",
    );
    let page = contender(page, &contents.base, contents.last)?;
    let page = page.section("The variant").paragraph(
        "Wider networks with AdamW: width alone; with BatchNorm and Dropout; and with another \
         activation or smoothed labels on top. They are compared on the same validation part after a \
         few epochs, and the best is trained for longer on all the images.",
    );
    let page = search::page::counts(page, contents.variant.search);
    let page = search::page::table(page, contents.variant.search)?;
    let page = contender(page, &contents.variant, contents.last)?;
    test(page, contents)
}

fn summary(page: HtmlReport, contents: &Contents<'_>) -> anyhow::Result<HtmlReport> {
    let mut table = Table::new(2, ["", "network", "parameters", "validation", "test"]);
    for (name, contender) in [("base", &contents.base), ("variant", &contents.variant)] {
        let (validation, _) = contender.chosen.validation();
        table.push([
            name.to_owned(),
            contender.chosen.config.describe(),
            grouped(contender.chosen.config.model.parameters()),
            format!("{:.2} %", 100.0 * validation),
            contender.scores.to_string(),
        ]);
    }
    let verdict = if contents.difference.is_clear() {
        "every interval excludes zero"
    } else {
        "not every interval excludes zero"
    };
    let page = page.table(&table.header, &table.rows)?.paragraph(&format!(
        "The variant's test accuracy less the base network's: {}; {verdict}. The test set was opened \
         once, after both choices were frozen.",
        contents.difference
    ));
    Ok(page)
}

fn contender(
    page: HtmlReport,
    contender: &Contender<'_>,
    last: usize,
) -> anyhow::Result<HtmlReport> {
    let losses = contender.finals.first().history.last_losses(last);
    let page = page
        .preformatted(&serde_json::to_string_pretty(&contender.chosen.config)?)
        .figure(
            &charts::curves(contender.chosen, contender.finals)?,
            "A training loss is the mean over an epoch's minibatches, while the parameters move and \
             with Dropout at work; the validation loss is measured at the end of the epoch.",
        )?
        .figure(
            &crate::support::charts::last_losses(losses)?,
            "The last iterations of the final training.",
        )?;
    Ok(page)
}

fn test(page: HtmlReport, contents: &Contents<'_>) -> anyhow::Result<HtmlReport> {
    let mut table = Table::new(1, ["seed", "base", "variant", "difference"]);
    let pairs = contents
        .base
        .scores
        .0
        .iter()
        .zip(&contents.variant.scores.0);
    for (seed, (base, variant)) in contents.seeds.iter().zip(pairs) {
        table.push([
            seed.to_string(),
            format!("{:.2} %", 100.0 * base.accuracy),
            format!("{:.2} %", 100.0 * variant.accuracy),
            format!("{:+.2}", 100.0 * (variant.accuracy - base.accuracy)),
        ]);
    }
    let mut page = page.section("Test").table(&table.header, &table.rows)?;
    for (name, contender) in [("base", &contents.base), ("variant", &contents.variant)] {
        let evaluation = contender.scores.first();
        let title = format!("Confusion matrix, {name}");
        page = page.figure(
            &charts::confusion(&title, contents.names, evaluation)?,
            "Rows are the true classes, columns the answers, numbers the test images.",
        )?;
        let title = format!("Most confidently wrong, {name}");
        if let Some(figure) = charts::mistakes(&title, contents.test, contents.names, evaluation)? {
            page = page.figure(&figure, "The wrong answers that the network was surest of.")?;
        }
    }
    Ok(page)
}
