//! The devices that a run names, as places of a fleet, for work that is shared between them.

use std::num::NonZeroUsize;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use anyhow::Context;
use burn::tensor::Device;
use hemline_train::fleet::Place;

use super::{can_be_lost, open, probe};

/// How long a device from before may take to say that it is still there.
const PATIENCE: Duration = Duration::from_secs(10);

/// Devices with what was put on them, `T`, which is made once on each and kept for as long as that lives.
pub(crate) struct Devices<T> {
    all: Vec<Arc<Named<T>>>,
}

/// What is made on a device.
type Make<T> = Box<dyn Fn(&Device) -> T + Send + Sync>;

struct Named<T> {
    name: String,
    can_be_lost: bool,
    make: Arc<Make<T>>,
    last: Mutex<Option<(Device, Arc<T>)>>,
}

impl<T: Send + Sync + 'static> Devices<T> {
    /// Those of these names; nothing is opened before a place of it is.
    pub(crate) fn new(
        names: &[String],
        make: impl Fn(&Device) -> T + Send + Sync + 'static,
    ) -> Self {
        let make: Arc<Make<T>> = Arc::new(Box::new(make));
        let named = |name: &String| {
            Arc::new(Named {
                name: name.clone(),
                can_be_lost: can_be_lost(name),
                make: Arc::clone(&make),
                last: Mutex::new(None),
            })
        };
        Self {
            all: names.iter().map(named).collect(),
        }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// How many of them compute on the cores of this machine.
    pub(crate) fn on_these_cores(&self) -> usize {
        self.all.iter().filter(|named| !named.can_be_lost).count()
    }

    /// Whether work goes to more than one, or to one that can be lost.
    pub(crate) fn are_a_fleet(&self) -> bool {
        self.count() > 1 || self.all.iter().any(|named| named.can_be_lost)
    }

    /// A place for `workers` jobs at a time on each; `session` makes what a job works with, and `device`
    /// says where that is.
    pub(crate) fn places<S: Send + Sync + 'static>(
        &self,
        workers: usize,
        session: impl Fn(Arc<T>) -> S + Clone + Send + Sync + 'static,
        device: fn(&S) -> &Device,
    ) -> anyhow::Result<Vec<Place<S>>> {
        let workers = NonZeroUsize::new(workers).unwrap_or(NonZeroUsize::MIN);
        let place = |named: &Arc<Named<T>>| {
            let name = named.name.clone();
            if !named.can_be_lost {
                return Ok(Place::here(name, workers, session(named.get()?)));
            }
            let (named, session) = (Arc::clone(named), session.clone());
            let open = move || Ok(session(named.get()?));
            let check = move |session: &S| Ok(probe(device(session))?);
            Ok(Place::elsewhere(name, workers, open, check))
        };
        self.all.iter().map(place).collect()
    }
}

impl<T> Named<T> {
    /// What was made on it before, if it still lives, or else on the device opened anew.
    fn get(&self) -> anyhow::Result<Arc<T>> {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((device, made)) = &*last
            && (!self.can_be_lost || lives(device.clone()))
        {
            return Ok(Arc::clone(made));
        }
        let device = open(&self.name)?;
        if self.can_be_lost {
            probe(&device).with_context(|| format!("`{}` does not compute", self.name))?;
        }
        let made = Arc::new((self.make)(&device));
        *last = Some((device, Arc::clone(&made)));
        Ok(made)
    }
}

/// Whether a device answers. The thread that asks one that hangs is left behind.
fn lives(device: Device) -> bool {
    let (sender, answer) = channel();
    let asking = std::thread::Builder::new()
        .name("probe".to_owned())
        .spawn(move || sender.send(probe(&device).is_ok()));
    asking.is_ok() && answer.recv_timeout(PATIENCE).unwrap_or(false)
}
