//! What the fast path has to know of an [`Mlp`]: which of its parameters make which layer.

use std::sync::Arc;

use anyhow::{Context, anyhow};
use hemline_init::{Activation as Function, Pointwise};
use hemline_landscape::{DenseLayer, DenseNetwork, Layout};
use hemline_models::{Layer, Mlp};

/// The layers of a network by the names of their parameters.
///
/// Fails for a layer that draws on more than its parameters.
pub(crate) fn network(model: &Mlp, layout: &Layout) -> anyhow::Result<DenseNetwork> {
    let layers = model.stack.layers.iter().enumerate();
    let layers = layers.filter_map(|(index, layer)| {
        let name = |tensor: &str| {
            let (start, end) = (format!("stack.layers.{index}."), format!(".{tensor}"));
            let entries = layout.entries.iter().map(|entry| &entry.name);
            entries
                .clone()
                .find(|name| name.starts_with(&start) && name.ends_with(&end))
                .cloned()
                .with_context(|| format!("layer {index} has no {tensor} in the layout"))
        };
        match layer {
            Layer::Linear(linear) => Some(name("weight").and_then(|weight| {
                let bias = linear.bias.as_ref().map(|_| name("bias")).transpose()?;
                Ok(DenseLayer::Linear { weight, bias })
            })),
            Layer::Elementwise(elementwise) => Some(Ok(function(elementwise.activation))),
            Layer::Prelu(_) => Some(name("alpha").map(|slope| DenseLayer::Prelu { slope })),
            // It does nothing but in training.
            Layer::Dropout(_) => None,
            Layer::BatchNorm(_) => Some(Err(anyhow!(
                "layer {index} is a BatchNorm, which this example does not train"
            ))),
        }
    });
    Ok(DenseNetwork {
        layers: layers.collect::<anyhow::Result<_>>()?,
    })
}

fn function(function: Function) -> DenseLayer {
    if function == Function::Relu {
        return DenseLayer::Relu;
    }
    DenseLayer::Elementwise(Arc::new(move |z| {
        for z in z {
            *z = function.value(f64::from(*z)) as f32;
        }
    }))
}
