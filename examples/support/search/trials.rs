//! What a trial is: a classifier trained on the training part and scored on the validation part.

use std::ops::ControlFlow;
use std::sync::Arc;

use hemline_train::tune::{
    Direction, Objective, ObjectiveError, Params, StopToken, Stretch, Trial,
};
use hemline_train::{History, IterationRecord, Observer};

use crate::support::classifier::{ClassifierConfig, Learner, metrics};
use crate::support::examples::Examples;
use crate::support::side_by_side::on_threads;

/// The score is the validation accuracy.
pub(crate) const DIRECTION: Direction = Direction::Maximise;

/// From a point of the search space to the classifier it stands for.
pub(crate) type Recipe =
    Arc<dyn Fn(&Params) -> Result<ClassifierConfig, ObjectiveError> + Send + Sync>;

/// The objective: the two parts of the data that a search may see, and what its parameters mean.
#[derive(Clone)]
pub(crate) struct Trials {
    pub(crate) train: Arc<Examples>,
    pub(crate) validation: Arc<Examples>,
    pub(crate) recipe: Recipe,
    /// The threads that one trial computes with.
    pub(crate) threads: usize,
    /// Whether to measure after every epoch, for a curve, and not at the rungs alone.
    pub(crate) every_epoch: bool,
}

impl Objective for Trials {
    /// The course of the last rung's training.
    type State = History;

    fn start(&self, _trial: &Trial) -> Result<Self::State, ObjectiveError> {
        Ok(History::default())
    }

    /// The budget is a share of the trial's own epochs: `stretch.to` of `stretch.max`, rounded up. Each
    /// rung begins afresh and brings its learning rate down to the end, because a network in the middle
    /// of its schedule says little about where it would arrive.
    fn advance(
        &self,
        trial: &Trial,
        state: &mut Self::State,
        stretch: Stretch,
        stop: &StopToken,
    ) -> Result<f64, ObjectiveError> {
        let config = (self.recipe)(&trial.params)?.shortened(stretch.to, stretch.max);
        *state = on_threads(self.threads, || self.train(&config, trial.seed, stop))??;
        let last = state.epochs.last();
        last.and_then(|epoch| epoch.validation?.accuracy)
            .ok_or_else(|| "the trial was told to stop".into())
    }
}

impl Trials {
    fn train(
        &self,
        config: &ClassifierConfig,
        seed: u64,
        stop: &StopToken,
    ) -> anyhow::Result<History> {
        let mut epoch = 0;
        let validate = |learner: &Learner| {
            epoch += 1;
            if epoch < config.epochs && !self.every_epoch {
                return Ok(None);
            }
            Ok(Some(metrics(&self.validation.evaluate(&learner.valid()?)?)))
        };
        let fitted = config.fit(&self.train, validate, seed, None, &mut Stopper(stop))?;
        Ok(fitted.history)
    }
}

/// Ends a training that its study has given up on.
struct Stopper<'a>(&'a StopToken);

impl<S> Observer<S> for Stopper<'_> {
    fn on_iteration(&mut self, _record: &IterationRecord, _learner: &S) -> ControlFlow<()> {
        if self.0.should_stop() {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    }
}
