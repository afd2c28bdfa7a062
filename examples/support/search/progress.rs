//! Shows how far a search is: a bar on a terminal, a line now and then elsewhere.

use hemline_train::tune::{StudyEvent, StudyObserver, TrialRecord, TrialStatus};
use indicatif::ProgressBar;

use crate::support::progress::{PLAIN_LINES, bar};

/// Watches a search whose score is an accuracy.
#[derive(Debug)]
pub(crate) struct SearchProgress {
    bar: ProgressBar,
    trials: usize,
    closed: usize,
    best: Option<(usize, f64)>,
}

impl SearchProgress {
    pub(crate) fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
            trials: 0,
            closed: 0,
            best: None,
        }
    }

    fn take_in(&mut self, record: &TrialRecord) {
        if !record.is_closed() {
            return;
        }
        self.closed += 1;
        if record.status == TrialStatus::Completed
            && let Some(score) = record.score()
            // Of equal scores the earlier trial's counts, whichever was faster.
            && self.best.is_none_or(|(trial, best)| (score, trial) > (best, record.trial))
        {
            self.best = Some((record.trial, score));
        }
        let best = self.best.map_or_else(String::new, |(trial, score)| {
            format!(", best so far {:.2} % (trial {trial})", 100.0 * score)
        });
        let message = format!("{} of {} trials{best}", self.closed, self.trials);
        let every = self.trials.div_ceil(PLAIN_LINES);
        if self.bar.is_hidden() && (self.closed.is_multiple_of(every) || self.closed == self.trials)
        {
            println!("  {message}");
        }
        self.bar.set_position(self.closed as u64);
        self.bar.set_message(message);
    }
}

impl StudyObserver for SearchProgress {
    fn observe(&mut self, event: &StudyEvent<'_>) {
        match event {
            StudyEvent::Started { trials, resumed } => {
                (self.trials, self.closed) = (*trials, *resumed);
                self.bar = bar(*trials as u64, "{bar:32} {percent:>3} %  {msg}  {eta} left");
                self.bar.set_position(*resumed as u64);
                if *resumed > 0 {
                    println!("  {resumed} of {trials} trials are in the journal already");
                }
            }
            StudyEvent::TrialUpdated(record) => self.take_in(record),
            StudyEvent::Place(event) => self.bar.suspend(|| println!("  {event}")),
            StudyEvent::Finished => self.bar.finish_and_clear(),
            _ => {}
        }
    }
}
