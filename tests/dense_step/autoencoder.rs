//! Autoencoders: the mean squared error, and last layers so wide that threads share them by their outputs.

use burn::tensor::{Device, Tensor, TensorData};
use hemline_init::Activation as Function;
use hemline_models::{Activation, Autoencoder, AutoencoderConfig, mean_squared_error};
use hemline_train::{
    BurnStep, DenseBatch, DenseInputs, DenseLoss, DenseStep, OptimizerConfig, Purpose, Step,
    StepContext, generator,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::{SMOOTH, dense, distance};

const STEPS: u64 = 100;

/// Trains by both steps; every other batch has `examples[1]` examples.
fn agree(config: &AutoencoderConfig, optimizer: &OptimizerConfig, examples: [usize; 2]) {
    let inputs = config.inputs;
    let device = Device::flex();
    let network = |device: &Device| -> Autoencoder {
        let weights = &mut generator(5, Purpose::Weights, 0);
        config.init(weights, device).unwrap()
    };
    let layers = dense::layers(&network(&device)).unwrap().unwrap();
    assert_eq!(layers.len(), 4);
    let prepare = |images: Vec<f32>, _: &mut ChaCha8Rng, batch: &mut DenseBatch| {
        batch.inputs = DenseInputs::Values(images);
        Ok(())
    };
    let squared = DenseLoss::MeanSquaredError;
    let mut fast = DenseStep::new(layers, squared, optimizer, 1e-3, prepare).unwrap();
    let loss = |net: &Autoencoder, images: Vec<f32>, _: &mut ChaCha8Rng| {
        let shape = [images.len() / inputs, inputs];
        let images = Tensor::<2>::from_data(TensorData::new(images, shape), &Device::flex());
        mean_squared_error(net.forward(images.clone().autodiff()), images.autodiff())
    };
    let mut generic = BurnStep::new(network(&device.clone().autodiff()), optimizer, 1e-3, loss);
    for index in 0..STEPS {
        let mut draws = generator(1, Purpose::Shuffle, index);
        let count = inputs * examples[index as usize % 2];
        let images: Vec<f32> = (0..count).map(|_| draws.random_range(0.0..1.0)).collect();
        let mut losses = Vec::new();
        for learner in [&mut fast as &mut dyn Step<Vec<f32>>, &mut generic] {
            let context = StepContext {
                learning_rate: 1e-3,
                generator: &mut generator(1, Purpose::Step, index),
            };
            losses.push(learner.step(images.clone(), context).unwrap());
        }
        assert!(
            (losses[0] - losses[1]).abs() <= 1e-4 * losses[1],
            "{losses:?} at step {index}"
        );
        let bound = match index {
            0 => SMOOTH.one_step,
            _ if index + 1 == STEPS => SMOOTH.hundred_steps,
            _ => continue,
        };
        let network = dense::with_layers(network(&device), fast.layers()).unwrap();
        let expected = generic.valid().state_dict().unwrap();
        let (worst, what) = distance(network.state_dict().unwrap(), expected);
        assert!(worst <= bound, "{worst:e} apart after step {index}: {what}");
    }
}

/// With an ε so large that the noise of a gradient that should be 0 does not make a whole step.
const ADAM: OptimizerConfig = OptimizerConfig::Adam {
    beta1: 0.9,
    beta2: 0.999,
    epsilon: 1e-3,
};

fn config(inputs: usize, hidden: usize, output: Activation) -> AutoencoderConfig {
    AutoencoderConfig::new()
        .with_inputs(inputs)
        .with_hidden(vec![hidden])
        .with_bottleneck(9)
        .with_activation(Activation::SILU)
        .with_bottleneck_activation(Activation::SILU)
        .with_output_activation(output)
}

#[test]
fn a_narrow_autoencoder_agrees() {
    let config = config(60, 40, Activation::SIGMOID);
    agree(&config, &ADAM, [50, 21]);
    // As the example trains.
    let config = config.with_bottleneck_activation(Activation::RELU);
    agree(&config, &OptimizerConfig::adam(), [50, 50]);
}

#[test]
fn one_whose_last_layer_is_shared_by_its_outputs_agrees() {
    // A whole number of vectors, and a few outputs more.
    agree(&config(512, 32, Activation::SIGMOID), &ADAM, [130, 64]);
    agree(&config(259, 40, Activation::SIGMOID), &ADAM, [50, 21]);
    // Its weights are cut by its inputs too.
    let momentum = OptimizerConfig::sgd(0.9);
    agree(
        &config(300, 150, Function::Tanh.into()),
        &momentum,
        [33, 100],
    );
}

#[test]
fn so_does_one_with_a_slope_to_learn_for_its_outputs() {
    agree(
        &config(260, 20, Activation::PRELU),
        &OptimizerConfig::sgd(0.0),
        [40, 9],
    );
}
