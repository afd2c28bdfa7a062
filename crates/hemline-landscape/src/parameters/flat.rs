//! Reads a module into a flat vector and writes a vector into a module.

use burn::module::{Module, ModuleMapper, ModuleVisitor, Param};
use burn::tensor::{Tensor, TensorData};

use super::Layout;
use crate::Error;

/// The parameters of `module` as one vector θ ∈ Rᵖ, in the order of `layout`.
///
/// # Errors
///
/// [`Error::Layout`] where the module has other tensors than the layout lists, [`Error::Device`] where
/// they cannot be read.
pub fn flatten<M: Module>(module: &M, layout: &Layout) -> Result<Vec<f32>, Error> {
    // Through `valid`, running statistics are up to date.
    read(&module.valid(), layout, &Values, "reading the parameters")
}

/// A copy of `module` without autodiff, with the parameters of `vector` in the places that `layout`
/// says. It shares nothing with `module`.
///
/// # Errors
///
/// [`Error::Length`] for a vector of another length than the layout, [`Error::Layout`] where the module
/// has other tensors.
pub fn assign<M: Module>(module: &M, layout: &Layout, vector: &[f32]) -> Result<M, Error> {
    Error::check_length("a parameter vector", layout.dimension(), vector.len())?;
    let mut writing = Writing {
        cursor: Cursor::new(layout),
        vector,
    };
    // `valid` makes new running statistics; mapping a clone would change those of the original.
    let module = module.valid().map(&mut writing);
    writing.cursor.finish()?;
    Ok(module)
}

/// Walks a layout beside a module.
struct Cursor<'a> {
    layout: &'a Layout,
    next: usize,
    path: Vec<String>,
    failed: Option<Error>,
}

impl<'a> Cursor<'a> {
    fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            next: 0,
            path: Vec::new(),
            failed: None,
        }
    }

    fn enter(&mut self, name: &str) {
        self.path.push(name.to_owned());
    }

    fn exit(&mut self) {
        self.path.pop();
    }

    /// The places of the tensor that the walk is at, if it is in the vector.
    fn place(&mut self, shape: &[usize]) -> Option<std::ops::Range<usize>> {
        if self.failed.is_some() {
            return None;
        }
        let name = self.path.join(".");
        let entry = self.layout.entries.get(self.next)?;
        if entry.name != name {
            // A buffer that is not in the vector; a missing tensor shows at the end.
            return None;
        }
        if entry.shape != shape {
            self.failed = Some(self.layout.mismatch(self.next, Some((&name, shape))));
            return None;
        }
        self.next += 1;
        Some(entry.range())
    }

    fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    /// Checks that every tensor of the layout was met.
    fn finish(self) -> Result<(), Error> {
        match self.failed {
            Some(error) => Err(error),
            None if self.next < self.layout.entries.len() => {
                Err(self.layout.mismatch(self.next, None))
            }
            None => Ok(()),
        }
    }
}

/// What is read of a parameter.
pub(super) trait Source {
    /// The tensor to read for the parameter's, of the same shape; `None` leaves zeros.
    fn of<const D: usize>(&self, parameter: &Tensor<D>) -> Option<Tensor<D>>;
}

/// The parameter itself.
struct Values;

impl Source for Values {
    fn of<const D: usize>(&self, parameter: &Tensor<D>) -> Option<Tensor<D>> {
        Some(parameter.clone())
    }
}

/// What `source` gives for each entry of `layout`, in its order. `action` says in an error what was done.
pub(super) fn read<M: Module, S: Source>(
    module: &M,
    layout: &Layout,
    source: &S,
    action: &'static str,
) -> Result<Vec<f32>, Error> {
    let mut reading = Reading {
        cursor: Cursor::new(layout),
        source,
        action,
        values: vec![0.0; layout.dimension()],
    };
    module.visit(&mut reading);
    reading.cursor.finish()?;
    Ok(reading.values)
}

struct Reading<'a, S> {
    cursor: Cursor<'a>,
    source: &'a S,
    action: &'static str,
    values: Vec<f32>,
}

impl<S: Source> ModuleVisitor for Reading<'_, S> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.cursor.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.cursor.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        let Some(range) = self.cursor.place(&tensor.dims()) else {
            return;
        };
        let Some(tensor) = self.source.of(&tensor) else {
            return;
        };
        match tensor.try_into_data() {
            Ok(data) => {
                for (value, found) in self.values[range].iter_mut().zip(data.iter::<f32>()) {
                    *value = found;
                }
            }
            Err(error) => self.cursor.fail(Error::device(self.action)(error)),
        }
    }
}

struct Writing<'a> {
    cursor: Cursor<'a>,
    vector: &'a [f32],
}

impl ModuleMapper for Writing<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.cursor.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.cursor.exit();
    }

    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let shape = param.lazy_shape();
        let shape: [usize; D] = shape.dims();
        let Some(range) = self.cursor.place(&shape) else {
            return param;
        };
        let data = TensorData::new(self.vector[range].to_vec(), shape);
        let device = param.lazy_device();
        param.map(|_| Tensor::from_data(data, &device))
    }
}
