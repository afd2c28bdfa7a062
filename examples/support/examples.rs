//! Images to train on and to judge by: bytes on the host for the fast step, tensors for burn.

use std::num::NonZeroUsize;
use std::sync::{Arc, OnceLock};

use burn::tensor::Device;
use hemline_data::{BatchIndices, LabelledImages, Minibatch, TensorSet};
use hemline_models::{Evaluation, Mlp};
use hemline_train::{DenseInputs, DenseRows};
use rand_chacha::ChaCha8Rng;

use super::data::EVALUATION_BATCH;

/// A set of labelled images. Copies share it.
#[derive(Clone, Debug)]
pub(crate) struct Examples {
    images: Arc<LabelledImages>,
    /// Made when first asked for: the fast step does without.
    tensors: Arc<OnceLock<TensorSet>>,
    device: Device,
    identity: String,
}

impl Examples {
    pub(crate) fn new(images: &LabelledImages, device: &Device) -> Self {
        Self::shared(Arc::new(images.clone()), device)
    }

    /// The same of images that others use too.
    pub(crate) fn shared(images: Arc<LabelledImages>, device: &Device) -> Self {
        Self {
            images,
            tensors: Arc::new(OnceLock::new()),
            device: device.clone(),
            identity: String::new(),
        }
    }

    /// The same on another device.
    pub(crate) fn on(&self, device: &Device) -> Self {
        Self::shared(Arc::clone(&self.images), device).with_identity(&self.identity)
    }

    /// Says which data set the images are from, by its checksum, so that a checkpoint on other data
    /// is refused.
    pub(crate) fn with_identity(mut self, identity: &str) -> Self {
        identity.clone_into(&mut self.identity);
        self
    }

    /// The checksum of the data set.
    pub(crate) fn identity(&self) -> &str {
        &self.identity
    }

    pub(crate) fn count(&self) -> usize {
        self.images.count()
    }

    pub(crate) fn device(&self) -> &Device {
        &self.device
    }

    /// All of them on the device.
    pub(crate) fn tensors(&self) -> &TensorSet {
        self.tensors
            .get_or_init(|| TensorSet::new(&self.images, &self.device))
    }

    /// The minibatches of an epoch, in the order that `generator` draws.
    pub(crate) fn minibatches(
        &self,
        size: NonZeroUsize,
        generator: &mut ChaCha8Rng,
    ) -> BatchIndices {
        BatchIndices::new(self.count(), size, generator)
    }

    /// The images of a minibatch on the device.
    pub(crate) fn minibatch(&self, numbers: &[usize]) -> Minibatch {
        let batch = self.tensors().rows(numbers);
        batch.expect("a minibatch has numbers of images, and at least one")
    }

    /// The pixels of a minibatch, which stay where they are.
    pub(crate) fn pixels(&self, numbers: Vec<usize>) -> DenseInputs {
        let set = Arc::clone(&self.images);
        DenseInputs::Rows(DenseRows { set, numbers })
    }

    /// The share of all pixels that are 0.
    pub(crate) fn zeros(&self) -> f64 {
        let pixels = self.images.images().pixels();
        let zeros = pixels.iter().filter(|&&pixel| pixel == 0).count();
        zeros as f64 / pixels.len() as f64
    }

    /// The labels of a minibatch.
    pub(crate) fn labels<'a>(&'a self, numbers: &'a [usize]) -> impl Iterator<Item = u32> + 'a {
        numbers.iter().map(|&number| self.images.labels()[number])
    }

    /// Classifies all of them. `model` is without autodiff.
    pub(crate) fn evaluate(&self, model: &Mlp) -> Result<Evaluation, hemline_models::Error> {
        let batches = self.tensors().chunks(EVALUATION_BATCH);
        let images = batches.map(|batch| batch.images);
        let labels = self.images.labels().chunks(EVALUATION_BATCH.get());
        model.evaluate(images.zip(labels))
    }
}
