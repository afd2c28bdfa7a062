//! The gradient of a loss as a flat vector.

use burn::module::{Module, ModuleVisitor, Param};
use burn::tensor::{Gradients, Tensor};

use super::Layout;
use super::flat::Cursor;
use crate::Error;

/// ∇L(θ) ∈ Rᵖ at the parameters of `module`, in the order of `layout`; 0 where an entry has no gradient.
///
/// `loss` is computed on a copy of the module on the autodiff device that belongs to its own, so its
/// data must be there too (`tensor.autodiff()`).
///
/// # Errors
///
/// [`Error::Layout`] where the module has other tensors than the layout lists, [`Error::Device`] where
/// the gradients cannot be read.
pub fn gradient<M: Module>(
    module: &M,
    layout: &Layout,
    loss: impl Fn(&M) -> Tensor<1>,
) -> Result<Vec<f32>, Error> {
    let module = module.valid().train();
    let gradients = loss(&module).backward();
    let mut reading = Reading {
        cursor: Cursor::new(layout),
        gradients,
        values: vec![0.0; layout.dimension()],
    };
    module.visit(&mut reading);
    reading.cursor.finish()?;
    Ok(reading.values)
}

struct Reading<'a> {
    cursor: Cursor<'a>,
    gradients: Gradients,
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
        let Some(range) = self.cursor.place(&tensor.dims()) else {
            return;
        };
        let Some(gradient) = tensor.grad(&self.gradients) else {
            return;
        };
        match gradient.try_into_data() {
            Ok(data) => {
                for (value, found) in self.values[range].iter_mut().zip(data.iter::<f32>()) {
                    *value = found;
                }
            }
            Err(error) => self
                .cursor
                .fail(Error::device("reading the gradients")(error)),
        }
    }
}
