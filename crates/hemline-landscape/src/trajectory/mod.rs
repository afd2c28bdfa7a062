//! The way of the parameters through training, sampled.

mod store;

use std::ops::Range;
use std::path::PathBuf;

use burn::module::Module;

use crate::{Error, Layout, flatten};
use store::Store;

/// How often a trajectory is sampled, and how much of it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SamplingConfig {
    /// A snapshot is taken every so many iterations, at least 1.
    pub every: usize,
    /// The most snapshots that are kept, at least 2. When one more is due, every second one is dropped
    /// and `every` doubles, so that those kept still stand evenly from the first on.
    pub most: usize,
    /// A folder for an unnamed temporary file that holds the snapshots, which else are in memory. The
    /// system removes it when the trajectory is dropped or the process ends, however it ends.
    pub spill: Option<PathBuf>,
}

impl SamplingConfig {
    /// A snapshot every `every` iterations, at most 500, in memory.
    pub fn every(every: usize) -> Self {
        Self {
            every,
            most: 500,
            spill: None,
        }
    }

    /// Sets the most snapshots that are kept.
    #[must_use]
    pub fn at_most(mut self, most: usize) -> Self {
        self.most = most;
        self
    }

    /// Keeps the snapshots in a temporary file in `folder`.
    #[must_use]
    pub fn spilled(mut self, folder: impl Into<PathBuf>) -> Self {
        self.spill = Some(folder.into());
        self
    }

    fn check(&self) -> Result<(), Error> {
        if self.every == 0 {
            return Err(Error::config("every", "at least 1", 0));
        }
        if self.most < 2 {
            return Err(Error::config("most", "at least 2", self.most));
        }
        Ok(())
    }
}

/// Snapshots θ₀, θ₁, … ∈ Rᵖ of a module's parameters, each with the number of iterations before it.
///
/// It is filled from an observer of the training loop: once with the initial module, then after each
/// iteration, which samples only when one is due, and once at the end.
///
/// ```
/// use burn::module::{Module, Param};
/// use burn::tensor::{Device, Tensor};
/// use hemline_landscape::{Layout, RunningStatistics, SamplingConfig, Trajectory};
///
/// #[derive(Module, Debug)]
/// struct Point {
///     position: Param<Tensor<1>>,
/// }
///
/// let at = |x: f32| Point { position: Param::from_data([x, -x], &Device::flex()) };
/// let layout = Layout::of(&at(0.0), RunningStatistics::Fixed);
/// let mut trajectory = Trajectory::new("a run", layout, &SamplingConfig::every(2))?;
/// for iteration in 0..=5 {
///     trajectory.sample(iteration, &at(iteration as f32))?;
/// }
/// trajectory.finish(5, &at(5.0))?;
/// assert_eq!(trajectory.iterations(), [0, 2, 4, 5]);
/// assert_eq!(trajectory.snapshot(3)?, [5.0, -5.0]);
/// # Ok::<(), hemline_landscape::Error>(())
/// ```
#[derive(Debug)]
pub struct Trajectory {
    name: String,
    layout: Layout,
    iterations: Vec<usize>,
    every: usize,
    most: usize,
    store: Store,
}

impl Trajectory {
    /// A trajectory without snapshots, called `name` in legends.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] for a setting outside its domain or a layout without parameters,
    /// [`Error::Io`] where the temporary file cannot be made.
    pub fn new(
        name: impl Into<String>,
        layout: Layout,
        config: &SamplingConfig,
    ) -> Result<Self, Error> {
        config.check()?;
        if layout.dimension() == 0 {
            return Err(Error::config("layout", "of at least one parameter", "none"));
        }
        let store = Store::new(layout.dimension(), config.spill.as_deref())?;
        Ok(Self {
            name: name.into(),
            layout,
            iterations: Vec::new(),
            every: config.every,
            most: config.most,
            store,
        })
    }

    /// Whether a snapshot is due after `iteration` iterations: what to ask first where the module has to be
    /// made for it.
    pub fn is_due(&self, iteration: usize) -> bool {
        let full = self.iterations.len() >= self.most;
        let every = self.every.saturating_mul(if full { 2 } else { 1 });
        iteration.is_multiple_of(every)
    }

    /// Takes a snapshot if one is due after `iteration` iterations; says whether it did.
    ///
    /// # Errors
    ///
    /// Those of [`flatten`], and [`Error::Io`] where the temporary file cannot be written.
    pub fn sample<M: Module>(&mut self, iteration: usize, module: &M) -> Result<bool, Error> {
        if !self.is_due(iteration) {
            return Ok(false);
        }
        if self.iterations.len() >= self.most {
            self.thin()?;
        }
        self.push(iteration, &flatten(module, &self.layout)?)?;
        Ok(true)
    }

    /// Takes the last snapshot, due or not, unless it was taken already. It may be one more than the
    /// most.
    ///
    /// # Errors
    ///
    /// As [`sample`](Self::sample).
    pub fn finish<M: Module>(&mut self, iteration: usize, module: &M) -> Result<(), Error> {
        if self.iterations.last() == Some(&iteration) {
            return Ok(());
        }
        self.push(iteration, &flatten(module, &self.layout)?)
    }

    /// Adds a snapshot from elsewhere, due or not: `vector` ∈ Rᵖ in the order of the layout.
    ///
    /// # Errors
    ///
    /// [`Error::Length`] for a vector of another length, [`Error::Io`].
    pub fn push(&mut self, iteration: usize, vector: &[f32]) -> Result<(), Error> {
        Error::check_length("a snapshot", self.layout.dimension(), vector.len())?;
        self.store.push(vector)?;
        self.iterations.push(iteration);
        Ok(())
    }

    /// Drops every second snapshot and doubles the distance between them.
    fn thin(&mut self) -> Result<(), Error> {
        self.every = self.every.saturating_mul(2);
        let keep: Vec<usize> = (0..self.iterations.len())
            .filter(|&index| self.iterations[index].is_multiple_of(self.every))
            .collect();
        self.store.keep(&keep)?;
        self.iterations = keep.iter().map(|&index| self.iterations[index]).collect();
        Ok(())
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What stands where in a snapshot.
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// The number of iterations before each snapshot.
    pub fn iterations(&self) -> &[usize] {
        &self.iterations
    }

    /// The number of snapshots.
    pub fn len(&self) -> usize {
        self.iterations.len()
    }

    /// Whether there are no snapshots.
    pub fn is_empty(&self) -> bool {
        self.iterations.is_empty()
    }

    /// The snapshot at `index`.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidConfig`] where there is none, [`Error::Io`].
    pub fn snapshot(&self, index: usize) -> Result<Vec<f32>, Error> {
        let mut vector = vec![0.0; self.layout.dimension()];
        self.read(index, 0..vector.len(), &mut vector)?;
        Ok(vector)
    }

    /// Reads some elements of a snapshot.
    pub(crate) fn read(
        &self,
        index: usize,
        elements: Range<usize>,
        into: &mut [f32],
    ) -> Result<(), Error> {
        if index >= self.len() {
            let expected = format!("below {}, the number of snapshots", self.len());
            return Err(Error::config("index", expected, index));
        }
        self.store.read(index, elements, into)
    }
}
