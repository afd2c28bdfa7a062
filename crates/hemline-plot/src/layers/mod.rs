//! What can be drawn between two axes.

mod class_points;
mod histogram;
mod line;
mod points;
mod rule;
mod thinning;

pub use class_points::ClassPoints;
pub use histogram::Histogram;
pub use line::Line;
pub use points::Points;
pub use rule::Rule;
