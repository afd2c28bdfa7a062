//! Named tensors in PyTorch's layout: what a model is, apart from code.

use std::collections::BTreeMap;

use burn::module::{Param, RunningState};
use burn::nn::{BatchNorm, Linear};
use burn::tensor::{Tensor, TensorData};

use crate::stack::transpose;
use crate::{Error, Layer, Stack};

/// A tensor of f32 with PyTorch's name for it.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedTensor {
    /// The name, such as `0.weight`.
    pub name: String,
    /// The shape; a linear layer's weight has [outputs, inputs].
    pub shape: Vec<usize>,
    /// The elements, row-major.
    pub values: Vec<f32>,
}

/// The tensors of a model in the order of its layers, as `state_dict()` of the equivalent PyTorch
/// module gives them, without `num_batches_tracked`, which `load_state_dict` fills in by itself.
///
/// | layer | tensors |
/// |---|---|
/// | Linear | `weight` `[outputs, inputs]`, `bias` `[outputs]` |
/// | BatchNorm1d | `weight`, `bias`, `running_mean`, `running_var`, each `[features]` |
/// | PReLU | `weight` `[1]` |
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StateDict {
    /// The tensors.
    pub tensors: Vec<NamedTensor>,
    /// What the file that they come from says besides, such as the model's config.
    pub metadata: BTreeMap<String, String>,
}

impl StateDict {
    fn push_vector(&mut self, name: String, vector: Tensor<1>) -> Result<(), Error> {
        let (shape, values) = read(vector)?;
        self.tensors.push(NamedTensor {
            name,
            shape,
            values,
        });
        Ok(())
    }

    /// Adds a weight, which burn keeps as [inputs, outputs] and PyTorch as [outputs, inputs].
    fn push_weight(&mut self, name: String, weight: Tensor<2>) -> Result<(), Error> {
        let (shape, values) = read(weight)?;
        let values = transpose(&values, shape[0], shape[1]);
        let shape = vec![shape[1], shape[0]];
        self.tensors.push(NamedTensor {
            name,
            shape,
            values,
        });
        Ok(())
    }

    /// Takes the tensor `name` out, checking its shape.
    fn take(&mut self, name: &str, shape: &[usize]) -> Result<Vec<f32>, Error> {
        let mismatch = |found: String| Error::Tensor {
            name: name.to_owned(),
            expected: format!("f32 of shape {shape:?}"),
            found,
        };
        let index = self
            .tensors
            .iter()
            .position(|tensor| tensor.name == name)
            .ok_or_else(|| mismatch("no such tensor".to_owned()))?;
        let tensor = self.tensors.swap_remove(index);
        if tensor.shape != shape || tensor.values.len() != shape.iter().product::<usize>() {
            return Err(mismatch(format!("shape {:?}", tensor.shape)));
        }
        Ok(tensor.values)
    }

    /// Checks that a config asks for no more parameters than there are, before any are allocated:
    /// a damaged file must not reserve memory that its own size does not justify.
    pub(crate) fn check_parameters(&self, expected: usize) -> Result<(), Error> {
        let found: usize = self.tensors.iter().map(|tensor| tensor.values.len()).sum();
        if expected <= found {
            return Ok(());
        }
        Err(Error::Shape {
            what: "the tensors of the file",
            expected: format!("{expected} numbers, as its config says"),
            found: found.to_string(),
        })
    }

    /// Checks that every tensor has been taken.
    pub(crate) fn finish(self) -> Result<(), Error> {
        match self.tensors.into_iter().next() {
            None => Ok(()),
            Some(tensor) => Err(Error::Tensor {
                name: tensor.name,
                expected: "no such tensor in this model".to_owned(),
                found: format!("shape {:?}", tensor.shape),
            }),
        }
    }
}

/// The shape and the elements of a tensor.
fn read<const D: usize>(tensor: Tensor<D>) -> Result<(Vec<usize>, Vec<f32>), Error> {
    let data = tensor.try_into_data().map_err(|error| Error::Device {
        action: "reading the parameters",
        message: error.to_string(),
    })?;
    Ok((data.shape().to_vec(), data.iter::<f32>().collect()))
}

impl Stack {
    /// Appends the tensors of all layers, with names that begin with `prefix`.
    pub(crate) fn save_into(&self, dict: &mut StateDict, prefix: &str) -> Result<(), Error> {
        for (index, layer) in self.layers.iter().enumerate() {
            let name = |tensor: &str| format!("{prefix}{index}.{tensor}");
            match layer {
                Layer::Linear(linear) => {
                    dict.push_weight(name("weight"), linear.weight.val())?;
                    if let Some(bias) = &linear.bias {
                        dict.push_vector(name("bias"), bias.val())?;
                    }
                }
                Layer::BatchNorm(norm) => {
                    let mean = norm.running_mean.value_sync();
                    let variance = norm.running_var.value_sync();
                    dict.push_vector(name("weight"), norm.gamma.val())?;
                    dict.push_vector(name("bias"), norm.beta.val())?;
                    dict.push_vector(name("running_mean"), mean)?;
                    dict.push_vector(name("running_var"), variance)?;
                }
                Layer::Prelu(prelu) => {
                    dict.push_vector(name("weight"), prelu.alpha.val())?;
                }
                Layer::Elementwise(_) | Layer::Dropout(_) => {}
            }
        }
        Ok(())
    }

    /// Replaces the tensors of all layers by those whose names begin with `prefix`, taking them out
    /// of `dict`.
    pub(crate) fn load_from(&mut self, dict: &mut StateDict, prefix: &str) -> Result<(), Error> {
        for (index, layer) in self.layers.iter_mut().enumerate() {
            let name = |tensor: &str| format!("{prefix}{index}.{tensor}");
            match layer {
                Layer::Linear(Linear { weight, bias }) => {
                    let [inputs, outputs] = weight.dims();
                    let values = dict.take(&name("weight"), &[outputs, inputs])?;
                    let values = transpose(&values, outputs, inputs);
                    replace(weight, TensorData::new(values, [inputs, outputs]));
                    if let Some(bias) = bias {
                        replace(bias, vector(dict, name("bias"), outputs)?);
                    }
                }
                Layer::BatchNorm(BatchNorm {
                    gamma,
                    beta,
                    running_mean,
                    running_var,
                    ..
                }) => {
                    let [features] = gamma.dims();
                    replace(gamma, vector(dict, name("weight"), features)?);
                    replace(beta, vector(dict, name("bias"), features)?);
                    for (state, tensor) in
                        [(running_mean, "running_mean"), (running_var, "running_var")]
                    {
                        let device = state.value().device();
                        let values = vector(dict, name(tensor), features)?;
                        *state = RunningState::new(Tensor::from_data(values, &device));
                    }
                }
                Layer::Prelu(prelu) => {
                    let [slopes] = prelu.alpha.dims();
                    replace(&mut prelu.alpha, vector(dict, name("weight"), slopes)?);
                }
                Layer::Elementwise(_) | Layer::Dropout(_) => {}
            }
        }
        Ok(())
    }
}

fn vector(dict: &mut StateDict, name: String, length: usize) -> Result<TensorData, Error> {
    Ok(TensorData::new(dict.take(&name, &[length])?, [length]))
}

/// A new parameter in the place of `param`, on the same device.
fn replace<const D: usize>(param: &mut Param<Tensor<D>>, data: TensorData) {
    *param = Param::from_data(data, &param.device());
}
