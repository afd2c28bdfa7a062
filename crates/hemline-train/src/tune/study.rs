//! A study: a space, a sampler and an objective, brought together until every trial has closed.

use std::sync::Arc;
use std::time::Instant;

use super::engine::{Crew, Schedule};
use super::journal::{Header, Journal};
use super::{
    Objective, SampleRequest, Sampler, Space, StudyEvent, StudyObserver, StudyOptions, StudyResult,
    TrialRecord, TuneError,
};

/// A search that is ready to run.
///
/// The same seed gives the same trials and scores, bit for bit, for any number of workers, after any
/// number of interruptions, and as the beginning of any longer study (on one machine and build: the
/// samplers use the platform's logarithm).
///
/// ```
/// use hemline_train::tune::{Dimension, Space, StopToken, Study, StudyOptions, Trial};
///
/// let space = Space::new(vec![Dimension::linear("x", -1.0, 1.0)])?;
/// let square = |trial: &Trial, _budget: u64, _stop: &StopToken| {
///     let x = trial.params.float("x")?;
///     Ok(x * x)
/// };
/// let options = StudyOptions { trials: 20, ..StudyOptions::default() };
/// let result = Study::new(space, options).run(square)?;
/// assert!(result.best().and_then(|best| best.score()).is_some_and(|score| score < 0.05));
/// # Ok::<(), hemline_train::tune::TuneError>(())
/// ```
pub struct Study<'a> {
    space: Space,
    options: StudyOptions,
    sampler: Option<Box<dyn Sampler + 'a>>,
    observer: Box<dyn StudyObserver + 'a>,
}

impl std::fmt::Debug for Study<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Study")
            .field("space", &self.space)
            .field("options", &self.options)
            .field("sampler", &self.sampler)
            .finish_non_exhaustive()
    }
}

impl<'a> Study<'a> {
    /// A study of `space` with the sampler that the options name.
    pub fn new(space: Space, options: StudyOptions) -> Self {
        Self {
            space,
            options,
            sampler: None,
            observer: Box::new(()),
        }
    }

    /// Uses a sampler of the caller's in place of the one in the options.
    #[must_use]
    pub fn sampler(mut self, sampler: impl Sampler + 'a) -> Self {
        self.sampler = Some(Box::new(sampler));
        self
    }

    /// Reports progress to `observer`.
    #[must_use]
    pub fn observer(mut self, observer: impl StudyObserver + 'a) -> Self {
        self.observer = Box::new(observer);
        self
    }

    /// Runs every trial that the journal does not hold yet, and returns all of them. A trial that
    /// panics, fails, diverges or hangs is a failed trial of the result.
    ///
    /// A panicking trial still passes through the process's panic hook, which prints by default.
    ///
    /// # Errors
    /// [`TuneError::InvalidOption`]; the sampler's limits; anything that is wrong with the journal. In
    /// every case the journal keeps what was finished.
    pub fn run<O: Objective>(mut self, objective: O) -> Result<StudyResult, TuneError> {
        self.options.check()?;
        let begun = Instant::now();
        let (mut journal, records) = self.open_journal()?;
        let mut schedule = Schedule::new(&self.options, records);
        let deadline = self.options.deadline;
        let mut crew = Crew::new(Arc::new(objective), deadline, self.options.grace);

        let (trials, resumed) = (schedule.trials(), schedule.closed().len());
        self.observer
            .observe(&StudyEvent::Started { trials, resumed });
        let changed = schedule.settle(None);
        self.keep(&mut journal, &changed)?;
        while !schedule.is_finished() {
            self.fill(&mut schedule)?;
            while crew.busy() < self.options.workers
                && let Some((task, spent)) = schedule.next_task()
            {
                crew.dispatch(task, spent)?;
            }
            let report = crew.wait()?;
            let changed = schedule.take_in(report.trial, report.outcome, report.seconds);
            self.keep(&mut journal, &changed)?;
        }
        let records = schedule.into_closed();
        if let Some(journal) = journal {
            journal.finish(&records)?;
        }
        self.observer.observe(&StudyEvent::Finished);
        let seconds = begun.elapsed().as_secs_f64();
        Ok(StudyResult::new(
            self.space,
            self.options.direction,
            records,
            seconds,
        ))
    }

    fn open_journal(&self) -> Result<(Option<Journal>, Vec<TrialRecord>), TuneError> {
        let Some(path) = &self.options.journal else {
            return Ok((None, Vec::new()));
        };
        let header = Header::new(&self.space, self.chosen_sampler(), &self.options);
        let (journal, records) = Journal::open(path, header, &self.space, &self.options)?;
        Ok((Some(journal), records))
    }

    fn fill<S>(&mut self, schedule: &mut Schedule<S>) -> Result<(), TuneError> {
        let started = schedule.fill(|trial, history, pending| {
            let (space, seed) = (&self.space, self.options.seed);
            let direction = self.options.direction;
            let request = SampleRequest {
                space,
                seed,
                trial,
                history,
                pending,
                direction,
            };
            let params = match self.options.first.get(trial) {
                Some(point) => point.clone(),
                None => self.chosen_sampler().sample(&request)?,
            };
            self.space.check(&params)?;
            Ok(params)
        })?;
        for record in &started {
            self.observer.observe(&StudyEvent::TrialStarted(record));
        }
        Ok(())
    }

    fn keep(
        &mut self,
        journal: &mut Option<Journal>,
        changed: &[TrialRecord],
    ) -> Result<(), TuneError> {
        for record in changed {
            if let Some(journal) = journal.as_mut() {
                journal.append(record)?;
            }
            self.observer.observe(&StudyEvent::TrialUpdated(record));
        }
        Ok(())
    }

    fn chosen_sampler(&self) -> &dyn Sampler {
        match &self.sampler {
            Some(sampler) => sampler.as_ref(),
            None => &self.options.sampler,
        }
    }
}
