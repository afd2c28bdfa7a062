//! Training over several devices: the whole minibatch's gradient, the same bits every time, and errors
//! in place of panics. The devices are all the same CPU, so the shards are threads.

#![allow(clippy::unwrap_used, reason = "test code outside of test functions")]

#[path = "../support/mod.rs"]
mod support;

mod batch_norm;
mod failures;
mod gradient;
mod running;

use burn::tensor::{Device, Tensor};
use hemline_train::{DataParallelStep, OptimizerConfig, Shard};
use rand_chacha::ChaCha8Rng;
use support::{Affine, Batch};

/// The CPU, `count` times over.
fn devices(count: usize) -> Vec<Device> {
    vec![Device::flex().autodiff(); count]
}

/// The rows of a batch as consecutive shards of these sizes.
fn shards((x, y): &Batch, sizes: &[usize]) -> Vec<Shard<Batch>> {
    let mut from = 0;
    let cut = |&examples: &usize| {
        let rows = from..from + examples;
        from = rows.end;
        let part = |whole: &Tensor<2>| whole.clone().slice([rows.clone()]);
        Shard {
            batch: (part(x), part(y)),
            examples,
        }
    };
    sizes.iter().map(cut).collect()
}

/// The line of `support`, trained by `count` devices.
fn learner(
    optimizer: OptimizerConfig,
    count: usize,
) -> DataParallelStep<Affine, impl Fn(&Affine, Batch, &mut ChaCha8Rng) -> Tensor<1> + Clone + Sync>
{
    DataParallelStep::new(support::learner(optimizer), devices(count)).unwrap()
}

/// Batches of `size` points, each in shards of `shard` points, the last one smaller.
fn sharded(
    size: usize,
    shard: usize,
) -> impl FnMut(&mut ChaCha8Rng) -> std::vec::IntoIter<Vec<Shard<Batch>>> {
    let mut batches = support::batches(size);
    move |generator| {
        let split = |batch: Batch| {
            let mut sizes = vec![shard; batch.0.dims()[0] / shard];
            let rest = batch.0.dims()[0] % shard;
            sizes.extend((rest > 0).then_some(rest));
            shards(&batch, &sizes)
        };
        let sharded: Vec<_> = batches(generator).map(split).collect();
        sharded.into_iter()
    }
}
