//! What is to be shown: a grid, its axes, and the paths over it.

use crate::axis::Axis;
use crate::surface::grid::SurfaceGrid;
use crate::surface::path::SurfacePath;

/// A surface with its axes and paths, which [`SurfaceChart`](crate::SurfaceChart),
/// [`ContourChart`](crate::ContourChart) and [`SurfacePage`](crate::SurfacePage) show in their ways.
///
/// The x and y axes run over the grid, the height axis over the values of the grid and of the paths,
/// unless they have a range of their own. Whatever lies outside is a gap, as is what a logarithmic axis
/// cannot show; a cell of the grid is drawn where its four nodes are. Values are coloured along the
/// height axis, from its low to its high end.
#[derive(Clone, Debug)]
pub struct Surface {
    pub(crate) title: String,
    pub(crate) grid: SurfaceGrid,
    pub(crate) x: Axis,
    pub(crate) y: Axis,
    pub(crate) height: Axis,
    pub(crate) time: Axis,
    pub(crate) paths: Vec<SurfacePath>,
}

impl Surface {
    /// The surface of `grid` with linear axes without labels, and times called "iteration".
    pub fn new(title: impl Into<String>, grid: SurfaceGrid) -> Self {
        Self {
            title: title.into(),
            grid,
            x: Axis::linear(""),
            y: Axis::linear(""),
            height: Axis::linear(""),
            time: Axis::linear("iteration").whole_numbers(),
            paths: Vec::new(),
        }
    }

    /// Sets the title, for a picture that shows the same in another way; an empty one takes no room.
    #[must_use]
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.title = title.into();
        self
    }

    /// Sets the x axis.
    #[must_use]
    pub fn x(mut self, axis: Axis) -> Self {
        self.x = axis;
        self
    }

    /// Sets the y axis.
    #[must_use]
    pub fn y(mut self, axis: Axis) -> Self {
        self.y = axis;
        self
    }

    /// Sets the axis of the values, linear or logarithmic: the height in three dimensions, and the colour.
    #[must_use]
    pub fn height(mut self, axis: Axis) -> Self {
        self.height = axis;
        self
    }

    /// Sets the axis of the paths' times.
    #[must_use]
    pub fn time(mut self, axis: Axis) -> Self {
        self.time = axis;
        self
    }

    /// Adds a path.
    #[must_use]
    pub fn path(mut self, path: SurfacePath) -> Self {
        self.paths.push(path);
        self
    }
}
