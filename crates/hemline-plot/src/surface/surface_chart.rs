//! A surface in three dimensions with paths over it.

use crate::error::PlotError;
use crate::figure::Chart;
use crate::geometry::Rect;
use crate::heading;
use crate::legend;
use crate::scene::Scene;
use crate::surface::definition::Surface;
use crate::surface::fitted::FittedSurface;
use crate::surface::projection::View;
use crate::surface::tour::Tour;
use crate::surface::{cells, items, keys, outlook, walls};

/// Share of the height that is left free above and below the colour bars.
const BAR_INSET: f64 = 0.14;

/// A [`Surface`] seen from a direction, by orthographic projection.
///
/// Cells are coloured by their mean height and drawn from the back to the front; of a path only what the
/// surface does not hide is drawn. Each path has a hue of its own, which darkens with time; its start is a
/// square and its end a star.
///
/// A path through points *on* a surface lies a little under the flat cells that are drawn wherever the
/// surface is hollow. So whatever is within 1.2 % of the axis' length under the surface, and within 0.3 of
/// the height of its cell, counts as on it.
///
/// ```
/// use hemline_plot::{Axis, Figure, Surface, SurfaceChart, SurfaceGrid, SurfacePath};
///
/// let x: Vec<f64> = (0..21).map(|i| f64::from(i) / 10.0 - 1.0).collect();
/// let loss = |x: f64, y: f64| 0.4 + x * x + 3.0 * y * y;
/// let z: Vec<f64> = x.iter().flat_map(|&y| x.iter().map(move |&x| loss(x, y))).collect();
/// let path = SurfacePath::new("seed 1", &[0.9, 0.3, 0.0], &[0.8, 0.1, 0.0], &[3.2, 0.5, 0.4], &[0.0, 50.0, 100.0])?
///     .note("on the surface");
/// let surface = Surface::new("Loss", SurfaceGrid::new(&x, &x, &z)?)
///     .x(Axis::linear("PC 1 (61 % of the variance)"))
///     .y(Axis::linear("PC 2 (17 % of the variance)"))
///     .height(Axis::logarithmic("cross-entropy (nats)"))
///     .path(path);
/// let figure = Figure::new(SurfaceChart::new(surface).view(-50.0, 35.0)?).size(900.0, 640.0);
/// assert!(figure.to_svg()?.contains("PC 1 (61 % of the variance)"));
/// # Ok::<(), hemline_plot::PlotError>(())
/// ```
#[derive(Clone, Debug)]
pub struct SurfaceChart {
    surface: Surface,
    view: Option<View>,
    traces: bool,
    keys: bool,
}

impl SurfaceChart {
    /// The picture of `surface` from the azimuth −55° and 36° above the plane; where this hides more of the
    /// paths than another view would, from another side or from higher up.
    pub fn new(surface: Surface) -> Self {
        Self {
            surface,
            view: None,
            traces: false,
            keys: true,
        }
    }

    /// Sets where the viewer stands, in degrees: `azimuth` is the angle in the plane from the x axis
    /// towards the y axis, `elevation` ∈ (0, 90] the angle above the plane.
    ///
    /// # Errors
    ///
    /// [`PlotError::InvalidValue`] for an azimuth that is not finite or an elevation outside its domain.
    pub fn view(mut self, azimuth: f64, elevation: f64) -> Result<Self, PlotError> {
        self.view = Some(View::new(azimuth, elevation)?);
        Ok(self)
    }

    /// Draws the parts of paths that the surface hides, too: dotted and pale, as if it were of glass. Without
    /// it, a path at losses below the surface is not seen from above.
    #[must_use]
    pub fn with_hidden_parts(mut self) -> Self {
        self.traces = true;
        self
    }

    /// Leaves out the legend and the colour bars, for a chart that stands beside another one which has them.
    #[must_use]
    pub fn without_keys(mut self) -> Self {
        self.keys = false;
        self
    }
}

impl Chart for SurfaceChart {
    fn title(&self) -> &str {
        &self.surface.title
    }

    fn draw(&self, scene: &mut Scene, mut area: Rect) -> Result<(), PlotError> {
        let mut fitted = FittedSurface::new(&self.surface)?;
        fitted.grid = fitted.grid.thinned(cells::MOST_CELLS);
        let theme = scene.theme().clone();
        heading::draw(scene, &mut area, &self.surface.title);
        if self.keys {
            legend::draw(scene, &mut area, &keys::legend(&self.surface, &theme));
            let inset = area.height() * BAR_INSET;
            let span = (area.top + inset, area.bottom - inset);
            let shade = |share| theme.color_map.at(share);
            keys::color_bars(scene, &mut area, span, &fitted, &shade);
        }
        let view = self.view.unwrap_or_else(|| {
            let (azimuth, elevation) = outlook::choose(&fitted);
            View::of_degrees(azimuth, elevation)
        });
        let projection = walls::draw(scene, area, view, &fitted, &self.surface.title)?;
        let mut pieces = Vec::new();
        cells::push(&mut pieces, &fitted.grid, &projection, &theme);
        let tour = Tour {
            grid: &fitted.grid,
            projection: &projection,
            theme: &theme,
            paths: fitted.paths.len(),
            traces: self.traces,
        };
        for (run, path) in fitted.paths.iter().enumerate() {
            tour.push(&mut pieces, run, path);
        }
        items::draw(scene, pieces);
        Ok(())
    }
}
