//! A trajectory as seen from a plane, with what the picture of it leaves out.

use super::{PlaneLoss, workers};
use crate::{Error, SurfaceConfig, Trajectory};

/// A trajectory on a plane.
///
/// Its points do not lie in the plane: they are shown where they project to, and the surface there is
/// not the loss that the training had. So each point comes with the loss at its true parameters, the loss
/// at its projection, and its distance from the plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// What the trajectory is called.
    pub name: String,
    /// The number of iterations before each point.
    pub iterations: Vec<usize>,
    /// The coordinates of each point's projection.
    pub points: Vec<[f64; 2]>,
    /// The loss at the parameters of each point.
    pub loss: Vec<f64>,
    /// The loss at the projection of each point: the height of the surface.
    pub plane_loss: Vec<f64>,
    /// The distance of each point from the plane.
    pub distance: Vec<f64>,
}

impl Path {
    /// The projections of a trajectory's snapshots, in their order.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a plane of another dimension, [`Error::Io`].
    pub fn project(trajectory: &Trajectory, plane: &crate::Plane) -> Result<Vec<[f64; 2]>, Error> {
        (0..trajectory.len())
            .map(|index| plane.project(&trajectory.snapshot(index)?))
            .collect()
    }

    /// Measures every snapshot of a trajectory: `on_plane` at its projection, `anywhere` at its true
    /// parameters, such as [`ModuleLoss::at`](super::ModuleLoss::at).
    ///
    /// # Errors
    ///
    /// Those of the losses, [`Error::Length`] for a plane of another dimension, [`Error::Worker`],
    /// [`Error::Io`].
    pub fn measure(
        trajectory: &Trajectory,
        on_plane: &dyn PlaneLoss,
        anywhere: impl Fn(&[f32]) -> Result<f64, Error> + Sync,
        config: &SurfaceConfig,
    ) -> Result<Self, Error> {
        let plane = on_plane.plane();
        let count = trajectory.len();
        let mut path = Self {
            name: trajectory.name().to_owned(),
            iterations: trajectory.iterations().to_vec(),
            points: vec![[0.0; 2]; count],
            loss: vec![0.0; count],
            plane_loss: vec![0.0; count],
            distance: vec![0.0; count],
        };
        let measure = |index: usize| {
            let snapshot = trajectory.snapshot(index)?;
            let point = plane.project(&snapshot)?;
            let on_plane = on_plane.losses(&[point])?;
            Ok((
                point,
                anywhere(&snapshot)?,
                on_plane[0],
                plane.distance(&snapshot)?,
            ))
        };
        let mut accept = |index: usize, measured: ([f64; 2], f64, f64, f64)| {
            let (point, loss, plane_loss, distance) = measured;
            path.points[index] = point;
            path.loss[index] = loss;
            path.plane_loss[index] = plane_loss;
            path.distance[index] = distance;
            Ok(())
        };
        workers::run(config.workers, count, measure, &mut accept)?;
        Ok(path)
    }
}
