//! A function of two variables and the paths over it, in three dimensions, as a contour map, as a page.

mod cells;
mod contour_chart;
mod contour_labels;
mod definition;
mod fitted;
mod grid;
mod isolines;
mod items;
mod keys;
mod outlook;
mod page;
mod path;
mod projection;
mod route;
mod run_color;
mod surface_chart;
mod tour;
mod wall_labels;
mod walls;

pub use contour_chart::ContourChart;
pub use definition::Surface;
pub use grid::SurfaceGrid;
pub use page::SurfacePage;
pub use path::SurfacePath;
pub use surface_chart::SurfaceChart;
