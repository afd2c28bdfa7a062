//! The gradient of a loss as a flat vector.

use burn::module::Module;
use burn::tensor::{Gradients, Tensor};

use super::Layout;
use super::flat::{Source, read};
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
    read(&module, layout, &gradients, "reading the gradients")
}

impl Source for Gradients {
    fn of<const D: usize>(&self, parameter: &Tensor<D>) -> Option<Tensor<D>> {
        parameter.grad(self)
    }
}
