//! The parts of a page that more than one example writes.

use hemline_data::LabelledImages;
use hemline_plot::{HtmlReport, PlotError};

use super::charts;
use super::data::grouped;
use super::report::DataReport;

/// What the data are, how they are divided, and one image of each class.
pub(crate) fn data(
    page: HtmlReport,
    data: &DataReport,
    images: &LabelledImages,
    names: &[String],
) -> Result<HtmlReport, PlotError> {
    let (height, width) = (images.images().height(), images.images().width());
    let provenance = &data.provenance;
    let mut page = page.section("Data");
    if let Some(fallback) = &provenance.fallback {
        page = page.preformatted(&fallback.to_string());
    }
    let page = page.facts(&[
        ("name", provenance.name.clone()),
        ("source", provenance.source.clone()),
        ("SHA-256 of the content", provenance.sha256.clone()),
        (
            "images",
            format!("{height} × {width} pixels, {} classes", names.len()),
        ),
        ("to train on", grouped(data.train)),
        (
            "of these, held out while choosing",
            grouped(data.validation),
        ),
        ("to test on", grouped(data.test)),
    ]);
    match charts::one_of_each(images, names)? {
        Some(figure) => page.figure(&figure, "One training image of each class."),
        None => Ok(page),
    }
}
