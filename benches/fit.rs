//! One epoch of `fit` by the dense step and by burn's differentiation: the assignment's network at three
//! batch sizes, the variant with BatchNorm and Dropout, and the autoencoder.
#![allow(missing_docs, reason = "Criterion's macros write undocumented items")]

#[path = "support/dense_step.rs"]
mod dense_step;

use std::num::NonZeroUsize;
use std::sync::Arc;

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use dense_step::{Network, dense_step};
use hemline_data::{BatchIndices, LabelledImages, Minibatch, SyntheticGarments, TensorSet};
use hemline_models::{
    Autoencoder, AutoencoderConfig, Mlp, MlpConfig, Pass, cross_entropy, mean_squared_error,
};
use hemline_train::{BurnStep, DenseLoss, FitConfig, OptimizerConfig, Purpose, fit, generator};
use rand_chacha::ChaCha8Rng;

/// Enough for 40 batches of the largest size.
const IMAGES: usize = 10_240;

/// What is trained.
struct Task<'a> {
    name: &'a str,
    batch: usize,
    images: &'a Arc<LabelledImages>,
    tensors: &'a TensorSet,
    optimizer: OptimizerConfig,
    loss: DenseLoss,
}

impl Task<'_> {
    fn size(&self) -> NonZeroUsize {
        NonZeroUsize::new(self.batch).expect("it is not zero")
    }

    /// Both ways from the same network.
    fn compare<N: Module + Network>(
        &self,
        criterion: &mut Criterion,
        init: impl Fn(&Device) -> N,
        loss: impl Fn(&N, Minibatch, &mut ChaCha8Rng) -> Tensor<1> + Copy,
    ) {
        let device = Device::flex();
        let config = FitConfig::new(1, 1e-3);
        let mut group =
            criterion.benchmark_group(format!("epoch_{}_batch_{}", self.name, self.batch));
        group
            .throughput(Throughput::Elements(IMAGES as u64))
            .sample_size(10);
        group.bench_function("dense", |bencher| {
            let batches =
                |generator: &mut ChaCha8Rng| BatchIndices::new(IMAGES, self.size(), generator);
            bencher.iter_batched(
                || {
                    let network = init(&device);
                    dense_step(&network, self.images, self.loss, &self.optimizer, 0.0)
                },
                |step| fit(step, batches, |_| Ok(None), &config, &mut ()).expect("it converges"),
                BatchSize::LargeInput,
            );
        });
        group.bench_function("autodiff", |bencher| {
            let batches =
                |generator: &mut ChaCha8Rng| self.tensors.minibatches(self.size(), generator);
            bencher.iter_batched(
                || {
                    let network = init(&device.clone().autodiff());
                    BurnStep::new(network, &self.optimizer, 0.0, loss)
                },
                |step| fit(step, batches, |_| Ok(None), &config, &mut ()).expect("it converges"),
                BatchSize::LargeInput,
            );
        });
        group.finish();
    }
}

fn epochs(criterion: &mut Criterion) {
    let garments = SyntheticGarments {
        train: IMAGES,
        test: 10,
        ..Default::default()
    };
    let data = garments.draw().expect("the sizes are valid");
    let images: &LabelledImages = data.development();
    let images = &Arc::new(images.clone());
    let task = Task {
        name: "784-50-50-50-10",
        batch: 64,
        images,
        tensors: &TensorSet::new(images, &Device::flex()),
        optimizer: OptimizerConfig::sgd(0.0),
        loss: DenseLoss::CrossEntropy { smoothing: 0.0 },
    };
    let weights = || generator(0, Purpose::Weights, 0);
    let classify = |mlp: &Mlp, batch: Minibatch, generator: &mut ChaCha8Rng| {
        let logits = mlp.forward(batch.images.autodiff(), &mut Pass::Train(generator));
        cross_entropy(logits, batch.labels.autodiff())
    };
    let classifier = |config: MlpConfig| {
        move |device: &Device| -> Mlp {
            let mlp = config.init(&mut weights(), device);
            mlp.expect("the sizes are valid")
        }
    };
    for batch in [16, 64, 256] {
        let init = classifier(MlpConfig::new(784, vec![50; 3], 10));
        Task { batch, ..task }.compare(criterion, init, classify);
    }
    let variant = MlpConfig::new(784, vec![256; 3], 10)
        .with_batch_norm(true)
        .with_dropout(0.1);
    Task {
        name: "variant",
        batch: 256,
        optimizer: OptimizerConfig::adamw(),
        ..task
    }
    .compare(criterion, classifier(variant), classify);
    Task {
        name: "autoencoder",
        batch: 128,
        optimizer: OptimizerConfig::adam(),
        loss: DenseLoss::MeanSquaredError,
        ..task
    }
    .compare(
        criterion,
        |device| {
            let net = AutoencoderConfig::new().init(&mut weights(), device);
            net.expect("the sizes are valid")
        },
        |net: &Autoencoder, batch: Minibatch, _: &mut ChaCha8Rng| {
            mean_squared_error(
                net.forward(batch.images.clone().autodiff()),
                batch.images.autodiff(),
            )
        },
    );
}

criterion_group!(benches, epochs);
criterion_main!(benches);
