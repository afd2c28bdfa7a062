//! Which trial may run next: a pure state machine that knows nothing of threads or files.
//!
//! The trials form a closed prefix and a window of at most `lag` open ones. Every decision (a sampled
//! point, a climb from rung to rung) depends on smaller trial numbers only, and is taken as soon as
//! those have been measured; the order in which results come in therefore changes nothing.
//!
//! A training in progress stays in the session that it was begun in, since its state may live there: a
//! tensor is on one device. If the session is lost, the trial begins anew.

use std::collections::VecDeque;

use super::slot::{Phase, Slot};
use super::task::{Outcome, Task};
use crate::tune::seeds::training_seed;
use crate::tune::{
    Direction, Params, RungScore, StudyOptions, TrialRecord, TrialStatus, TuneError,
};

pub(crate) struct Schedule<S> {
    options: StudyOptions,
    budgets: Vec<u64>,
    trials: usize,
    closed: Vec<TrialRecord>,
    window: VecDeque<Slot<S>>,
}

impl<S> Schedule<S> {
    /// Takes up a study from the records of its journal, in the order of their trials.
    pub(crate) fn new(options: &StudyOptions, records: Vec<TrialRecord>) -> Self {
        let budgets = options.halving.budgets();
        let trials = records
            .last()
            .map_or(0, |last| last.trial + 1)
            .max(options.trials);
        let (closed, window) = (Vec::new(), VecDeque::new());
        let mut schedule = Self {
            options: options.clone(),
            budgets,
            trials,
            closed,
            window,
        };
        for record in records {
            while schedule.next_number() < record.trial {
                schedule.window.push_back(Slot::empty());
            }
            let phase = match (record.status, record.rungs.is_empty()) {
                (TrialStatus::Running, true) => Phase::Ready,
                (TrialStatus::Running, false) => Phase::Measured,
                _ => Phase::Closed,
            };
            schedule.window.push_back(Slot {
                record: Some(record),
                phase,
                state: None,
            });
            schedule.slide();
        }
        schedule
    }

    pub(crate) fn trials(&self) -> usize {
        self.trials
    }

    /// The records of all trials before the first open one.
    pub(crate) fn closed(&self) -> &[TrialRecord] {
        &self.closed
    }

    pub(crate) fn into_closed(self) -> Vec<TrialRecord> {
        self.closed
    }

    pub(crate) fn is_finished(&self) -> bool {
        self.closed.len() >= self.trials
    }

    /// Gives parameters to every trial whose history is complete; returns their records. `sample` is
    /// given the trial's number, the records it may know, and the parameters of the trials between.
    pub(crate) fn fill(
        &mut self,
        mut sample: impl FnMut(usize, &[TrialRecord], &[Params]) -> Result<Params, TuneError>,
    ) -> Result<Vec<TrialRecord>, TuneError> {
        let lag = self.options.lag;
        while self.window.len() < lag && self.next_number() < self.trials {
            self.window.push_back(Slot::empty());
        }
        let mut filled = Vec::new();
        for index in 0..self.window.len().min(lag) {
            if self.window[index].record.is_some() {
                continue;
            }
            let trial = self.closed.len() + index;
            let (known, between) = self.closed.split_at((trial + 1).saturating_sub(lag));
            // Earlier trials in the window have been filled before this one.
            let open = self
                .window
                .range(..index)
                .filter_map(|slot| slot.record.as_ref());
            let pending: Vec<Params> = between
                .iter()
                .chain(open)
                .map(|record| record.params.clone())
                .collect();
            let record = TrialRecord {
                trial,
                status: TrialStatus::Running,
                seed: training_seed(self.options.seed, trial),
                params: sample(trial, known, &pending)?,
                rungs: Vec::new(),
                failure: None,
                seconds: 0.0,
            };
            filled.push(record.clone());
            self.window[index].record = Some(record);
        }
        Ok(filled)
    }

    /// The first trial that is ready for a worker of `session`, and the time it has had. Early trials go
    /// first, because later ones wait for them.
    pub(crate) fn next_task(&mut self, session: u64) -> Option<(Task<S>, f64)> {
        let slot = self
            .window
            .iter_mut()
            .find(|slot| slot.is_ready_for(session))?;
        let record = slot.record.as_ref()?;
        let task = Task {
            trial: record.trial(),
            state: slot.state.take().map(|(_, state)| state),
            passed: record.rungs.clone(),
            to: self.budgets[record.rungs.len()],
            max: self.options.halving.max_budget(),
        };
        slot.phase = Phase::Running;
        Some((task, record.seconds))
    }

