//! A study: a space, a sampler and an objective, brought together until every trial has closed.

use std::num::NonZeroUsize;
use std::time::Instant;

use super::engine::{self, Schedule, Task};
use super::journal::{Header, Journal};
use super::{
    Objective, SampleRequest, Sampler, Space, StudyEvent, StudyObserver, StudyOptions, StudyResult,
    TrialRecord, TuneError,
};
use crate::fleet::{Event, Fleet, Patience, Place, StopToken, discard};

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
    patience: Patience,
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
            patience: Patience::default(),
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

    /// How long to wait for places that do not answer. The deadline and the grace of trials are in the
    /// options, and those of `patience` are not used.
    #[must_use]
    pub fn patience(mut self, patience: Patience) -> Self {
        self.patience = patience;
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
    pub fn run<O: Objective>(self, objective: O) -> Result<StudyResult, TuneError> {
        let workers = NonZeroUsize::new(self.options.workers).unwrap_or(NonZeroUsize::MIN);
        self.run_on(vec![Place::here("here", workers, objective)])
    }

    /// The same on several places, such as devices and other machines, each with an objective of its own
    /// that scores a trial as every other does. The options' `workers` are not used, since each place has
    /// its own; more of them in all than the options' `lag` stay idle.
    ///
    /// A place that is lost or hangs loses no trial: those that ran on it are begun anew on another, to the
    /// same bits, and it is opened again when that is possible. The journal has a note for each such event,
    /// and the observer hears of it. A trial that loses its place twenty times fails.
    ///
    /// ```
    /// use std::num::NonZeroUsize;
    /// use hemline_train::fleet::Place;
    /// use hemline_train::tune::{StopToken, Study, StudyOptions, Trial, assignment_space};
    ///
    /// let objective =
    ///     |trial: &Trial, _budget: u64, _stop: &StopToken| Ok(trial.params.float("learning_rate")?);
    /// let places = ["first", "second"].map(|name| Place::here(name, NonZeroUsize::MIN, objective));
    /// let study = || Study::new(assignment_space(), StudyOptions::default());
    /// let [together, alone] = [study().run_on(places.into())?, study().run(objective)?];
    /// let scores = |result: &hemline_train::tune::StudyResult| {
    ///     result.records().iter().map(|record| record.score()).collect::<Vec<_>>()
    /// };
    /// assert_eq!(scores(&together), scores(&alone));
    /// # Ok::<(), hemline_train::tune::TuneError>(())
    /// ```
    ///
    /// # Errors
    /// As [`Study::run`], and [`TuneError::Fleet`] when no place is open for too long.
    pub fn run_on<O: Objective>(mut self, places: Vec<Place<O>>) -> Result<StudyResult, TuneError> {
        self.options.check()?;
        let begun = Instant::now();
        let (mut journal, records) = self.open_journal()?;
        let mut schedule = Schedule::new(&self.options, records);
        let patience = Patience {
            deadline: self.options.deadline,
            grace: self.options.grace,
            ..self.patience
        };
        let work = |objective: &O, task: Task<O::State>, stop: &StopToken| {
            engine::run(objective, task, stop)
        };
        let mut fleet = Fleet::new(places, patience, work);

        let (trials, resumed) = (schedule.trials(), schedule.closed().len());
        self.observer
            .observe(&StudyEvent::Started { trials, resumed });
        let changed = schedule.settle(None);
        self.keep(&mut journal, &changed)?;
        while !schedule.is_finished() {
            self.fill(&mut schedule)?;
            for session in fleet.sessions() {
                while fleet.has_room(session)
                    && let Some((task, spent)) = schedule.next_task(session)
                {
                    fleet.dispatch(session, task.trial.number, task, spent)?;
                }
            }
            match fleet.wait()? {
                Event::Room => {}
                Event::Done {
                    job,
                    session,
                    result,
                    seconds,
                } => {
                    let changed = schedule.take_in(job, session, result, seconds);
                    self.keep(&mut journal, &changed)?;
                }
                Event::Place { event, lost, back } => {
                    for trial in back {
                        schedule.give_back(trial);
                    }
                    let states = lost.map(|session| schedule.forget(session));
                    // What is freed on a place that hangs may hang too.
                    let _ = std::thread::Builder::new().spawn(move || discard(states));
                    if let Some(journal) = journal.as_mut() {
                        journal.note(&event.to_string(), begun.elapsed().as_secs_f64())?;
                    }
                    self.observer.observe(&StudyEvent::Place(&event));
                }
            }
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
