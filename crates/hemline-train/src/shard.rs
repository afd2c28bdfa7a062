//! A minibatch cut into shards, one for each device, and what each contributes to the step.

use burn::module::Module;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};
use rand_chacha::ChaCha8Rng;

use crate::burn_step::read_scalar;
use crate::{Error, Reduction};

/// The part of a minibatch that one device computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shard<Batch> {
    /// The examples, on the shard's device, in whatever form the loss closure takes them.
    pub batch: Batch,
    /// The number n_k ≥ 1 of examples in `batch`, by which its mean loss is weighted.
    pub examples: usize,
}

/// The number n of examples in all shards, as the divisor of their weights.
///
/// # Errors
///
/// [`Error::Batch`] for no shard, more shards than devices, or a shard without an example.
pub(crate) fn count_examples<Batch>(shards: &[Shard<Batch>], devices: usize) -> Result<f64, Error> {
    if !(1..=devices).contains(&shards.len()) {
        return Err(Error::Batch {
            expected: format!("1 to {devices} shards, one for each device"),
            found: shards.len().to_string(),
        });
    }
    // The mean over nothing is NaN, and 0 · NaN would not leave it out.
    if let Some(empty) = shards.iter().position(|shard| shard.examples == 0) {
        return Err(Error::Batch {
            expected: "at least 1 example in every shard".to_owned(),
            found: format!("0 in shard {empty}"),
        });
    }
    Ok(shards.iter().map(|shard| shard.examples as f64).sum())
}

/// What the shards of one step have in common.
pub(crate) struct Shared<'a, L> {
    pub(crate) loss: &'a L,
    /// The device that the gradients are added up on.
    pub(crate) main: &'a Device,
    pub(crate) reduction: Reduction,
    /// n, as a number to divide by.
    pub(crate) examples: f64,
}

/// What one shard contributes: (n_k/n) ℓ_k, and (n_k/n) g_k, sent to where the gradients are added up.
pub(crate) struct Part {
    pub(crate) loss: f64,
    pub(crate) gradients: GradientsParams,
}

impl<L> Shared<'_, L> {
    /// Computes what `shard` contributes on its device, where `module` lives too.
    pub(crate) fn part<Batch, M>(
        &self,
        module: &M,
        shard: Shard<Batch>,
        generator: &mut ChaCha8Rng,
    ) -> Result<Part, Error>
    where
        M: Module,
        L: Fn(&M, Batch, &mut ChaCha8Rng) -> Tensor<1>,
    {
        let weight = shard.examples as f64 / self.examples;
        let loss = (self.loss)(module, shard.batch, generator);
        let weighted = loss.clone().mul_scalar(weight);
        let gradients = GradientsParams::from_grads(weighted.backward(), module);
        // Read before the gradients are moved: a lost device is an error here and a panic there.
        let loss = weight * read_scalar(loss)?;
        let gradients = self.reduction.send(module, gradients, self.main);
        Ok(Part { loss, gradients })
    }
}
