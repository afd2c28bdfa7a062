//! The loss at every point of a grid on a plane.

mod cache;
mod dense;
mod module_loss;
mod observer;
mod path;
mod workers;

use std::num::NonZeroUsize;
use std::path::PathBuf;

pub use dense::{
    DenseLayer, DenseLoss, DenseNetwork, Outputs, SliceFunction, softmax_cross_entropy,
};
pub use module_loss::ModuleLoss;
pub use observer::{SurfaceObserver, SurfaceProgress};
pub use path::Path;

use crate::{Error, Grid, Plane};
use cache::Cache;

/// The loss at points of one plane.
///
/// [`ModuleLoss`] computes it for any module by a closure; [`DenseLoss`] much faster for dense networks.
pub trait PlaneLoss: Sync {
    /// The plane.
    fn plane(&self) -> &Plane;

    /// The loss at each of `points`, in their order; each number depends on its point alone. A loss that
    /// is not finite is returned as it is.
    ///
    /// # Errors
    ///
    /// Whatever keeps a loss from being computed.
    fn losses(&self, points: &[[f64; 2]]) -> Result<Vec<f64>, Error>;

    /// Everything besides the plane that the losses depend on, such as the data and the way of computing,
    /// so that a cache can tell them apart.
    fn identity(&self) -> String;
}

/// How a surface is computed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SurfaceConfig {
    /// The number of threads, or one for each core. The surface does not depend on it.
    pub workers: Option<NonZeroUsize>,
    /// A file that keeps each row of the grid as soon as it is computed. If it is there and of the same
    /// model, data, plane and grid, the rows in it are not computed again; else it is begun anew.
    pub cache: Option<PathBuf>,
}

/// The loss over a grid on a plane.
#[derive(Clone, Debug, PartialEq)]
pub struct Surface {
    /// Where.
    pub grid: Grid,
    /// The loss at (xᵢ, yⱼ), row-major [ny, nx]. Losses that are not finite are kept as they are.
    pub loss: Vec<f64>,
    /// The number of rows that came from the cache.
    pub cached_rows: usize,
}

impl Surface {
    /// Computes the loss at every point of `grid`, row by row, on all cores.
    ///
    /// Each worker is a rayon pool of one thread, so that what the loss computes stays on that thread and
    /// adds up in the same order; the surface is the same to the last bit for any number of workers.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for a grid of several rows on a line, [`Error::CacheLocked`] and [`Error::Io`]
    /// for the cache, [`Error::Worker`], and the errors of `loss`. Rows that were computed before an error
    /// stay in the cache.
    pub fn compute(
        loss: &dyn PlaneLoss,
        grid: &Grid,
        config: &SurfaceConfig,
        observer: &mut dyn SurfaceObserver,
    ) -> Result<Self, Error> {
        let workers = config.workers;
        Self::compute_by(loss, grid, config, observer, |rows, accept| {
            workers::run(workers, rows.len(), |row| loss.losses(&rows[row]), accept)
        })
    }

    /// The same, with the rows computed by `compute`, such as on several devices or machines.
    ///
    /// `compute` is given the points of each row that is not in the cache, and gives the losses of each, by
    /// the row's position, to its second argument, in any order; each must be what `loss` would make of it.
    ///
    /// ```
    /// # use hemline_landscape::{Error, Grid, PlaneLoss, Surface, SurfaceConfig};
    /// /// One row after the other, on this thread.
    /// fn slowly(loss: &dyn PlaneLoss, grid: &Grid) -> Result<Surface, Error> {
    ///     Surface::compute_by(loss, grid, &SurfaceConfig::default(), &mut (), |rows, accept| {
    ///         for (index, points) in rows.iter().enumerate() {
    ///             accept(index, loss.losses(points)?)?;
    ///         }
    ///         Ok(())
    ///     })
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Surface::compute`], those of `compute`, and [`Error::Length`] where a row is missing or has not
    /// one loss for each of its points.
    pub fn compute_by(
        loss: &dyn PlaneLoss,
        grid: &Grid,
        config: &SurfaceConfig,
        observer: &mut dyn SurfaceObserver,
        compute: impl FnOnce(
            &[Vec<[f64; 2]>],
            &mut dyn FnMut(usize, Vec<f64>) -> Result<(), Error>,
        ) -> Result<(), Error>,
    ) -> Result<Self, Error> {
        let (nx, ny) = (grid.x().len(), grid.y().len());
        if loss.plane().is_line() && grid.y() != [0.0] {
            return Err(Error::config("grid", "of one row, y = 0, on a line", ny));
        }
        let mut cache = match &config.cache {
            None => None,
            Some(path) => Some(Cache::open(path, &cache::key(loss, grid), [nx, ny])?),
        };
        let mut rows: Vec<Option<Vec<f64>>> = match &mut cache {
            None => vec![None; ny],
            Some(cache) => cache.take_rows(),
        };
        let missing: Vec<usize> = (0..ny).filter(|&row| rows[row].is_none()).collect();
        let cached_rows = ny - missing.len();
        let mut progress = observer::Clock::start(ny, cached_rows);
        observer.on_progress(&progress.now());
        let points: Vec<Vec<[f64; 2]>> = missing.iter().map(|&row| grid.row(row)).collect();
        compute(&points, &mut |index, row| {
            let Some(&missing) = missing.get(index) else {
                return Err(Error::config(
                    "a row to compute",
                    "one of those given",
                    index,
                ));
            };
            Error::check_length("a row of a surface", nx, row.len())?;
            if let Some(cache) = &mut cache {
                cache.write(missing, &row)?;
            }
            if rows[missing].replace(row).is_none() {
                progress.count();
                observer.on_progress(&progress.now());
            }
            Ok(())
        })?;
        let loss: Vec<f64> = rows.into_iter().flatten().flatten().collect();
        Error::check_length("a surface", nx * ny, loss.len())?;
        Ok(Self {
            grid: grid.clone(),
            loss,
            cached_rows,
        })
    }

    /// The least finite loss and where it is, the first among equals.
    pub fn minimum(&self) -> Option<([f64; 2], f64)> {
        let nx = self.grid.x().len();
        let finite = self.loss.iter().enumerate();
        let least = finite
            .filter(|(_, loss)| loss.is_finite())
            .min_by(|a, b| a.1.total_cmp(b.1))?;
        let (x, y) = (self.grid.x()[least.0 % nx], self.grid.y()[least.0 / nx]);
        Some(([x, y], *least.1))
    }
}
