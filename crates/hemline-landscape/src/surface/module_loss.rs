//! The plain path: any module, any loss, one evaluation for each point.

use std::sync::{Mutex, PoisonError};

use burn::module::Module;
use sha2::{Digest, Sha256};

use super::PlaneLoss;
use crate::error::BoxedError;
use crate::{Error, Layout, Plane, RunningStatistics, assign, flatten};

/// The loss of any burn module, on any device, by a closure.
///
/// At each point the parameters are put into a copy of the module, without autodiff, and `loss` is
/// called on it. Running statistics are as the layout's [`RunningStatistics`] says.
pub struct ModuleLoss<'a, M, F> {
    /// Shared by the workers, each of which takes copies.
    module: Mutex<M>,
    layout: &'a Layout,
    plane: &'a Plane,
    identity: String,
    loss: F,
}

impl<'a, M, F> ModuleLoss<'a, M, F>
where
    M: Module,
    F: Fn(&M) -> Result<f64, BoxedError> + Sync,
{
    /// The loss of `module` on `plane`. `identity` says what `loss` depends on besides the parameters: the
    /// data, the number of examples, the kind of loss and of module.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a plane of another dimension than the layout; [`Error::Layout`] and
    /// [`Error::Device`] where the module cannot be read.
    pub fn new(
        module: &M,
        layout: &'a Layout,
        plane: &'a Plane,
        identity: impl Into<String>,
        loss: F,
    ) -> Result<Self, Error> {
        Error::check_length("the plane's origin", layout.dimension(), plane.dimension())?;
        let mut identity = identity.into();
        identity.push_str(&fingerprint(module, layout)?);
        Ok(Self {
            module: Mutex::new(module.valid()),
            layout,
            plane,
            identity,
            loss,
        })
    }

    /// The loss at any parameters, on the plane or not.
    ///
    /// # Errors
    ///
    /// [`Error::Length`], and [`Error::Loss`] with the closure's error.
    pub fn at(&self, parameters: &[f32]) -> Result<f64, Error> {
        self.at_place(parameters, || "at given parameters".to_owned())
    }

    fn at_place(&self, parameters: &[f32], place: impl Fn() -> String) -> Result<f64, Error> {
        let module = {
            let shared = self.module.lock().unwrap_or_else(PoisonError::into_inner);
            shared.clone()
        };
        let module = assign(&module, self.layout, parameters)?;
        (self.loss)(&module).map_err(|source| Error::Loss {
            place: place(),
            source,
        })
    }
}

/// What of a module is not on the plane: the names and shapes, and the buffers that stay fixed.
fn fingerprint<M: Module>(module: &M, layout: &Layout) -> Result<String, Error> {
    let all = Layout::of(module, RunningStatistics::Moving);
    let values = flatten(module, &all)?;
    let mut hash = Sha256::new();
    for entry in &all.entries {
        hash.update(format!("{} {:?}\n", entry.name, entry.shape));
        if layout.entry(&entry.name).is_none() {
            for value in &values[entry.range()] {
                hash.update(value.to_le_bytes());
            }
        }
    }
    Ok(format!("; module {:x?}", hash.finalize().as_slice()))
}

impl<M, F> PlaneLoss for ModuleLoss<'_, M, F>
where
    M: Module,
    F: Fn(&M) -> Result<f64, BoxedError> + Sync,
{
    fn plane(&self) -> &Plane {
        self.plane
    }

    fn losses(&self, points: &[[f64; 2]]) -> Result<Vec<f64>, Error> {
        points
            .iter()
            .map(|&[x, y]| self.at_place(&self.plane.lift([x, y]), || format!("at ({x}, {y})")))
            .collect()
    }

    fn identity(&self) -> String {
        format!("by module: {}", self.identity)
    }
}

impl<M, F> std::fmt::Debug for ModuleLoss<'_, M, F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ModuleLoss")
            .field("identity", &self.identity)
            .finish_non_exhaustive()
    }
}
