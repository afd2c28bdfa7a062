//! The fast step of a network over the images of a set, for the benches that train.

#[allow(dead_code, reason = "networks are only read here")]
#[path = "../../examples/support/dense.rs"]
mod dense;

pub(crate) use dense::Network;
use hemline_data::LabelledImages;
use hemline_train::{
    DenseBatch, DenseInputs, DenseLoss, DenseStep, DenseTargets, OptimizerConfig, Snapshot, Step,
};
use rand_chacha::ChaCha8Rng;

/// A step on minibatches given by the numbers of their images, whose bytes it gathers.
pub(crate) fn dense_step<'a, N: Network>(
    network: &N,
    images: &'a LabelledImages,
    loss: DenseLoss,
    optimizer: &OptimizerConfig,
    l2: f64,
) -> impl Step<Vec<usize>> + Snapshot + use<'a, N> {
    let layers = dense::layers(network).expect("the tensors are on the host");
    let layers = layers.expect("the step can express these networks");
    let labelled = matches!(loss, DenseLoss::CrossEntropy { .. });
    let prepare = move |numbers: Vec<usize>, _: &mut ChaCha8Rng, batch: &mut DenseBatch| {
        let size = images.images().pixels_per_image();
        let rows = numbers
            .iter()
            .map(|number| &images.images().pixels()[number * size..][..size]);
        batch.inputs = DenseInputs::Bytes(rows.flatten().copied().collect());
        if labelled {
            let labels = numbers.iter().map(|&number| images.labels()[number]);
            batch.targets = DenseTargets::Labels(labels.collect());
        }
        Ok(())
    };
    DenseStep::new(layers, loss, optimizer, l2, prepare).expect("the settings are valid")
}
