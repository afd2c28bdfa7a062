//! Charts that are more than layers between two axes.

mod bar_chart;
mod heat_map;
mod image_grid;
mod panels;
mod parallel_axes;
mod parallel_coordinates;
mod parallel_layout;
mod tile;

pub use bar_chart::BarChart;
pub use heat_map::HeatMap;
pub use image_grid::ImageGrid;
pub use panels::Panels;
pub use parallel_axes::Dimension;
pub use parallel_coordinates::{Better, ParallelCoordinates};
pub use tile::Tile;
