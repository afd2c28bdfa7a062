//! What a network is trained to do, said twice: for the fast step and for burn.

use burn::tensor::Tensor;
use hemline_models::{
    Autoencoder, Mlp, Pass, mean_squared_error, smoothed_cross_entropy, with_gaussian_noise,
};
use hemline_train::{DenseBatch, DenseInputs, DenseLoss, DenseTargets, Error, OptimizerConfig};
use rand_chacha::ChaCha8Rng;

use super::examples::Examples;

/// From the numbers of some images of a training set to a batch; the generator is for noise.
pub(crate) type Prepare =
    Box<dyn Fn(Vec<usize>, &mut ChaCha8Rng, &mut DenseBatch) -> Result<(), Error> + Send>;

/// The same for burn: from the numbers of some images to the loss.
pub(crate) type Loss<N> = Box<dyn Fn(&N, Vec<usize>, &mut ChaCha8Rng) -> Tensor<1> + Send>;

/// What is minimised, for either way to do it.
pub(crate) struct Task<N> {
    pub(crate) optimizer: OptimizerConfig,
    /// The strength of the L2 penalty on the weights.
    pub(crate) l2: f64,
    pub(crate) dense: DenseLoss,
    pub(crate) prepare: Prepare,
    pub(crate) loss: Loss<N>,
}

impl Task<Mlp> {
    /// To tell the classes of `train` apart, by the cross-entropy of smoothed labels.
    pub(crate) fn classifier(
        train: &Examples,
        smoothing: f64,
        optimizer: OptimizerConfig,
        l2: f64,
    ) -> Self {
        let [host, device] = [train.clone(), train.clone()];
        Self {
            optimizer,
            l2,
            dense: DenseLoss::CrossEntropy { smoothing },
            prepare: Box::new(move |numbers, _, batch| {
                let mut labels = match std::mem::take(&mut batch.targets) {
                    DenseTargets::Labels(labels) => labels,
                    _ => Vec::new(),
                };
                labels.clear();
                labels.extend(host.labels(&numbers));
                batch.targets = DenseTargets::Labels(labels);
                batch.inputs = host.pixels(numbers);
                Ok(())
            }),
            loss: Box::new(move |mlp: &Mlp, numbers, generator| {
                let batch = device.minibatch(&numbers);
                let logits = mlp.forward(batch.images.autodiff(), &mut Pass::Train(generator));
                smoothed_cross_entropy(logits, batch.labels.autodiff(), smoothing)
            }),
        }
    }
}

impl Task<Autoencoder> {
    /// To give back the images of `train`, from images with noise of standard deviation `noise`, which is
    /// drawn on the host for either step.
    pub(crate) fn autoencoder(train: &Examples, noise: f64, optimizer: OptimizerConfig) -> Self {
        let [host, device] = [train.clone(), train.clone()];
        Self {
            optimizer,
            l2: 0.0,
            dense: DenseLoss::MeanSquaredError,
            prepare: Box::new(move |numbers, generator, batch| {
                if noise == 0.0 {
                    batch.inputs = host.pixels(numbers);
                    return Ok(());
                }
                let clean = host.minibatch(&numbers).images;
                let noisy = with_gaussian_noise(clean.clone(), noise, generator);
                batch.inputs = DenseInputs::Values(read(noisy)?);
                batch.targets = DenseTargets::Values(read(clean)?);
                Ok(())
            }),
            loss: Box::new(move |net: &Autoencoder, numbers, generator| {
                let clean = device.minibatch(&numbers).images;
                let inputs = with_gaussian_noise(clean.clone(), noise, generator);
                mean_squared_error(net.forward(inputs.autodiff()), clean.autodiff())
            }),
        }
    }
}

/// The numbers of a tensor, row-major, on the host.
fn read(images: Tensor<2>) -> Result<Vec<f32>, Error> {
    let failed = |message: String| Error::Device {
        action: "reading a minibatch",
        message,
    };
    let data = images
        .try_into_data()
        .map_err(|error| failed(error.to_string()))?;
    data.try_into_vec()
        .map_err(|error| failed(format!("{error:?}")))
}
