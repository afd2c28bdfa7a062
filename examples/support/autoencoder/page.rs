//! `report.html`: the run as one page.

use hemline_plot::{Figure, HtmlReport, PlotError};

use super::measured::Measured;
use super::training::TrainingConfig;
use crate::support::table::Table;

/// What the page shows.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    pub(crate) facts: &'a [(&'static str, String)],
    pub(crate) config: &'a TrainingConfig,
    pub(crate) errors: &'a Table,
    pub(crate) by_class: &'a Table,
    pub(crate) measured: &'a Measured,
    pub(crate) figures: &'a Figures,
}

/// The figures, which are files of their own as well.
#[derive(Debug)]
pub(crate) struct Figures {
    pub(crate) loss: Figure,
    pub(crate) reconstructions: Figure,
    pub(crate) by_class: Figure,
    pub(crate) codes: Figure,
    pub(crate) interpolation: Figure,
    pub(crate) anomaly: Figure,
    pub(crate) denoising: Option<Figure>,
}

impl Figures {
    /// Each with the name of its file.
    pub(crate) fn named(&self) -> impl Iterator<Item = (&'static str, &Figure)> {
        let always = [
            ("loss.png", &self.loss),
            ("reconstructions.png", &self.reconstructions),
            ("by_class.png", &self.by_class),
            ("codes.png", &self.codes),
            ("interpolation.png", &self.interpolation),
            ("anomaly.png", &self.anomaly),
        ];
        let denoising = self
            .denoising
            .as_ref()
            .map(|figure| ("denoising.png", figure));
        always.into_iter().chain(denoising)
    }
}

pub(crate) fn build(contents: &Contents<'_>) -> anyhow::Result<HtmlReport> {
    let Contents {
        facts,
        config,
        errors,
        by_class,
        measured,
        figures,
    } = contents;
    let page = HtmlReport::new("An autoencoder, trained, measured and seen")
        .facts(facts)
        .section("Reconstructions")
        .figure(
            &figures.reconstructions,
            "The first two test images of different classes, and what comes back through the \
             bottleneck. The error is the mean squared difference of a pixel, black being 0 and white 1.",
        )?
        .figure(
            &figures.by_class,
            "Of each class the image whose error is the median. Red is too bright, blue too dark; the \
             colours end at ±0.5.",
        )?
        .section("Error");
    let page = table(page, errors)?
        .paragraph(
            "The principal components are the best that a linear code of the same size can do, so \
             they are the floor that the net has to get below. Both were made from the training \
             images alone. On these the net's error in the figure is the mean over an epoch, while \
             its weights move.",
        )
        .figure(
            &figures.loss,
            "The mean of the minibatches of each epoch, and where the two end on the test set.",
        )?
        .subsection("By class, on the test set");
    let page = table(page, by_class)?
        .section("Codes")
        .figure(
            &figures.codes,
            "The codes of the test images along their two directions of largest variance. The net \
             never saw a label.",
        )?
        .figure(
            &figures.interpolation,
            "On a straight line between two codes, decoded, a garment turns into another; between \
             the images themselves, one fades into the other.",
        )?
        .section("Anomalies")
        .paragraph(&measured.anomaly.sentence())
        .figure(
            &figures.anomaly,
            "What the net was not trained on, it reconstructs badly.",
        )?;
    let page = match (&figures.denoising, &measured.denoising) {
        (Some(figure), Some(denoising)) => page
            .section("Noise removed")
            .paragraph(&denoising.sentence())
            .figure(
                figure,
                "The net saw noisy images and was to give back the clean ones.",
            )?,
        _ => page,
    };
    Ok(page
        .section("Configuration")
        .preformatted(&serde_json::to_string_pretty(config)?))
}

fn table(page: HtmlReport, table: &Table) -> Result<HtmlReport, PlotError> {
    page.table(&table.header, &table.rows)
}
