//! A search as a part of a page.

use hemline_plot::{HtmlReport, PlotError};
use hemline_train::tune::StudyResult;

use super::{charts, table};

/// What a search is, for the reader of a page.
pub(crate) const HOW: &str = "\
Every trial is trained on the training part and scored by its accuracy on the validation part. It is \
first trained for a third of its epochs, with its learning rate gone down to 0 by then; only the best \
are trained again in full (successive halving). The accuracy of the others is the one after that third. \
The test set was shut all the while.";

/// How many trials ended in which way.
pub(crate) fn counts(page: HtmlReport, result: &StudyResult) -> HtmlReport {
    let counts = result.counts();
    page.facts(&[
        ("trials", counts.trials.to_string()),
        ("completed", counts.completed.to_string()),
        ("stopped early", counts.pruned.to_string()),
        ("failed", counts.failed.to_string()),
        ("seconds", format!("{:.1}", result.seconds())),
    ])
}

/// Every trial over its parameters, what mattered, and how the best was found.
pub(crate) fn picture(page: HtmlReport, result: &StudyResult) -> Result<HtmlReport, PlotError> {
    page.figure(
        &charts::tuning("Search", result)?,
        "Each line is a trial; the best is drawn over all others. An importance is the share of the \
         differences between the trials, after their first third, that one parameter explains by itself.",
    )
}

/// The trials best first, and why some failed.
pub(crate) fn table(page: HtmlReport, result: &StudyResult) -> Result<HtmlReport, PlotError> {
    let table = table::best_first(result);
    let page = page.table(&table.header, &table.rows)?;
    let failures = table::failures(result);
    Ok(if failures.is_empty() {
        page
    } else {
        page.preformatted(&failures.join("\n"))
    })
}
