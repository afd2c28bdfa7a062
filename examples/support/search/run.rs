//! Runs a search over classifiers and shows what came out: the table, the best, and its second training.

use std::path::Path;
use std::sync::Arc;

use anyhow::anyhow;
use hemline_data::{LabelledImages, Provenance, Split};
use hemline_train::History;
use hemline_train::fleet::{Patience, Place, PlaceEvent, StopToken, each};
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
use crate::support::device::Devices;
use crate::support::examples::Examples;
use crate::support::side_by_side::share_of_cores;

/// How many of the best trials are printed.
const PRINTED: usize = 8;

/// What every search of a run shares: its flags, its folder, and the parts of the data that it may see.
pub(crate) struct Search<'a> {
    common: &'a CommonArgs,
    args: &'a SearchArgs,
    out: &'a Path,
    images: usize,
    others: usize,
    /// Which data it is, by its checksum.
    data: String,
    /// Each with its copy of the parts.
    devices: Devices<Parts>,
}

/// The parts of the data that a search may see, on a device.
struct Parts {
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
    ) -> Self {
        let data = provenance.sha256.clone();
        let share = |part: &LabelledImages| (Arc::new(part.clone()), data.clone());
        let (train, validation) = (share(&parts.train), share(&parts.validation));
        let devices = Devices::new(&common.device, move |device| {
            let put = |(images, data): &(Arc<LabelledImages>, String)| {
                Arc::new(Examples::shared(Arc::clone(images), device).with_identity(data))
            };
            Parts {
                train: put(&train),
                validation: put(&validation),
            }
        });
        Self {
            common,
            args,
            out,
            images: parts.train.count(),
            others: parts.validation.count(),
            data,
            devices,
        }
    }

    /// What is searched on, in a sentence.
    pub(crate) fn introduction(&self) -> String {
        let (workers, devices, lag) = (self.args.workers(), self.devices.count(), self.args.lag());
        let each = if devices == 1 {
            String::new()
        } else {
            format!(" on each of {devices} devices")
        };
        let limit = if workers.saturating_mul(devices) > lag {
            format!(" (at most {lag} in all, see --lag)")
        } else {
            String::new()
        };
        format!(
            "Searching on {} images, scoring on {} others, {workers} trials at a time{each}{limit}:",
            grouped(self.images),
            grouped(self.others),
        )
    }

    /// The objective on every device.
    fn places(
        &self,
        recipe: &Recipe,
        workers: usize,
        every_epoch: bool,
    ) -> anyhow::Result<Vec<Place<Trials>>> {
        // Those on this machine share its cores.
        let threads = share_of_cores(workers.saturating_mul(self.devices.on_these_cores()));
        let recipe = Arc::clone(recipe);
        let trials = move |parts: Arc<Parts>| Trials {
            train: Arc::clone(&parts.train),
            validation: Arc::clone(&parts.validation),
            recipe: Arc::clone(&recipe),
            threads,
            every_epoch,
        };
        self.devices
            .places(workers, trials, |trials| trials.train.device())
    }

    /// Runs what the journal does not hold yet, prints the best trials, and trains the best one again.
    pub(crate) fn run(&self, plan: Plan) -> anyhow::Result<(StudyResult, Chosen)> {
        let places = self.places(&plan.recipe, self.args.workers(), false)?;
        // The configuration at a corner of the space tells what the space leaves fixed.
        let corner =
            (plan.recipe)(&plan.space.params_at(&[])).map_err(anyhow::Error::from_boxed)?;
        let identity = format!(
            "{} and {} images of data {}; at a corner of the space {}",
            self.images,
            self.others,
            self.data,
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
            .run_on(places)?;
        for failure in table::failures(&result) {
            println!("  {failure}");
        }
        println!("\n{}", table::best_first(&result).top(PRINTED));
        let chosen = self.choose(&result, &plan.recipe)?;
        let (accuracy, cross_entropy) = chosen.validation();
        println!(
            "Best: trial {}, {:.2} % on the validation images, cross-entropy {cross_entropy:.4}; \
             trained again, the same to the last bit",
            chosen.record.trial,
            100.0 * accuracy,
        );
        Ok((result, chosen))
    }

    /// Takes the best trial and trains it again, to see that the same score comes out and to have its
    /// course.
    fn choose(&self, result: &StudyResult, recipe: &Recipe) -> anyhow::Result<Chosen> {
        let record = result.best().ok_or_else(|| {
            let reasons = table::failures(result).join("; ");
            anyhow!("no trial of the search was completed: {reasons}")
        })?;
        let config = (recipe)(&record.params).map_err(anyhow::Error::from_boxed)?;
        // Nothing else runs now.
        let places = self.places(recipe, 1, true)?;
        let again = record.clone();
        let mut history = History::default();
        each(
            places,
            1,
            Patience::default(),
            move |trials: &Trials, _, _: &StopToken| Ok(replay(trials, &again)?),
            |event: &PlaceEvent| println!("  {event}"),
            |_, course| {
                history = course;
                anyhow::Ok(())
            },
        )?;
        Ok(Chosen {
            config,
            record: record.clone(),
            history,
        })
    }
}

impl Chosen {
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
