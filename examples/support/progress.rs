//! Shows how far a run is: a bar with the time left on a terminal, plain lines elsewhere.

use std::fmt::Display;
use std::io::IsTerminal;
use std::ops::ControlFlow;

use hemline_data::Event;
use hemline_landscape::{SurfaceObserver, SurfaceProgress};
use hemline_train::{EpochRecord, IterationRecord, Observer, Plan};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// About how many plain lines a run prints where there is no terminal.
pub(crate) const PLAIN_LINES: usize = 8;

/// Shows a training run.
#[derive(Debug)]
pub(crate) struct FitProgress {
    /// What is trained, where several trainings go on side by side.
    name: String,
    bars: Option<MultiProgress>,
    bar: ProgressBar,
    epochs: usize,
    validation: String,
}

impl FitProgress {
    pub(crate) fn new() -> Self {
        Self {
            name: String::new(),
            bars: None,
            bar: ProgressBar::hidden(),
            epochs: 0,
            validation: String::new(),
        }
    }

    /// The same for one of several trainings side by side, whose bars stand together in `bars`.
    pub(crate) fn beside(name: &str, bars: &MultiProgress) -> Self {
        Self {
            name: format!("{name}, "),
            bars: Some(bars.clone()),
            ..Self::new()
        }
    }
}

impl<S> Observer<S> for FitProgress {
    fn on_start(&mut self, plan: &Plan, _learner: &S) {
        self.epochs = plan.epochs;
        self.bar = bar(
            plan.iterations() as u64,
            "{bar:32} {percent:>3} %  {msg}  {eta} left",
        );
        if let Some(bars) = &self.bars
            && !self.bar.is_hidden()
        {
            self.bar = bars.add(self.bar.clone());
        }
        self.bar.set_position(plan.first_iteration as u64);
    }

    fn on_iteration(&mut self, record: &IterationRecord, _learner: &S) -> ControlFlow<()> {
        if record.iteration.is_multiple_of(50) {
            self.bar.set_position(record.iteration as u64 + 1);
            let IterationRecord { epoch, loss, .. } = record;
            let message = format!(
                "{}epoch {}, loss {loss:.4}{}",
                self.name,
                epoch + 1,
                self.validation
            );
            self.bar.set_message(message);
        }
        ControlFlow::Continue(())
    }

    fn on_epoch(&mut self, record: &EpochRecord, _learner: &S) -> ControlFlow<()> {
        if let Some(metrics) = record.validation {
            let accuracy = metrics
                .accuracy
                .map(|a| format!(", {:.2} % right", 100.0 * a));
            let accuracy = accuracy.unwrap_or_default();
            self.validation = format!(", validation loss {:.3}{accuracy}", metrics.loss);
        }
        let epoch = record.epoch + 1;
        let every = self.epochs.div_ceil(PLAIN_LINES);
        if self.bar.is_hidden() && (epoch.is_multiple_of(every) || epoch == self.epochs) {
            println!(
                "  {}epoch {epoch:>3} of {}: mean loss {:.4}{}",
                self.name, self.epochs, record.train_loss, self.validation
            );
        }
        if epoch == self.epochs {
            self.bar.finish_and_clear();
        }
        ControlFlow::Continue(())
    }
}

/// Shows where data are looked for and how a download goes.
#[derive(Debug, Default)]
pub(crate) struct DownloadProgress {
    bar: Option<ProgressBar>,
}

impl DownloadProgress {
    pub(crate) fn show(&mut self, event: Event<'_>) {
        match event {
            Event::Started { file, url, bytes } => {
                println!("Downloading {file} from {url}");
                let template = "{bar:32} {bytes} of {total_bytes}, {eta} left";
                self.bar = Some(bar(bytes, template));
            }
            Event::Progress { done, .. } => {
                if let Some(bar) = &self.bar {
                    bar.set_position(done);
                }
            }
            Event::Finished { .. } => self.clear(),
            // The reasons stand together in the message that follows if no address works.
            Event::Failed { .. } => self.clear(),
            Event::Waiting { at_most, .. } => println!(
                "Another process is downloading the data; waiting for it, at most {} s",
                at_most.as_secs()
            ),
            _ => {}
        }
    }

    fn clear(&mut self) {
        if let Some(bar) = self.bar.take() {
            bar.finish_and_clear();
        }
    }
}

/// Shows how far the loss on a grid is.
#[derive(Debug)]
pub(crate) struct GridProgress {
    bar: ProgressBar,
}

impl GridProgress {
    pub(crate) fn new() -> Self {
        Self {
            bar: ProgressBar::hidden(),
        }
    }
}

impl GridProgress {
    /// Says something in between.
    pub(crate) fn say(&self, what: &impl Display) {
        self.bar.suspend(|| println!("  {what}"));
    }
}

impl SurfaceObserver for GridProgress {
    fn on_progress(&mut self, progress: &SurfaceProgress) {
        if self.bar.length() != Some(progress.rows as u64) {
            self.bar = bar(progress.rows as u64, "{bar:32} {pos} of {len} rows{msg}");
        }
        self.bar.set_position(progress.done as u64);
        let left = progress.remaining.map(|left| left.as_secs_f64().ceil());
        if let Some(left) = left {
            self.bar.set_message(format!(", {left} s left"));
        }
        let every = progress.rows.div_ceil(PLAIN_LINES);
        // A grid of seconds needs no lines of its own where there is no terminal.
        let long = progress.elapsed.as_secs() >= 5;
        if self.bar.is_hidden() && long && progress.done.is_multiple_of(every) {
            let left = left.map_or_else(String::new, |left| format!(", {left} s left"));
            println!("  {} of {} rows{left}", progress.done, progress.rows);
        }
        if progress.done == progress.rows {
            self.bar.finish_and_clear();
        }
    }
}

/// A bar on the terminal's error stream; hidden where that is no terminal.
pub(crate) fn bar(length: u64, template: &str) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::with_draw_target(Some(length), ProgressDrawTarget::stderr_with_hz(8))
        .with_style(style)
}
