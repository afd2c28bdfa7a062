//! Every kind of chart with data like those of a real run, for the tests that look at all of them.

#![allow(dead_code, reason = "each test file uses other figures")]
#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

mod images;
mod landscape;
mod plots;
mod search;

use hemline_plot::*;

pub(crate) use images::*;
pub(crate) use landscape::*;
pub(crate) use plots::*;
pub(crate) use search::*;

/// A small generator (xorshift64*), so that the data are the same everywhere.
pub(crate) struct Noise(pub(crate) u64);

impl Noise {
    pub(crate) fn uniform(&mut self) -> f64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 11) as f64 / (1_u64 << 53) as f64
    }

    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

pub(crate) const CLASSES: [&str; 10] = [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
];

pub(crate) fn upto(n: usize) -> Vec<f64> {
    (1..=n).map(|i| i as f64).collect()
}

/// Every figure with its name.
pub(crate) fn all() -> Vec<(&'static str, Figure)> {
    vec![
        (
            "loss_last20",
            Figure::new(loss_of_last_iterations()).size(700.0, 400.0),
        ),
        ("curves", Figure::new(curves())),
        ("variance_by_depth", Figure::new(variance_by_depth())),
        ("density", Figure::new(density())),
        ("anomaly", Figure::new(anomaly_scores()).size(720.0, 400.0)),
        ("codes", Figure::new(codes()).size(860.0, 600.0)),
        ("importance", Figure::new(importance()).size(640.0, 300.0)),
        ("confusion", Figure::new(confusion()).size(760.0, 680.0)),
        ("heat_map", Figure::new(errors()).size(520.0, 400.0)),
        ("parallel_100", Figure::new(study(100)).size(1000.0, 520.0)),
        ("parallel_12", Figure::new(study(12)).size(900.0, 420.0)),
        ("tuning", Figure::new(tuning()).size(1100.0, 860.0)),
        (
            "reconstructions",
            Figure::new(reconstructions()).size(520.0, 520.0),
        ),
        ("most_wrong", Figure::new(most_wrong()).size(860.0, 460.0)),
        (
            "surface",
            Figure::new(SurfaceChart::new(landscape(50, 50, linear_loss()))).size(900.0, 620.0),
        ),
        (
            "surface_log",
            Figure::new(SurfaceChart::new(landscape(50, 50, log_loss()))).size(900.0, 620.0),
        ),
        (
            "surface_torn",
            Figure::new(SurfaceChart::new(torn())).size(800.0, 560.0),
        ),
        (
            "surface_hidden",
            Figure::new(SurfaceChart::new(off_the_plane()).with_hidden_parts()).size(700.0, 500.0),
        ),
        (
            "landscape",
            Figure::new(landscape_panels()).size(1300.0, 560.0),
        ),
        (
            "contour",
            Figure::new(ContourChart::new(landscape(50, 50, linear_loss()))).size(820.0, 560.0),
        ),
        (
            "contour_log",
            Figure::new(ContourChart::new(landscape(50, 50, log_loss()))).size(820.0, 560.0),
        ),
        (
            "contour_torn",
            Figure::new(ContourChart::new(torn())).size(760.0, 520.0),
        ),
    ]
}

/// The figure of this name.
pub(crate) fn named(name: &str) -> Figure {
    all()
        .into_iter()
        .find(|(other, _)| *other == name)
        .unwrap()
        .1
}

/// A page with text, tables and every figure.
pub(crate) fn report() -> HtmlReport {
    let mut page = HtmlReport::new("Hyper-parameter search on Fashion-MNIST")
        .paragraph(
            "The search saw the training and validation parts only; the test set was opened once.",
        )
        .section("Data")
        .facts(&[
            ("name", "Fashion-MNIST"),
            ("training images", "50,000"),
            (
                "SHA-256",
                "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
            ),
        ])
        .section("Search")
        .table(
            &["trial", "activation", "learning rate", "accuracy"],
            &[
                vec!["17", "ReLU", "0.0512", "88.9 %"],
                vec!["4", "SiLU", "0.0931", "88.7 %"],
            ],
        )
        .unwrap()
        .section("Figures");
    for (name, figure) in all() {
        page = page.figure(&figure, name).unwrap();
    }
    page.section("Configuration")
        .preformatted("{\n  \"hidden\": [50, 50, 50]\n}")
}
