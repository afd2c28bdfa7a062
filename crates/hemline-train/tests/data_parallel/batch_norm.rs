//! Running statistics move, by the main device's shards alone.

use burn::module::{Module, Param};
use burn::nn::{BatchNorm, BatchNormConfig};
use burn::tensor::Tensor;
use hemline_train::{
    BurnStep, DataParallelStep, OptimizerConfig, Purpose, Snapshot, Step, StepContext, generator,
};
use rand_chacha::ChaCha8Rng;

use super::support::{Batch, tensor};
use super::{devices, shards};

/// y = w · BN(x).
#[derive(Module, Debug)]
struct Net {
    norm: BatchNorm,
    weight: Param<Tensor<2>>,
}

type Learner<L> = DataParallelStep<Net, L>;

fn learner() -> Learner<impl Fn(&Net, Batch, &mut ChaCha8Rng) -> Tensor<1> + Sync> {
    let devices = devices(3);
    let net = Net {
        norm: BatchNormConfig::new(1).init(&devices[0]),
        weight: Param::from_data([[0.5]], &devices[0]),
    };
    let loss = |net: &Net, (x, y): Batch, _: &mut ChaCha8Rng| {
        let residual = net.norm.forward(x).matmul(net.weight.val()) - y;
        residual.powi_scalar(2).mean()
    };
    DataParallelStep::new(
        BurnStep::new(net, &OptimizerConfig::adam(), 0.0, loss),
        devices,
    )
    .unwrap()
}

/// Six points in three shards, which have the means 1, 3 and 8.
fn step<L>(learner: &mut Learner<L>) -> f64
where
    L: Fn(&Net, Batch, &mut ChaCha8Rng) -> Tensor<1> + Sync,
{
    let x = tensor(&[0.0, 2.0, 3.0, 7.0, 8.0, 9.0].map(|x| vec![x]));
    let y = tensor(&[1.0, 0.0, 2.0, 1.0, 0.0, 3.0].map(|y| vec![y]));
    let context = StepContext {
        learning_rate: 0.1,
        generator: &mut generator(0, Purpose::Step, 0),
    };
    learner.step(shards(&(x, y), &[2, 1, 3]), context).unwrap()
}

/// Scale, shift, running mean, running variance and weight.
fn values<L>(learner: &Learner<L>) -> [f64; 5] {
    let Net { norm, weight } = learner.valid();
    let vectors = [
        norm.gamma.val(),
        norm.beta.val(),
        norm.running_mean.value(),
        norm.running_var.value(),
        weight.val().flatten(0, 1),
    ];
    vectors.map(|vector| vector.into_data().iter().next().unwrap())
}

#[test]
fn running_statistics_are_those_of_the_main_device() {
    let mut learner = learner();
    assert_eq!(values(&learner)[2..4], [0.0, 1.0]);
    for steps in 1..=40 {
        step(&mut learner);
        // The mean of the first shard is 1, and every step goes a tenth of the rest of the way there.
        let expected = 1.0 - 0.9_f64.powi(steps);
        // Looking brings the statistics up to date, so it is not done after every step.
        if steps % 8 == 3 {
            let found = values(&learner)[2];
            assert!((found - expected).abs() < 1e-5, "{found} for {expected}");
        }
    }
}

#[test]
fn a_restored_state_goes_on_in_the_same_bits() {
    let (mut first, mut second) = (learner(), learner());
    for _ in 0..3 {
        step(&mut first);
    }
    second.restore(&first.snapshot().unwrap()).unwrap();
    for _ in 0..3 {
        assert_eq!(step(&mut first), step(&mut second));
    }
    // Not the snapshots: they hold the names that burn gave the parameters, which differ.
    assert_eq!(values(&first), values(&second));
}
