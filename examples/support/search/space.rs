//! The spaces that are searched: the assignment's, and the variants that may do better.

use std::num::NonZeroUsize;
use std::sync::Arc;

use hemline_data::LabelledImages;
use hemline_init::Activation as Function;
use hemline_models::{Activation, MlpConfig};
use hemline_train::tune::{Dimension, Halving, Params, Space, TuneError, Value};
use hemline_train::{OptimizerConfig, Schedule};

use super::trials::Recipe;
use crate::support::args::CommonArgs;
use crate::support::classifier::ClassifierConfig;
use crate::support::learner::StepName;

/// `--quick` trains so many times fewer epochs.
pub(crate) const QUICK: u64 = 8;

/// The momentum of the assignment's networks, which is not searched.
const MOMENTUM: f64 = 0.9;

/// Trials are compared after a third of their epochs, and about one in eight is trained in full.
pub(crate) fn halving() -> Result<Halving, TuneError> {
    Halving::new(1, 3, 8)
}

/// The settings that a search of the assignment's space begins with, so that what it finds is at least as
/// good: small steps on small minibatches, and a penalty that shows at the length of the final training.
pub(crate) fn settings_to_beat() -> Params {
    Params::from_pairs([
        ("hidden_layers", Value::Int(3)),
        ("units", Value::Int(50)),
        ("learning_rate", Value::Float(0.01)),
        ("batch_size", Value::Int(32)),
        ("epochs", Value::Int(12)),
        ("l2", Value::Float(5e-4)),
    ])
}

/// What points of [`hemline_train::tune::assignment_space`] stand for: ReLU layers of equal width,
/// gradient descent with momentum and a cosine decay, L2 on the weights.
pub(crate) fn assignment(images: &LabelledImages, common: &CommonArgs) -> Recipe {
    let (inputs, classes) = (images.images().pixels_per_image(), images.classes());
    let common = common.clone();
    Arc::new(move |params: &Params| {
        let hidden = vec![params.count("units")?; params.count("hidden_layers")?];
        let model = MlpConfig::new(inputs, hidden, classes);
        let config = ClassifierConfig {
            step: StepName::of(&common, &[model.activation]),
            model,
            optimizer: OptimizerConfig::sgd(MOMENTUM),
            l2: params.float("l2")?,
            learning_rate: params.float("learning_rate")?,
            schedule: Schedule::cosine(0.0),
            batch_size: params.count("batch_size")?.try_into()?,
            epochs: params.count("epochs")?,
            label_smoothing: 0.0,
        };
        Ok(if common.quick {
            config.shortened(1, QUICK)
        } else {
            config
        })
    })
}

/// What a variant does differently.
#[derive(Clone, Copy, Debug)]
struct Variant {
    name: &'static str,
    activation: Activation,
    batch_norm: bool,
    dropout: f64,
    label_smoothing: f64,
}

/// Width alone.
const WIDE: Variant = Variant {
    name: "wide",
    activation: Activation::RELU,
    batch_norm: false,
    dropout: 0.0,
    label_smoothing: 0.0,
};

/// Width, and what helps a wide network: BatchNorm trains it faster, Dropout keeps it from learning the
/// images by heart. The second shows only in a long training, so the two are not taken apart here, where
/// trainings are short.
const REGULARISED: Variant = Variant {
    name: "BatchNorm, Dropout",
    batch_norm: true,
    dropout: 0.1,
    ..WIDE
};

const VARIANTS: [Variant; 7] = [
    WIDE,
    REGULARISED,
    Variant {
        name: "BatchNorm, Dropout, LeakyReLU",
        activation: Activation::Fixed(Function::LeakyRelu { slope: 0.01 }),
        ..REGULARISED
    },
    Variant {
        name: "BatchNorm, Dropout, ELU",
        activation: Activation::Fixed(Function::Elu { alpha: 1.0 }),
        ..REGULARISED
    },
    Variant {
        name: "BatchNorm, Dropout, PReLU",
        activation: Activation::PRELU,
        ..REGULARISED
    },
    Variant {
        name: "BatchNorm, Dropout, SiLU",
        activation: Activation::SILU,
        ..REGULARISED
    },
    Variant {
        name: "BatchNorm, Dropout, label smoothing",
        label_smoothing: 0.1,
        ..REGULARISED
    },
];

/// The one parameter of [`variants`].
const NAME: &str = "variant";

/// The width of a variant's three hidden layers, beyond what the assignment allows.
const WIDTH: usize = 256;

/// The variants by their names.
pub(crate) fn variants() -> Result<Space, TuneError> {
    let names = VARIANTS.map(|variant| variant.name);
    Space::new(vec![Dimension::categorical(NAME, names)])
}

/// The number of points of [`variants`].
pub(crate) fn variant_count() -> usize {
    VARIANTS.len()
}

/// What points of [`variants`] stand for: wide layers, trained by AdamW with a cosine decay.
pub(crate) fn variant(images: &LabelledImages, epochs: usize, common: &CommonArgs) -> Recipe {
    let (inputs, classes) = (images.images().pixels_per_image(), images.classes());
    let common = common.clone();
    Arc::new(move |params: &Params| {
        let name = params.text(NAME)?;
        let variant = VARIANTS.iter().find(|variant| variant.name == name);
        let variant = variant.ok_or_else(|| format!("there is no variant `{name}`"))?;
        Ok(ClassifierConfig {
            model: MlpConfig::new(inputs, vec![WIDTH; 3], classes)
                .with_activation(variant.activation)
                .with_batch_norm(variant.batch_norm)
                .with_dropout(variant.dropout),
            optimizer: OptimizerConfig::adamw(),
            l2: 0.1,
            learning_rate: 6e-3,
            schedule: Schedule::cosine(0.0),
            batch_size: const { NonZeroUsize::new(256).expect("it is not zero") },
            epochs,
            label_smoothing: variant.label_smoothing,
            step: StepName::of(&common, &[variant.activation]),
        })
    })
}
