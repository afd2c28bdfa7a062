//! Between the burn module and the layers of the fast step: the same tensors by other names.

use anyhow::bail;
use burn::tensor::Tensor;
use hemline_init::Activation as Function;
use hemline_models::{Activation, Autoencoder, AutoencoderConfig};
use hemline_train::{DenseActivation, DenseLayer, Error};

/// The layers of a network, encoder and decoder one after the other.
///
/// Fails for an activation that the fast step does not have.
pub(crate) fn layers(
    model: &Autoencoder,
    config: &AutoencoderConfig,
) -> anyhow::Result<Vec<DenseLayer>> {
    let hidden = config.hidden.iter().map(|_| config.activation);
    let activations = hidden
        .clone()
        .chain([config.bottleneck_activation])
        .chain(hidden)
        .chain([config.output_activation]);
    let dict = model.state_dict()?;
    // Without normalisation or slopes, a weight and a bias for each layer.
    let pairs = dict.tensors.as_chunks::<2>().0.iter();
    pairs
        .zip(activations)
        .map(|([weight, bias], activation)| {
            Ok(DenseLayer {
                weight: weight.values.clone(),
                bias: bias.values.clone(),
                activation: match activation {
                    Activation::Fixed(Function::Identity) => DenseActivation::Identity,
                    Activation::Fixed(Function::Relu) => DenseActivation::Relu,
                    Activation::Fixed(Function::Sigmoid) => DenseActivation::Sigmoid,
                    other => bail!(
                        "the dense step has no activation `{}`: take --step autodiff",
                        other.name()
                    ),
                },
            })
        })
        .collect()
}

/// The network with the weights of `layers`, which came from [`layers`].
pub(crate) fn replace_layers(
    model: Autoencoder,
    layers: Vec<DenseLayer>,
) -> anyhow::Result<Autoencoder> {
    let mut dict = model.state_dict()?;
    let values = layers
        .into_iter()
        .flat_map(|layer| [layer.weight, layer.bias]);
    for (tensor, values) in dict.tensors.iter_mut().zip(values) {
        tensor.values = values;
    }
    Ok(model.load_state_dict(dict)?)
}

/// The numbers of a tensor, row-major, on the host.
pub(crate) fn read(images: Tensor<2>) -> Result<Vec<f32>, Error> {
    let failed = |message: String| Error::Device {
        action: "reading a minibatch",
        message,
    };
    let data = images
        .try_into_data()
        .map_err(|error| failed(error.to_string()))?;
    data.try_into_vec()
        .map_err(|error| failed(format!("{error:?}")))
}
