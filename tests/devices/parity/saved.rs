//! Weights in files, from a device to flex and back.

#![allow(clippy::print_stderr, reason = "what was measured is worth reading")]

use burn::module::Module;
use burn::tensor::{Device, Tensor};
use hemline_models::{
    Activation, Autoencoder, Mlp, Pass, StateDict, cross_entropy, mean_squared_error,
};
use hemline_train::{BurnStep, OptimizerConfig, Purpose, Step, StepContext, generator};
use rand_chacha::ChaCha8Rng;

use super::case::{SEED, autoencoder, batch, mlp};
use super::{BOUND, Likeness, apart};

/// The steps before a network is saved.
const STEPS: u64 = 5;
const BATCH: usize = 64;

/// What a network computes, and its tensors.
type Outputs = (Vec<f32>, StateDict);

/// Saves networks on `device`, loads them on flex, and the other way round.
pub(super) fn agrees(device: &Device, likeness: Likeness) {
    let flex = Device::flex();
    for (from, to) in [(device, &flex), (&flex, device)] {
        let networks = [
            ("mlp", classifier as fn(&_, &_) -> _),
            ("autoencoder", encoder),
        ];
        for (name, exchange) in networks {
            let (before, after): (Outputs, Outputs) = exchange(from, to);
            assert!(
                before.1.tensors == after.1.tensors,
                "the tensors of the {name} change on the way"
            );
            let share = apart(&after.0, &before.0, 0.0);
            let bound = match likeness {
                Likeness::Exact => 0.0,
                Likeness::Rounded => BOUND,
            };
            assert!(share <= bound, "what the {name} computes: {share:e} apart");
            eprintln!("what the {name} computes is at most {share:.1e} of the largest away");
        }
    }
}

/// A classifier trained and saved on `from`, and loaded on `to`.
fn classifier(from: &Device, to: &Device) -> (Outputs, Outputs) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let config = mlp(Activation::PRELU, vec![16, 16]);
    let mut weights = generator(SEED, Purpose::Weights, 0);
    let network = config.init(&mut weights, &from.clone().autodiff()).unwrap();
    let saved = trained(network, |mlp: &Mlp, index, generator| {
        let (images, labels) = batch(index, BATCH, from);
        let logits = mlp.forward(images.autodiff(), &mut Pass::Train(generator));
        cross_entropy(logits, labels.autodiff())
    });
    saved.save(&config, &path).unwrap();
    let (loaded, found) = Mlp::load(&path, to).unwrap();
    assert_eq!(found, config);
    let outputs = |mlp: &Mlp, device: &Device| {
        let (images, _) = batch(STEPS, BATCH, device);
        let logits = values(mlp.forward(images, &mut Pass::Evaluate));
        (logits, mlp.state_dict().unwrap())
    };
    (outputs(&saved, from), outputs(&loaded, to))
}

/// The same with an autoencoder.
fn encoder(from: &Device, to: &Device) -> (Outputs, Outputs) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("model.safetensors");
    let config = autoencoder(vec![16]);
    let mut weights = generator(SEED, Purpose::Weights, 0);
    let network = config.init(&mut weights, &from.clone().autodiff()).unwrap();
    let saved = trained(network, |network: &Autoencoder, index, _| {
        let (images, _) = batch(index, BATCH, from);
        let outputs = network.forward(images.clone().autodiff());
        mean_squared_error(outputs, images.autodiff())
    });
    saved.save(&config, &path).unwrap();
    let (loaded, found) = Autoencoder::load(&path, to).unwrap();
    assert_eq!(found, config);
    let outputs = |network: &Autoencoder, device: &Device| {
        let (images, _) = batch(STEPS, BATCH, device);
        (
            values(network.forward(images)),
            network.state_dict().unwrap(),
        )
    };
    (outputs(&saved, from), outputs(&loaded, to))
}

/// The network after some steps of Adam, so that its running statistics are its own.
fn trained<M: Module>(network: M, loss: impl Fn(&M, u64, &mut ChaCha8Rng) -> Tensor<1>) -> M {
    let mut learner = BurnStep::new(network, &OptimizerConfig::adam(), 0.0, loss);
    for index in 0..STEPS {
        let context = StepContext {
            learning_rate: 1e-2,
            generator: &mut generator(SEED, Purpose::Step, index),
        };
        learner.step(index, context).unwrap();
    }
    learner.valid()
}

fn values(outputs: Tensor<2>) -> Vec<f32> {
    outputs.try_into_data().unwrap().iter::<f32>().collect()
}
