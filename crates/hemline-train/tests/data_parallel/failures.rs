//! What is wrong with a step's input, or goes wrong in a thread, is an error and never a panic.

use std::sync::Mutex;

use burn::tensor::{Device, Tensor};
use hemline_train::{
    BurnStep, DataParallelStep, OptimizerConfig, Purpose, Shard, Step, StepContext, generator,
};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::Rng;

use super::devices;
use super::support::Affine;

/// A line whose loss is its bias, squared; a negative number for a batch makes it panic.
fn learner(
    count: usize,
    drawn: &Mutex<Vec<(i32, u64)>>,
) -> DataParallelStep<Affine, impl Fn(&Affine, i32, &mut ChaCha8Rng) -> Tensor<1> + Sync> {
    let loss = |model: &Affine, batch: i32, generator: &mut ChaCha8Rng| {
        assert!(batch >= 0, "no room for {batch}");
        drawn.lock().unwrap().push((batch, generator.next_u64()));
        model.bias.val().powi_scalar(2)
    };
    let model = Affine::new(&[vec![1.0]], &[1.0]);
    let step = BurnStep::new(model, &OptimizerConfig::sgd(0.0), 0.0, loss);
    DataParallelStep::new(step, devices(count)).unwrap()
}

fn shard(batch: i32, examples: usize) -> Shard<i32> {
    Shard { batch, examples }
}

fn context(generator: &mut ChaCha8Rng) -> StepContext<'_> {
    StepContext {
        learning_rate: 0.1,
        generator,
    }
}

#[test]
fn wrong_shards_are_refused_and_change_nothing() {
    let draws = Mutex::default();
    let mut learner = learner(2, &draws);
    let before = learner.module().values();
    let cases = [
        (
            vec![],
            "a minibatch must have 1 to 2 shards, one for each device, found 0",
        ),
        (
            vec![shard(0, 1); 3],
            "a minibatch must have 1 to 2 shards, one for each device, found 3",
        ),
        (
            vec![shard(0, 1), shard(0, 0)],
            "a minibatch must have at least 1 example in every shard, found 0 in shard 1",
        ),
        (
            vec![shard(-3, 1), shard(0, 1)],
            "shard 0 of the minibatch was not computed: panicked: no room for -3",
        ),
        (
            vec![shard(0, 1), shard(-4, 1)],
            "shard 1 of the minibatch was not computed: panicked: no room for -4",
        ),
        (
            vec![shard(-3, 1)],
            "shard 0 of the minibatch was not computed: panicked: no room for -3",
        ),
    ];
    for (shards, expected) in cases {
        let error = learner
            .step(shards, context(&mut generator(0, Purpose::Step, 0)))
            .unwrap_err();
        assert_eq!(error.to_string(), expected);
        assert_eq!(learner.module().values(), before);
    }
    learner
        .step(
            vec![shard(0, 1), shard(0, 2)],
            context(&mut generator(0, Purpose::Step, 0)),
        )
        .unwrap();
    assert_ne!(learner.module().values(), before);
}

#[test]
fn a_list_of_devices_must_hold_the_module() {
    let model = Affine::new(&[vec![1.0]], &[1.0]);
    let loss = |model: &Affine, _: (), _: &mut ChaCha8Rng| model.bias.val();
    let step = BurnStep::new(model, &OptimizerConfig::sgd(0.0), 0.0, loss);
    let error = DataParallelStep::new(step.clone(), vec![]).unwrap_err();
    let expected = "devices must be a list that begins with the device of the module, found []";
    assert_eq!(error.to_string(), expected);
    // Autodiff is no part of what a device is.
    DataParallelStep::new(step, vec![Device::flex()]).unwrap();
}

#[test]
fn shards_draw_different_numbers_and_the_first_the_step_s_own() {
    let draw = || {
        let draws = Mutex::default();
        learner(3, &draws)
            .step(
                vec![shard(0, 1), shard(1, 1), shard(2, 1)],
                context(&mut generator(7, Purpose::Step, 0)),
            )
            .unwrap();
        let mut draws = draws.into_inner().unwrap();
        // The threads finish in any order.
        draws.sort_unstable();
        draws
    };
    let draws = draw();
    assert_eq!(draws, draw());
    assert!(draws[0].1 != draws[1].1 && draws[1].1 != draws[2].1 && draws[0].1 != draws[2].1);
}
