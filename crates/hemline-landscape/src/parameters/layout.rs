//! Which parameter stands where in the flat vector.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::Tensor;
use serde::{Deserialize, Serialize};

use crate::Error;

/// What happens to the running statistics of batch normalisation, and to other buffers, when the
/// parameters move through a plane.
///
/// A loss at θ = o + x·d₁ + y·d₂ needs them as well as θ, and nothing but a choice says what they are
/// there. The statistics of the batch itself are a third choice: a loss closure that makes a training
/// pass uses them, whatever is chosen here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunningStatistics {
    /// Those of the module that is handed over, everywhere. The surface is then a function of the
    /// trained parameters alone.
    #[default]
    Fixed,
    /// Part of the vector: sampled, projected and interpolated as the weights are. Far from the path, a
    /// running variance can become negative and the loss NaN.
    Moving,
}

/// Whether training changes an entry by its gradient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// It has a gradient.
    Parameter,
    /// It has none: a running statistic, or a parameter that is frozen.
    Buffer,
}

/// One tensor of a module in the flat vector.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// The path of the tensor in the module, such as `stack.layers.0.weight`.
    pub name: String,
    /// The shape; the elements stand row-major.
    pub shape: Vec<usize>,
    /// Where its first element stands.
    pub offset: usize,
    /// What it is.
    pub kind: EntryKind,
}

impl Entry {
    /// The number of elements.
    pub fn len(&self) -> usize {
        self.shape.iter().product()
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The places of its elements.
    pub fn range(&self) -> std::ops::Range<usize> {
        self.offset..self.offset + self.len()
    }
}

/// The tensors of a module, in the order in which burn visits them, with their places in a vector
/// θ ∈ Rᵖ.
///
/// ```
/// use burn::module::{Module, Param};
/// use burn::tensor::{Device, Tensor};
/// use hemline_landscape::{Layout, RunningStatistics, assign, flatten};
///
/// #[derive(Module, Debug)]
/// struct Line {
///     weight: Param<Tensor<2>>,
///     bias: Param<Tensor<1>>,
/// }
///
/// let device = Device::flex();
/// let line = Line {
///     weight: Param::from_data([[1.0, 2.0]], &device),
///     bias: Param::from_data([3.0, 4.0], &device),
/// };
/// let layout = Layout::of(&line, RunningStatistics::Fixed);
/// assert_eq!(layout.dimension(), 4);
/// assert_eq!(layout.entry("bias").map(|entry| entry.offset), Some(2));
/// assert_eq!(flatten(&line, &layout)?, [1.0, 2.0, 3.0, 4.0]);
/// let moved = assign(&line, &layout, &[0.0, 0.0, 5.0, 6.0])?;
/// assert_eq!(flatten(&moved, &layout)?, [0.0, 0.0, 5.0, 6.0]);
/// # Ok::<(), hemline_landscape::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layout {
    /// The tensors in the vector.
    pub entries: Vec<Entry>,
    /// What was chosen for running statistics.
    pub running_statistics: RunningStatistics,
}

impl Layout {
    /// The layout of a module's float tensors. Frozen parameters do not move, so they are left out
    /// with [`RunningStatistics::Fixed`].
    pub fn of<M: Module>(module: &M, running_statistics: RunningStatistics) -> Self {
        let mut listing = Listing {
            path: Vec::new(),
            layout: Self {
                entries: Vec::new(),
                running_statistics,
            },
        };
        // Only on an autodiff device does a tensor say whether it has a gradient. `valid` first, so
        // that no running statistics are shared with the module.
        module.valid().train().visit(&mut listing);
        listing.layout
    }

    /// The number p of elements.
    pub fn dimension(&self) -> usize {
        self.entries.last().map_or(0, |entry| entry.range().end)
    }

    /// The entry called `name`.
    pub fn entry(&self, name: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.name == name)
    }

    /// Whether an entry of `kind` is in the vector.
    fn holds(&self, kind: EntryKind) -> bool {
        kind == EntryKind::Parameter || self.running_statistics == RunningStatistics::Moving
    }

    /// The error for a module that has another tensor than the one listed at `index`.
    pub(super) fn mismatch(&self, index: usize, found: Option<(&str, &[usize])>) -> Error {
        let name = |entry: Option<(&str, &[usize])>| match entry {
            Some((name, shape)) => format!("{name} of shape {shape:?}"),
            None => "no further tensor".to_owned(),
        };
        let listed = self.entries.get(index);
        Error::Layout {
            expected: name(listed.map(|entry| (entry.name.as_str(), entry.shape.as_slice()))),
            found: name(found),
        }
    }
}

/// Lists the tensors of a module on an autodiff device.
struct Listing {
    path: Vec<String>,
    layout: Layout,
}

impl ModuleVisitor for Listing {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.path.push(name.to_owned());
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.path.pop();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let kind = if tensor.is_require_grad() {
            EntryKind::Parameter
        } else {
            EntryKind::Buffer
        };
        if self.layout.holds(kind) {
            self.layout.entries.push(Entry {
                name: self.path.join("."),
                shape: tensor.dims().to_vec(),
                offset: self.layout.dimension(),
                kind,
            });
        }
    }
}
