//! The grid on several devices, row by row on whichever has room.

use std::cell::RefCell;
use std::sync::Arc;

use hemline_landscape::{
    Error, Grid, Layout, ModuleLoss, Plane, PlaneLoss, Surface, SurfaceConfig, SurfaceObserver,
    SurfaceProgress,
};
use hemline_models::Mlp;
use hemline_train::fleet::{FleetError, Patience, PlaceEvent, StopToken, each};

use crate::support::classifier::ClassifierConfig;
use crate::support::device::Devices;
use crate::support::examples::Examples;
use crate::support::progress::GridProgress;
use crate::support::side_by_side::on_threads;

/// What every device needs to know of the surface.
pub(crate) struct SharedGrid<'a> {
    pub(crate) config: &'a ClassifierConfig,
    pub(crate) seed: u64,
    pub(crate) layout: &'a Layout,
    pub(crate) plane: &'a Plane,
    /// What the losses depend on besides the parameters.
    pub(crate) identity: &'a str,
    pub(crate) patience: Patience,
}

/// The examples on a device.
type Shared = Devices<Examples>;

impl SharedGrid<'_> {
    /// The devices called `names`, with the examples on each.
    pub(crate) fn devices(names: &[String], examples: &Examples) -> Shared {
        let examples = examples.clone();
        Devices::new(names, move |device| examples.on(device))
    }

    /// As [`Surface::compute`] with `plain`, `workers` rows at a time on each device.
    pub(crate) fn compute(
        &self,
        devices: &Shared,
        workers: usize,
        plain: &dyn PlaneLoss,
        grid: &Grid,
        config: &SurfaceConfig,
    ) -> anyhow::Result<Surface> {
        let places = devices.places(workers, |examples| examples, |examples| examples.device())?;
        let (network, seed) = (self.config.clone(), self.seed);
        let (layout, plane) = (self.layout.clone(), self.plane.clone());
        let identity = self.identity.to_owned();
        let progress = RefCell::new(GridProgress::new());
        let mut watch = |now: &SurfaceProgress| progress.borrow_mut().on_progress(now);
        let surface = Surface::compute_by(plain, grid, config, &mut watch, |rows, accept| {
            let points = rows.to_vec();
            let row = move |examples: &Arc<Examples>, row: usize, _: &StopToken| {
                // On one thread, as every row is, so that no sum depends on how many there are.
                on_threads(1, || {
                    let module = network.network(seed, examples.device())?;
                    let loss = |model: &Mlp| Ok(examples.evaluate(model)?.cross_entropy);
                    let loss = ModuleLoss::new(&module, &layout, &plane, &identity, loss)?;
                    Ok(loss.losses(&points[row])?)
                })?
            };
            let observe = |event: &PlaceEvent| progress.borrow().say(event);
            let accept = |index: usize, row: Vec<f64>| accept(index, row).map_err(Stopped::Row);
            each(places, rows.len(), self.patience, row, observe, accept)?;
            Ok(())
        })?;
        Ok(surface)
    }
}

/// Why the rows were not all computed.
enum Stopped {
    Row(Error),
    Fleet(FleetError),
}

impl From<FleetError> for Stopped {
    fn from(error: FleetError) -> Self {
        Self::Fleet(error)
    }
}

impl From<Stopped> for Error {
    fn from(stopped: Stopped) -> Self {
        match stopped {
            Stopped::Row(error) => error,
            Stopped::Fleet(error) => Self::Rows {
                source: error.into(),
            },
        }
    }
}
