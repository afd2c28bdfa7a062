//! The training that is measured.

use std::ops::ControlFlow;
use std::time::{Duration, Instant};

use anyhow::Context;
use burn::module::Module;
use burn::tensor::Device;
use hemline_data::{Event, LabelledImages, Places, find};
use hemline_models::{AutoencoderConfig, Error, MlpConfig};
use hemline_train::{FitConfig, IterationRecord, Observer, Plan, Purpose, fit, generator};

use super::args::{Args, Model};
use crate::support::args::CommonArgs;
use crate::support::dense::Network;
use crate::support::examples::Examples;
use crate::support::learner::{Learner, StepName};
use crate::support::task::Task;

/// What a training took.
#[derive(Debug)]
pub(crate) struct Measured {
    /// From the inputs to the outputs.
    pub(crate) widths: Vec<usize>,
    pub(crate) step: StepName,
    /// The images of all epochs.
    pub(crate) samples: usize,
    /// The duration of each step with the gathering of its minibatch, in order.
    pub(crate) steps: Vec<Duration>,
    pub(crate) last_loss: f64,
    /// The share of all pixels that are 0.
    pub(crate) zeros: f64,
}

/// The images to train on.
pub(crate) fn images(args: &Args, common: &CommonArgs) -> anyhow::Result<LabelledImages> {
    let data = find(&common.data, &Places::default(), &mut |_: Event<'_>| {})
        .with_context(|| format!("cannot load the data set `{}`", common.data))?;
    let images = data.development();
    let count = args.images.map_or(images.count(), |images| images.get());
    let numbers: Vec<usize> = (0..count.min(images.count())).collect();
    Ok(images.subset(&numbers)?)
}

/// Trains and watches the clock.
pub(crate) fn train(
    args: &Args,
    common: &CommonArgs,
    images: &LabelledImages,
    device: &Device,
) -> anyhow::Result<Measured> {
    let (optimizer, _) = args.optimizer.config();
    let examples = Examples::new(images, device);
    let inputs = images.images().pixels_per_image();
    match args.model {
        Model::Mlp => {
            let hidden: Vec<usize> = args.hidden.iter().map(|width| width.get()).collect();
            let config = MlpConfig::new(inputs, hidden.clone(), images.classes())
                .with_batch_norm(args.batch_norm)
                .with_dropout(args.dropout);
            let widths = [vec![inputs], hidden, vec![images.classes()]].concat();
            let step = StepName::of(common, &[config.activation]);
            let task = Task::classifier(&examples, 0.0, optimizer, 0.0);
            let init =
                |device: &Device| config.init(&mut generator(0, Purpose::Weights, 0), device);
            measure(args, &examples, widths, step, task, init)
        }
        Model::Autoencoder => {
            let config = AutoencoderConfig::new().with_inputs(inputs);
            let step = StepName::of(common, &[config.activation, config.output_activation]);
            let task = Task::autoencoder(&examples, 0.0, optimizer);
            let init =
                |device: &Device| config.init(&mut generator(0, Purpose::Weights, 0), device);
            measure(args, &examples, config.widths(), step, task, init)
        }
    }
}

fn measure<N: Module + Network>(
    args: &Args,
    examples: &Examples,
    widths: Vec<usize>,
    step: StepName,
    task: Task<N>,
    init: impl FnOnce(&Device) -> Result<N, Error>,
) -> anyhow::Result<Measured> {
    let (_, rate) = args.optimizer.config();
    let epochs = args.epochs.get();
    let learner = Learner::new(step, init, examples.device(), task)?;
    if step == StepName::Autodiff {
        // So that the clock does not see them made.
        examples.tensors();
    }
    let mut watch = Watch::default();
    let fitted = fit(
        learner,
        |generator| examples.minibatches(args.batch, generator),
        |_| Ok(None),
        &FitConfig::new(epochs, rate),
        &mut watch,
    )?;
    let last = fitted.history.last_losses(1);
    Ok(Measured {
        widths,
        step,
        samples: epochs * examples.count(),
        steps: watch.steps,
        last_loss: last.first().map_or(f64::NAN, |record| record.loss),
        zeros: examples.zeros(),
    })
}

/// Notes how long each iteration took.
#[derive(Debug, Default)]
struct Watch {
    last: Option<Instant>,
    steps: Vec<Duration>,
}

impl<S> Observer<S> for Watch {
    fn on_start(&mut self, _plan: &Plan, _learner: &S) {
        self.last = Some(Instant::now());
    }

    fn on_iteration(&mut self, _record: &IterationRecord, _learner: &S) -> ControlFlow<()> {
        let now = Instant::now();
        if let Some(last) = self.last.replace(now) {
            self.steps.push(now - last);
        }
        ControlFlow::Continue(())
    }
}
