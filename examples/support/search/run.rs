//! Runs a search over classifiers and shows what came out: the table, the best, and its second training.

use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use burn::tensor::Device;
use hemline_data::{Provenance, Split};
use hemline_train::History;
use hemline_train::tune::{
    Halving, Params, SamplerChoice, Space, Study, StudyOptions, StudyResult, TrialRecord, replay,
};

use super::args::SearchArgs;
use super::progress::SearchProgress;
use super::table;
use super::trials::{Recipe, Trials};
use crate::support::args::CommonArgs;
use crate::support::classifier::ClassifierConfig;
use crate::support::data::grouped;
use crate::support::examples::Examples;
use crate::support::side_by_side::share_of_cores;

/// How many of the best trials are printed.
const PRINTED: usize = 8;

/// What every search of a run shares: its flags, its folder, and the parts of the data that it may see.
pub(crate) struct Search<'a> {
    common: &'a CommonArgs,
    args: &'a SearchArgs,
    out: &'a Path,
    train: Arc<Examples>,
    validation: Arc<Examples>,
}

/// One search.
pub(crate) struct Plan {
    /// The name of its journal in the folder of results.
    pub(crate) journal: &'static str,
    pub(crate) space: Space,
    pub(crate) recipe: Recipe,
    /// The settings to beat, which are tried first.
    pub(crate) first: Vec<Params>,
    pub(crate) trials: usize,
    pub(crate) sampler: SamplerChoice,
    pub(crate) halving: Halving,
}

/// What a search chose.
#[derive(Debug)]
pub(crate) struct Chosen {
    pub(crate) config: ClassifierConfig,
    /// The trial that won.
    pub(crate) record: TrialRecord,
    /// The trial trained once more, measured after every epoch.
    pub(crate) history: History,
}

impl<'a> Search<'a> {
    pub(crate) fn new(
        common: &'a CommonArgs,
        args: &'a SearchArgs,
        out: &'a Path,
        parts: &Split,
        provenance: &Provenance,
        device: &Device,
    ) -> Self {
        let examples =
            |images| Arc::new(Examples::new(images, device).with_identity(&provenance.sha256));
        Self {
            common,
            args,
            out,
            train: examples(&parts.train),
            validation: examples(&parts.validation),
        }
    }

    /// What is searched on, in a sentence.
    pub(crate) fn introduction(&self) -> String {
        format!(
            "Searching on {} images, scoring on {} others, {} trials at a time:",
            grouped(self.train.count()),
            grouped(self.validation.count()),
            self.args.workers()
        )
    }

    /// Runs what the journal does not hold yet, prints the best trials, and trains the best one again.
    pub(crate) fn run(&self, plan: Plan) -> anyhow::Result<(StudyResult, Chosen)> {
        let workers = self.args.workers();
        let trials = Trials {
            train: Arc::clone(&self.train),
            validation: Arc::clone(&self.validation),
            recipe: plan.recipe,
            threads: share_of_cores(workers),
            every_epoch: false,
        };
        // The configuration at a corner of the space tells what the space leaves fixed.
        let corner =
            (trials.recipe)(&plan.space.params_at(&[])).map_err(anyhow::Error::from_boxed)?;
        let identity = format!(
            "{} and {} images of data {}; at a corner of the space {}",
            self.train.count(),
            self.validation.count(),
            self.train.identity(),
            serde_json::to_string(&corner)?
        );
        let options = StudyOptions {
            trials: plan.trials,
            sampler: plan.sampler,
            first: plan.first,
            halving: plan.halving,
            ..self
                .args
                .options(self.common, self.out.join(plan.journal), identity)
        };
        let result = Study::new(plan.space, options)
            .observer(SearchProgress::new())
            .run(trials.clone())?;
        for failure in table::failures(&result) {
            println!("  {failure}");
        }
        println!("\n{}", table::best_first(&result).top(PRINTED));
        let chosen = Chosen::new(&result, trials)?;
        let (accuracy, cross_entropy) = chosen.validation();
        println!(
            "Best: trial {}, {:.2} % on the validation images, cross-entropy {cross_entropy:.4}; \
             trained again, the same to the last bit",
            chosen.record.trial,
            100.0 * accuracy,
        );
        Ok((result, chosen))
    }
}

impl Chosen {
    /// Takes the best trial and trains it again, to see that the same score comes out and to have its
    /// course.
    fn new(result: &StudyResult, trials: Trials) -> anyhow::Result<Self> {
        let record = result.best().ok_or_else(|| {
            let reasons = table::failures(result).join("; ");
            anyhow!("no trial of the search was completed: {reasons}")
        })?;
        let measured = Trials {
            every_epoch: true,
            // Nothing else runs now.
            threads: share_of_cores(1),
            ..trials
        };
        let config = (measured.recipe)(&record.params).map_err(anyhow::Error::from_boxed)?;
        Ok(Self {
            config,
            record: record.clone(),
            history: replay(&measured, record)?,
        })
    }

    /// The accuracy and the cross-entropy on the validation part at the end.
    pub(crate) fn validation(&self) -> (f64, f64) {
        let last = self
            .history
            .epochs
            .last()
            .and_then(|epoch| epoch.validation);
        last.map_or((f64::NAN, f64::NAN), |metrics| {
            (metrics.accuracy.unwrap_or(f64::NAN), metrics.loss)
        })
    }
}
