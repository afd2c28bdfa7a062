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
    let mut reading = Reading {
        cursor: Cursor::new(layout),
        values: Vec::with_capacity(layout.dimension()),
    };
    // Through `valid`, running statistics are up to date.
    module.valid().visit(&mut reading);
    reading.cursor.finish()?;
    Ok(reading.values)
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
pub(super) struct Cursor<'a> {
    layout: &'a Layout,
    next: usize,
    path: Vec<String>,
    failed: Option<Error>,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(layout: &'a Layout) -> Self {
        Self {
            layout,
            next: 0,
            path: Vec::new(),
            failed: None,
        }
    }

    pub(super) fn enter(&mut self, name: &str) {
        self.path.push(name.to_owned());
    }

    pub(super) fn exit(&mut self) {
        self.path.pop();
    }

    /// The places of the tensor that the walk is at, if it is in the vector.
    pub(super) fn place(&mut self, shape: &[usize]) -> Option<std::ops::Range<usize>> {
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

    pub(super) fn fail(&mut self, error: Error) {
        self.failed.get_or_insert(error);
    }

    /// Checks that every tensor of the layout was met.
    pub(super) fn finish(self) -> Result<(), Error> {
        match self.failed {
            Some(error) => Err(error),
            None if self.next < self.layout.entries.len() => {
                Err(self.layout.mismatch(self.next, None))
            }
            None => Ok(()),
        }
    }
}

struct Reading<'a> {
    cursor: Cursor<'a>,
    values: Vec<f32>,
}

impl ModuleVisitor for Reading<'_> {
    fn enter_module(&mut self, name: &str, _container_type: &str) {
        self.cursor.enter(name);
    }

    fn exit_module(&mut self, _name: &str, _container_type: &str) {
        self.cursor.exit();
    }

    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        let tensor = param.val();
        if self.cursor.place(&tensor.dims()).is_none() {
            return;
        }
        match tensor.try_into_data() {
            Ok(data) => self.values.extend(data.iter::<f32>()),
            Err(error) => self
                .cursor
                .fail(Error::device("reading the parameters")(error)),
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