    /// A task that was given out comes back undone; its trial begins anew.
    pub(crate) fn give_back(&mut self, trial: usize) {
        let slot = trial
            .checked_sub(self.closed.len())
            .and_then(|index| self.window.get_mut(index));
        if let Some(slot) = slot {
            slot.phase = Phase::Ready;
        }
    }

    /// A session is lost, and with it the trainings in progress there, which are returned.
    pub(crate) fn forget(&mut self, session: u64) -> Vec<S> {
        let lost = |slot: &mut Slot<S>| slot.state.take_if(|(home, _)| *home == session);
        let lost = self.window.iter_mut().filter_map(lost);
        lost.map(|(_, state)| state).collect()
    }

    /// Takes in a result from `session` and every decision that it makes possible; returns the records that changed.
    pub(crate) fn take_in(
        &mut self,
        trial: usize,
        session: u64,
        outcome: Outcome<S>,
        seconds: f64,
    ) -> Vec<TrialRecord> {
        let index = trial.checked_sub(self.closed.len());
        let Some(slot) = index.and_then(|index| self.window.get_mut(index)) else {
            return Vec::new();
        };
        let Some(record) = slot.record.as_mut() else {
            return Vec::new();
        };
        record.seconds += seconds;
        match outcome {
            Ok((score, state)) => {
                record.rungs.push(RungScore {
                    budget: self.budgets[record.rungs.len()],
                    score,
                });
                slot.state = Some((session, state));
                slot.phase = Phase::Measured;
            }
            Err(reason) => {
                record.failure = Some(reason);
                slot.close(TrialStatus::Failed);
            }
        }
        self.settle(Some(trial))
    }

    /// Takes all decisions that are possible and returns the records that changed by them, together
    /// with that of `touched`.
    pub(crate) fn settle(&mut self, touched: Option<usize>) -> Vec<TrialRecord> {
        let mut changed: Vec<usize> = touched
            .and_then(|trial| trial.checked_sub(self.closed.len()))
            .into_iter()
            .collect();
        for index in 0..self.window.len() {
            let Some(climbs) = self.decision(index) else {
                continue;
            };
            let slot = &mut self.window[index];
            let rungs = slot.record.as_ref().map_or(0, |record| record.rungs.len());
            if rungs == self.budgets.len() {
                slot.close(TrialStatus::Completed);
            } else if climbs {
                slot.phase = Phase::Ready;
                continue;
            } else {
                slot.close(TrialStatus::Pruned);
            }
            if !changed.contains(&index) {
                changed.push(index);
            }
        }
        let records = changed
            .iter()
            .filter_map(|&index| self.window[index].record.clone())
            .collect();
        self.slide();
        records
    }

    /// Whether the measured trial at `index` climbs, or `None` while that is open.
    fn decision(&self, index: usize) -> Option<bool> {
        let slot = &self.window[index];
        let record = slot
            .record
            .as_ref()
            .filter(|_| slot.phase == Phase::Measured)?;
        let rung = record.rungs.len().checked_sub(1)?;
        if record.rungs.len() == self.budgets.len() {
            return Some(true);
        }
        let earlier = self.window.range(..index);
        let measured = |slot: &Slot<S>| {
            slot.phase == Phase::Closed
                || slot
                    .record
                    .as_ref()
                    .is_some_and(|record| record.rungs.len() > rung)
        };
        if !earlier.clone().all(measured) {
            return None;
        }
        let earlier = self
            .closed
            .iter()
            .chain(earlier.filter_map(|slot| slot.record.as_ref()));
        let scores = earlier.filter_map(|record| Some(record.rungs.get(rung)?.score));
        let direction: Direction = self.options.direction;
        Some(
            self.options
                .halving
                .climbs(direction, record.rungs[rung].score, scores),
        )
    }

    /// Moves closed trials from the front of the window to the prefix.
    fn slide(&mut self) {
        while self
            .window
            .front()
            .is_some_and(|slot| slot.phase == Phase::Closed)
        {
            self.closed
                .extend(self.window.pop_front().and_then(|slot| slot.record));
        }
    }

    fn next_number(&self) -> usize {
        self.closed.len() + self.window.len()
    }
}
