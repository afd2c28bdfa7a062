//! The weights of a network against the law, as drawn and after training.

use std::fmt::Write;

use burn::tensor::Device;
use hemline_data::{Development, Provenance};
use hemline_init::{LayerWeights, measure_weights};
use hemline_models::{Mlp, MlpConfig};
use hemline_plot::short_number;
use hemline_train::CheckpointConfig;

use crate::support::args::CommonArgs;
use crate::support::classifier::ClassifierConfig;
use crate::support::data::grouped;
use crate::support::examples::Examples;
use crate::support::progress::FitProgress;
use crate::support::table::Table;

/// The number of passes over the images: enough to move the weights.
const EPOCHS: usize = 3;

/// Each layer's weights before and after training.
#[derive(Debug)]
pub(crate) struct Weights {
    pub(crate) fresh: Vec<LayerWeights>,
    pub(crate) trained: Vec<LayerWeights>,
    pub(crate) epochs: usize,
}

impl Weights {
    /// Measures the network that the seed draws, trains it on all images, and measures it again.
    pub(crate) fn new(
        images: &Development,
        provenance: &Provenance,
        args: &CommonArgs,
        device: &Device,
    ) -> anyhow::Result<Self> {
        let config = ClassifierConfig::for_images(images, EPOCHS, args);
        let fresh = measure(&config.network(args.seed, device)?, &config.model)?;
        println!("Training on {} images:", grouped(images.count()));
        let checkpoint = CheckpointConfig::new(args.make_out("he_init")?.join("model.checkpoint"))
            .resume(args.resume);
        let trained = config.train(
            &Examples::new(images, device).with_identity(&provenance.sha256),
            args.seed,
            Some(checkpoint),
            &mut FitProgress::new(),
        )?;
        Ok(Self {
            fresh,
            trained: measure(&trained.model, &config.model)?,
            epochs: config.epochs,
        })
    }

    fn rows(&self) -> impl Iterator<Item = (&'static str, &LayerWeights)> {
        let pairs = self.fresh.iter().zip(&self.trained);
        pairs.flat_map(|(fresh, trained)| [("new", fresh), ("trained", trained)])
    }

    pub(crate) fn table(&self) -> Table {
        let mut table = Table::new(
            2,
            [
                "layer", "weights", "law 2/n", "variance", "z-score", "mean", "z-score", "kurtosis",
            ],
        );
        for (when, layer) in self.rows() {
            table.push([
                format!("{}, {} → {}", layer.name, layer.fan_in, layer.fan_out),
                when.to_owned(),
                short_number(layer.law_variance),
                short_number(layer.variance),
                signed(layer.variance_z_score),
                short_number(layer.mean),
                signed(layer.mean_z_score),
                format!("{:.2}", layer.kurtosis),
            ]);
        }
        table
    }

    pub(crate) fn csv(&self) -> String {
        let mut csv = format!("weights,{}\n", LayerWeights::CSV_HEADER);
        for (when, layer) in self.rows() {
            // Writing to a String cannot fail.
            let _ = writeln!(csv, "{when},{}", layer.csv_row());
        }
        csv
    }
}

/// The linear layers' weights: the tensors with two dimensions, [outputs, inputs].
fn measure(model: &Mlp, config: &MlpConfig) -> anyhow::Result<Vec<LayerWeights>> {
    let mut layers = Vec::new();
    for tensor in model.state_dict()?.tensors {
        if let [outputs, inputs] = tensor.shape[..] {
            layers.push(measure_weights(
                &tensor.name,
                &tensor.values,
                (inputs, outputs),
                &config.initializer,
                config.activation.initial(),
            )?);
        }
    }
    Ok(layers)
}

/// A z-score with its sign.
fn signed(score: f64) -> String {
    format!("{score:+.1}").replace('-', "−")
}
