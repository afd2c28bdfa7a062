//! The surface, the map and the line, as pictures.

use std::path::Path as FilePath;

use hemline_landscape::Path;
use hemline_plot::{
    Axis, ContourChart, Figure, Line, Panels, Plot, PlotError, Rule, Surface, SurfaceChart,
    SurfaceGrid, SurfacePage, SurfacePath,
};

use super::args::Height;
use super::planes::Chosen;

/// What the map is called where it stands beside the surface.
const MAP: &str = "The same as a map";

/// What the pictures show.
#[derive(Debug)]
pub(crate) struct Shown<'a> {
    pub(crate) surface: &'a hemline_landscape::Surface,
    pub(crate) chosen: &'a Chosen,
    pub(crate) paths: &'a [Path],
    pub(crate) height: Height,
    pub(crate) logarithmic: bool,
    pub(crate) subset: String,
}

impl Shown<'_> {
    fn loss_axis(&self) -> Axis {
        let label = "cross-entropy (nats)";
        if self.logarithmic {
            Axis::logarithmic(label)
        } else {
            Axis::linear(label)
        }
    }

    /// The surface with the paths at the heights that were asked for.
    fn surface(&self) -> Result<Surface, PlotError> {
        let grid = &self.surface.grid;
        let grid = SurfaceGrid::new(grid.x(), grid.y(), &self.surface.loss)?;
        let [x, y] = &self.chosen.axes;
        let title = format!("Cross-entropy on {} training images", self.subset);
        let mut surface = Surface::new(title, grid)
            .x(Axis::linear(x))
            .y(Axis::linear(y))
            .height(self.loss_axis());
        for path in self.paths {
            surface = surface.path(self.path(path)?);
        }
        Ok(surface)
    }

    fn path(&self, path: &Path) -> Result<SurfacePath, PlotError> {
        let along = |axis: usize| -> Vec<f64> { path.points.iter().map(|p| p[axis]).collect() };
        let (height, note) = match self.height {
            Height::True => (&path.loss, "at its true loss"),
            Height::Surface => (&path.plane_loss, "on the surface"),
        };
        let time: Vec<f64> = path.iterations.iter().map(|&i| i as f64).collect();
        SurfacePath::new(&path.name, &along(0), &along(1), height, &time)?
            .note(note)
            .column("loss at the true parameters", &path.loss)?
            .column("loss at the projection", &path.plane_loss)?
            .column("distance from the plane", &path.distance)
    }

    /// Writes all pictures into a folder; returns the names of the files.
    pub(crate) fn save(&self, out: &FilePath) -> Result<Vec<&'static str>, PlotError> {
        let landscape = self.landscape()?;
        landscape.save(out.join("landscape.png"))?;
        landscape.save(out.join("landscape.svg"))?;
        let mut files = vec!["landscape.png", "landscape.svg"];
        if !self.chosen.plane.is_line() {
            self.contour(None)?.save(out.join("contour.png"))?;
            self.page()?.save(out.join("landscape.html"))?;
            files.extend(["contour.png", "landscape.html"]);
        }
        Ok(files)
    }

    /// The surface with the map beside it, or the line where the plane is one.
    fn landscape(&self) -> Result<Figure, PlotError> {
        if self.chosen.plane.is_line() {
            return Ok(Figure::new(self.line()?).size(900.0, 520.0));
        }
        let surface = self.surface()?;
        let map = ContourChart::new(surface.clone().title(MAP)).without_keys();
        let mut chart = SurfaceChart::new(surface);
        // A true loss can lie below the surface, where the surface hides it.
        if self.height == Height::True {
            chart = chart.with_hidden_parts();
        }
        let panels = Panels::columns().panel(1.35, chart).panel(1.0, map);
        Ok(Figure::new(panels).size(1640.0, 700.0))
    }

    /// The map alone.
    fn contour(&self, title: Option<&str>) -> Result<Figure, PlotError> {
        let surface = self.surface()?;
        let surface = match title {
            Some(title) => surface.title(title),
            None => surface,
        };
        Ok(Figure::new(ContourChart::new(surface)).size(900.0, 640.0))
    }

    /// The surface to be turned by hand, with what has to be known about it.
    fn page(&self) -> Result<SurfacePage, PlotError> {
        let heights = match self.height {
            Height::True => {
                "The points of a run are drawn at the loss of its true parameters, which do not lie in \
                 the plane: they can float over the surface or be under it."
            }
            Height::Surface => {
                "The points of a run are drawn on the surface, where its parameters project to; the \
                 loss that it really had is another."
            }
        };
        SurfacePage::new(self.surface()?)
            .paragraph(&format!(
                "The plane goes {}. The loss is the mean over {} training images, without the L2 penalty.",
                self.chosen.describe(),
                self.subset
            ))
            .paragraph(&format!(
                "{heights} Beside a point stand both losses and its distance from the plane."
            ))
            .figure(&self.contour(Some(MAP))?, "Contours of the same losses, and the runs seen from above.")
    }

    fn line(&self) -> Result<Plot, PlotError> {
        let ends = self.paths.iter().filter_map(|path| {
            let last = path.points.len().checked_sub(1)?;
            Some((path.name.clone(), path.points[last][0]))
        });
        let mut plot = Plot::new(format!(
            "Cross-entropy on {} training images, between the ends of two runs",
            self.subset
        ))
        .x(Axis::linear(&self.chosen.axes[0]).tight())
        .y(self.loss_axis())
        .layer(Line::new(
            "on the line",
            self.surface.grid.x(),
            &self.surface.loss,
        )?);
        for (name, x) in ends.take(2) {
            plot = plot.layer(Rule::vertical(format!("end of {name}"), x));
        }
        Ok(plot.with_legend())
    }
}
