//! Charts, image grids and reports from plain slices, as PNG, SVG and self-contained HTML.
//!
//! A [`Chart`] draws itself into a rectangle of a [`Scene`], a list of marks in logical pixels. A [`Figure`]
//! gives a chart a size, and turns its scene into PNG and SVG by plotters; so both show the same. There
//! is one place for each thing that all charts share: [`Theme`] for looks, [`Extent`] for ranges, [`Frame`]
//! for axes.
//!
//! | to show | use |
//! |---|---|
//! | series, bands, distributions, points by class, limits | [`Plot`] with the layers [`Line`], [`Histogram`], [`Points`], [`ClassPoints`], [`Rule`] |
//! | named values | [`BarChart`] |
//! | a table of values, a confusion matrix | [`HeatMap`] |
//! | many trials over many parameters | [`ParallelCoordinates`] |
//! | images | [`ImageGrid`] of [`Tile`]s |
//! | a loss surface and the runs over it | a [`Surface`] as [`SurfaceChart`] in three dimensions, as [`ContourChart`] on a map, as [`SurfacePage`] to be turned by hand |
//! | several of these in one figure | [`Panels`] |
//! | text, tables and figures on one page | [`HtmlReport`] |
//!
//! A new kind of layer or chart is a type that implements [`Layer`] or [`Chart`].
//!
//! Decisions:
//!
//! - NaN and infinite values are gaps and never set a range; a chart with nothing else is a
//!   [`PlotError`]. No input makes a chart panic or run for ever.
//! - A million points take about as long as the picture has pixels: what cannot be told apart is drawn
//!   once.
//! - The font is part of the crate, so that a machine without fonts draws the same bytes.
//! - A surface is drawn from the back to the front, and of a path over it only what the surface does not
//!   hide. The page that shows it to be turned by hand holds plotly.js (MIT, in vendor/plotly); all other
//!   pages run nothing.
//! - Files are written to a temporary name and renamed.
//! - Texts that are too long are cut with "…"; a figure that is too small for its labels is an error.
//!
//! ```
//! use hemline_plot::{Axis, Figure, HeatMap, Histogram, Line, Panels, Plot};
//!
//! let errors = [0.008, 0.009, 0.011, 0.010, 0.013, 0.009];
//! let scores = Plot::new("Reconstruction error")
//!     .x(Axis::linear("mean squared error"))
//!     .y(Axis::linear("density").from_zero())
//!     .layer(Histogram::new("test images", &errors)?)
//!     .layer(Line::of_function("expected", (0.006, 0.014), |x| 9e3 * x)?);
//! let confusion = HeatMap::confusion("Test set", &["Coat", "Shirt"], &[90, 10, 7, 93])?;
//! let figure = Figure::new(Panels::columns().panel(1.4, scores).panel(1.0, confusion));
//! let folder = tempfile::tempdir()?;
//! figure.save(folder.path().join("test.png"))?;
//! figure.save(folder.path().join("test.svg"))?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod axis;
mod charts;
mod color;
mod color_bar;
mod dash;
mod error;
mod extent;
mod figure;
mod font;
mod frame;
mod geometry;
mod heading;
mod html;
mod layers;
mod legend;
mod marker;
mod number;
mod plot;
mod png_image;
mod raster;
mod scene;
mod surface;
mod svg;
mod theme;
mod tick_layout;
mod ticks;
mod write;

pub use axis::{Axis, Scale};
pub use charts::{
    BarChart, Better, Dimension, HeatMap, ImageGrid, Panels, ParallelCoordinates, Tile,
};
pub use color::{Color, ColorMap, PALETTE};
pub use dash::Dash;
pub use error::PlotError;
pub use extent::Extent;
pub use figure::{Chart, Figure};
pub use frame::Frame;
pub use geometry::{Point, Rect};
pub use html::HtmlReport;
pub use layers::{ClassPoints, Histogram, Line, Points, Rule};
pub use legend::{LegendEntry, Symbol};
pub use marker::Marker;
pub use number::short as short_number;
pub use plot::{Layer, Plot};
pub use scene::{Align, Scene, Text};
pub use surface::{ContourChart, Surface, SurfaceChart, SurfaceGrid, SurfacePage, SurfacePath};
pub use theme::Theme;
