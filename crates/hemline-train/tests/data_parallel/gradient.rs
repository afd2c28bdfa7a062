//! The gradient and the loss of the shards together are those of the whole minibatch.

use burn::module::Module;
use burn::tensor::Tensor;
use burn::tensor::activation::tanh;
use hemline_train::{
    BurnStep, DataParallelStep, OptimizerConfig, Purpose, Reduction, Step, StepContext, generator,
};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

use super::support::{Affine, Batch, tensor};
use super::{devices, shards};

/// Two affine maps with a tanh between them: 7 → 5 → 3.
#[derive(Module, Debug)]
struct Net {
    hidden: Affine,
    output: Affine,
}

impl Net {
    fn values(&self) -> Vec<f64> {
        let (hidden, output) = (self.hidden.values(), self.output.values());
        [hidden.0, hidden.1, output.0, output.1].concat()
    }
}

fn rows(draw: &mut ChaCha8Rng, count: usize, width: usize) -> Vec<Vec<f64>> {
    let mut row = || (0..width).map(|_| draw.random_range(-1.0..1.0)).collect();
    (0..count).map(|_| row()).collect()
}

fn step() -> BurnStep<Net, impl Fn(&Net, Batch, &mut ChaCha8Rng) -> Tensor<1> + Sync> {
    let mut draw = generator(1, Purpose::Weights, 0);
    let mut affine = |inputs, outputs| {
        let weight = rows(&mut draw, inputs, outputs);
        Affine::new(&weight, &rows(&mut draw, 1, outputs)[0])
    };
    let net = Net {
        hidden: affine(7, 5),
        output: affine(5, 3),
    };
    let loss = |net: &Net, (x, y): Batch, _: &mut ChaCha8Rng| {
        let residual = net.output.forward(tanh(net.hidden.forward(x))) - y;
        residual.powi_scalar(2).mean()
    };
    BurnStep::new(net, &OptimizerConfig::sgd(0.0), 0.0, loss)
}

/// At a learning rate of 1 the parameters change by the gradient.
fn context(generator: &mut ChaCha8Rng) -> StepContext<'_> {
    StepContext {
        learning_rate: 1.0,
        generator,
    }
}

#[test]
fn unequal_shards_have_the_gradient_of_the_whole_minibatch() {
    let mut draw = generator(1, Purpose::Shuffle, 0);
    let batch = (
        tensor(&rows(&mut draw, 13, 7)),
        tensor(&rows(&mut draw, 13, 3)),
    );
    let before = step().module().values();
    let mut whole = step();
    let whole_loss = whole.step(batch.clone(), context(&mut draw)).unwrap();
    let whole = whole.module().values();
    assert!(before.iter().zip(&whole).any(|(b, w)| (b - w).abs() > 0.05));

    for sizes in [&[13][..], &[4, 9], &[8, 2, 3], &[1, 5, 3, 4]] {
        let mut split = DataParallelStep::new(step(), devices(4)).unwrap();
        assert_eq!(split.reduction(), Reduction::Accumulator);
        let loss = split
            .step(shards(&batch, sizes), context(&mut draw))
            .unwrap();
        let pairs = whole.iter().zip(split.module().values());
        let worst = pairs.map(|(w, s)| (w - s).abs()).fold(0.0, f64::max);
        // f32 parameters near 1, of which the last place is 6e-8.
        assert!(worst < 1e-6, "{sizes:?}: off by {worst:e}");
        assert!((loss - whole_loss).abs() < 1e-6, "{sizes:?}: loss {loss}");
        if sizes.len() == 1 {
            assert_eq!((worst, loss), (0.0, whole_loss));
        }
    }
}
