//! Between burn's modules and the layers of the fast step: the same numbers by other names.

use burn::nn::BatchNorm;
use hemline_init::Activation as Function;
use hemline_models::{Activation, Autoencoder, Error, Layer, Mlp, Stack, StateDict};
use hemline_train::{DenseActivation, DenseLayer, DenseNorm};

/// A network that is one sequence of layers.
pub(crate) trait Network: Sized {
    /// Its layers, in stacks one after the other.
    fn stacks(&self) -> Vec<&Stack>;
    /// Its tensors, in the order of the layers.
    fn tensors(&self) -> Result<StateDict, Error>;
    /// The network with other tensors.
    fn with_tensors(self, tensors: StateDict) -> Result<Self, Error>;
}

impl Network for Mlp {
    fn stacks(&self) -> Vec<&Stack> {
        vec![&self.stack]
    }

    fn tensors(&self) -> Result<StateDict, Error> {
        self.state_dict()
    }

    fn with_tensors(self, tensors: StateDict) -> Result<Self, Error> {
        self.load_state_dict(tensors)
    }
}

impl Network for Autoencoder {
    fn stacks(&self) -> Vec<&Stack> {
        vec![&self.encoder, &self.decoder]
    }

    fn tensors(&self) -> Result<StateDict, Error> {
        self.state_dict()
    }

    fn with_tensors(self, tensors: StateDict) -> Result<Self, Error> {
        self.load_state_dict(tensors)
    }
}

/// The layers of the fast step that compute what `network` does, or `None` if there are none: each is a
/// linear layer with a bias, a normalisation or none, an activation or none, and a dropout or none.
pub(crate) fn layers(network: &impl Network) -> Result<Option<Vec<DenseLayer>>, Error> {
    let tensors = network.tensors()?.tensors.into_iter();
    let mut values = tensors.map(|tensor| tensor.values);
    let mut next = || values.next().unwrap_or_default();
    let mut layers: Vec<DenseLayer> = Vec::new();
    /// How much of the last layer is there: each part comes once, and after those before it.
    #[derive(PartialEq, PartialOrd)]
    enum Done {
        Linear,
        Norm,
        Activation,
        Dropout,
    }
    let mut done = Done::Dropout;
    for layer in network.stacks().into_iter().flat_map(|stack| &stack.layers) {
        let part = match layer {
            Layer::Linear(linear) if linear.bias.is_some() => {
                let (weight, bias) = (next(), next());
                layers.push(DenseLayer::new(weight, bias, DenseActivation::Identity));
                done = Done::Linear;
                continue;
            }
            Layer::Linear(_) => return Ok(None),
            Layer::BatchNorm(_) => Done::Norm,
            Layer::Elementwise(_) | Layer::Prelu(_) => Done::Activation,
            Layer::Dropout(_) => Done::Dropout,
        };
        let Some(last) = layers.last_mut().filter(|_| done < part) else {
            return Ok(None);
        };
        match layer {
            Layer::Linear(_) => {}
            Layer::BatchNorm(BatchNorm {
                momentum, epsilon, ..
            }) => {
                last.norm = Some(DenseNorm {
                    scale: next(),
                    shift: next(),
                    running_mean: next(),
                    running_variance: next(),
                    momentum: *momentum,
                    epsilon: *epsilon,
                });
            }
            Layer::Elementwise(elementwise) => match function(elementwise.activation) {
                Some(activation) => last.activation = activation,
                None => return Ok(None),
            },
            Layer::Prelu(_) => match next()[..] {
                [slope] => last.activation = DenseActivation::Prelu { slope },
                // One slope for each unit.
                _ => return Ok(None),
            },
            Layer::Dropout(dropout) => last.dropout = dropout.probability,
        }
        done = part;
    }
    Ok(Some(layers))
}

/// `network` with the numbers of `layers`, which came from [`layers`] of it.
pub(crate) fn with_layers<N: Network>(network: N, layers: Vec<DenseLayer>) -> Result<N, Error> {
    let mut dict = network.tensors()?;
    let values = layers.into_iter().flat_map(|layer| {
        let norm = layer.norm.into_iter().flat_map(|norm| {
            let DenseNorm {
                scale,
                shift,
                running_mean,
                running_variance,
                ..
            } = norm;
            [scale, shift, running_mean, running_variance]
        });
        let slope = match layer.activation {
            DenseActivation::Prelu { slope } => Some(vec![slope]),
            _ => None,
        };
        [layer.weight, layer.bias]
            .into_iter()
            .chain(norm)
            .chain(slope)
    });
    for (tensor, values) in dict.tensors.iter_mut().zip(values) {
        tensor.values = values;
    }
    network.with_tensors(dict)
}

/// Whether the fast step has this activation.
pub(crate) fn has(activation: &Activation) -> bool {
    match activation {
        Activation::Prelu { .. } => true,
        Activation::Fixed(fixed) => function(*fixed).is_some(),
        _ => false,
    }
}

/// The same function under the fast step's name.
fn function(function: Function) -> Option<DenseActivation> {
    Some(match function {
        Function::Identity => DenseActivation::Identity,
        Function::Relu => DenseActivation::Relu,
        Function::LeakyRelu { slope } => DenseActivation::LeakyRelu {
            slope: slope as f32,
        },
        Function::Elu { alpha } => DenseActivation::Elu {
            alpha: alpha as f32,
        },
        Function::Selu => DenseActivation::Selu,
        Function::Gelu => DenseActivation::Gelu,
        Function::GeluTanh => DenseActivation::GeluTanh,
        Function::Silu => DenseActivation::Silu,
        Function::Mish => DenseActivation::Mish,
        Function::Softplus => DenseActivation::Softplus,
        Function::Tanh => DenseActivation::Tanh,
        Function::Sigmoid => DenseActivation::Sigmoid,
        _ => return None,
    })
}
