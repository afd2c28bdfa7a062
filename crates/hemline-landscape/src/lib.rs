//! The loss of any burn module as a surface over a plane in parameter space, with the way that training
//! took on it.
//!
//! parameters → [`Trajectory`] → [`Pca`] → [`Plane`] → [`Surface`] and [`Path`]s → [`Landscape`] in files.
//!
//! | to | use |
//! |---|---|
//! | turn a module into one vector and back | [`Layout`], [`flatten`], [`assign`], [`gradient`] |
//! | sample training from an observer | [`Trajectory`] |
//! | choose a plane: principal components, random directions, three points, a line, curvature | [`Pca`], [`Plane`], [`HessianPlane`] |
//! | compute the loss on a grid, on all cores, with a cache | [`Surface`], by a [`ModuleLoss`] or a [`DenseLoss`] |
//! | see what the picture leaves out | [`Path`]: true loss, loss on the plane, distance |
//! | keep it for other programs | [`Landscape`]: npz, VTK |
//!
//! No model type is known by name. A module is whatever burn calls one; its loss is a closure. Nothing is
//! printed; long work reports to a [`SurfaceObserver`].
//!
//! # Example
//!
//! A loss that is a bowl in three dimensions, and a way down into it:
//!
//! ```
//! use burn::module::{Module, Param};
//! use burn::tensor::{Device, Tensor};
//! use hemline_landscape::{
//!     Grid, Layout, ModuleLoss, Path, Pca, Plane, RunningStatistics, SamplingConfig, Surface,
//!     SurfaceConfig, Trajectory,
//! };
//!
//! #[derive(Module, Debug)]
//! struct Point {
//!     position: Param<Tensor<1>>,
//! }
//!
//! let at = |x: [f32; 3]| Point { position: Param::from_data(x, &Device::flex()) };
//! let last = at([0.0, 0.0, 0.0]);
//! let layout = Layout::of(&last, RunningStatistics::Fixed);
//! let mut trajectory = Trajectory::new("a run", layout.clone(), &SamplingConfig::every(1))?;
//! for (iteration, x) in [[4.0, 1.0, 0.0], [2.0, 0.5, 0.1], [1.0, 0.0, 0.0]].into_iter().enumerate() {
//!     trajectory.sample(iteration, &at(x))?;
//! }
//! trajectory.finish(3, &last)?;
//!
//! let pca = Pca::of(&[&trajectory], 2)?;
//! let plane = Plane::of_components(&pca, pca.mean.clone())?;
//! let loss = ModuleLoss::new(&last, &layout, &plane, "a bowl", |point: &Point| {
//!     let square = point.position.val().powi_scalar(2).sum();
//!     Ok(f64::from(square.try_into_scalar::<f32>()?))
//! })?;
//! let grid = Grid::around(Path::project(&trajectory, &plane)?, 0.2, [9, 7])?;
//! let config = SurfaceConfig::default();
//! let surface = Surface::compute(&loss, &grid, &config, &mut ())?;
//! let path = Path::measure(&trajectory, &loss, |point| loss.at(point), &config)?;
//! assert_eq!(surface.loss.len(), 63);
//! assert_eq!(path.loss, [17.0, 4.26, 1.0, 0.0].map(|l: f64| f64::from(l as f32)));
//! // The third direction is not on the plane.
//! assert!(path.distance.iter().all(|&distance| distance < 0.1));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod eigen;
mod error;
mod export;
mod gram;
mod grid;
mod parameters;
mod pca;
mod plane;
mod surface;
mod trajectory;
mod vectors;

pub use eigen::{Eigen, symmetric_eigen};
pub use error::{BoxedError, Error};
pub use export::Landscape;
pub use grid::Grid;
pub use parameters::{Entry, EntryKind, Layout, RunningStatistics, assign, flatten, gradient};
pub use pca::Pca;
pub use plane::{HessianConfig, HessianPlane, Normalization, Plane};
pub use surface::{
    DenseLayer, DenseLoss, DenseNetwork, ModuleLoss, Outputs, Path, PlaneLoss, SliceFunction,
    Surface, SurfaceConfig, SurfaceObserver, SurfaceProgress, softmax_cross_entropy,
};
pub use trajectory::{SamplingConfig, Trajectory};
