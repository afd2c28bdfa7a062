//! `report.json` and `report.html` of a search.

use hemline_data::LabelledImages;
use hemline_plot::HtmlReport;
use hemline_train::tune::StudyResult;
use serde::Serialize;

use crate::support::classifier::ClassifierConfig;
use crate::support::report::DataReport;
use crate::support::search::report::SearchReport;
use crate::support::{page, search};

/// The search in numbers.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    pub(crate) data: DataReport,
    pub(crate) device: String,
    pub(crate) seed: u64,
    pub(crate) sampler: String,
    pub(crate) tuning: SearchReport,
    /// The settings of the best trial.
    pub(crate) config: ClassifierConfig,
}

/// The search as a page.
pub(crate) fn page(
    report: &Report,
    images: &LabelledImages,
    names: &[String],
    result: &StudyResult,
) -> anyhow::Result<HtmlReport> {
    let title = format!("Hyper-parameter search on {}", report.data.provenance.name);
    let page = page::data(HtmlReport::new(title), &report.data, images, names)?
        .section("Search")
        .paragraph(search::page::HOW);
    let page = search::page::counts(page, result);
    let page = search::page::picture(page, result)?;
    let page = search::page::table(page, result)?
        .section("The best")
        .preformatted(&serde_json::to_string_pretty(&report.config)?);
    Ok(page)
}
