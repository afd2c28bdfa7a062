//! The fast step of a network over the images of a set, for the benches that train.

#[allow(dead_code, reason = "networks are only read here")]
#[path = "../../examples/support/dense.rs"]
mod dense;

use std::sync::Arc;

pub(crate) use dense::Network;
use hemline_data::LabelledImages;
use hemline_train::{
    DenseBatch, DenseInputs, DenseLoss, DenseRows, DenseStep, DenseTargets, OptimizerConfig,
    Snapshot, Step,
};
use rand_chacha::ChaCha8Rng;

/// A step on minibatches given by the numbers of their images, as the examples have it.
pub(crate) fn dense_step<N: Network>(
    network: &N,
    images: &Arc<LabelledImages>,
    loss: DenseLoss,
    optimizer: &OptimizerConfig,
    l2: f64,
) -> impl Step<Vec<usize>> + Snapshot + use<N> {
    let layers = dense::layers(network).expect("the tensors are on the host");
    let layers = layers.expect("the step can express these networks");
    let labelled = matches!(loss, DenseLoss::CrossEntropy { .. });
    let images = Arc::clone(images);
    let prepare = move |numbers: Vec<usize>, _: &mut ChaCha8Rng, batch: &mut DenseBatch| {
        if labelled {
            let labels = numbers.iter().map(|&number| images.labels()[number]);
            batch.targets = DenseTargets::Labels(labels.collect());
        }
        let set = Arc::clone(&images);
        batch.inputs = DenseInputs::Rows(DenseRows { set, numbers });
        Ok(())
    };
    DenseStep::new(layers, loss, optimizer, l2, prepare).expect("the settings are valid")
}
