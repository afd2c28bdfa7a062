//! Studies on places that come and go: the same trials, scores and journals as in one place.

use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use hemline_train::BoxedError;
use hemline_train::fleet::{FleetError, Patience, Place};
use hemline_train::tune::{
    Halving, Objective, Stretch, Study, StudyEvent, StudyOptions, StudyResult, Trial, TuneError,
    assignment_space, without_times,
};
use hemline_train::{Purpose, generator};
use rand::RngExt;

use crate::simulated::{Mode, Server, Session, impatient};

/// A training whose state lives in the session that began it.
struct Training {
    session: Session,
    number: u64,
}

static SESSIONS: AtomicU64 = AtomicU64::new(0);

impl Training {
    fn on(session: Session) -> Self {
        let number = SESSIONS.fetch_add(1, Ordering::SeqCst);
        Self { session, number }
    }
}

impl Objective for Training {
    type State = (u64, f64);

    fn start(&self, trial: &Trial) -> Result<Self::State, BoxedError> {
        self.session.touch()?;
        Ok((self.number, trial.params.float("learning_rate")?))
    }

    fn advance(
        &self,
        trial: &Trial,
        state: &mut Self::State,
        stretch: Stretch,
        _stop: &hemline_train::fleet::StopToken,
    ) -> Result<f64, BoxedError> {
        assert_eq!(state.0, self.number, "the state is of another session");
        for budget in stretch.from..stretch.to {
            self.session.work(6)?;
            state.1 = (state.1 * 3.0 + trial.seed as f64 + budget as f64).sin();
        }
        Ok(state.1)
    }
}

fn place(server: &Arc<Server>, name: &str) -> Place<Training> {
    let (server, two) = (Arc::clone(server), NonZeroUsize::MIN.saturating_add(1));
    let open = move || server.open().map(Training::on);
    Place::elsewhere(name, two, open, |training: &Training| {
        training.session.touch()
    })
}

fn study(journal: Option<&Path>, trials: usize) -> Study<'static> {
    let options = StudyOptions {
        trials,
        seed: 4,
        workers: 2,
        halving: Halving::new(2, 18, 3).unwrap(),
        journal: journal.map(Path::to_owned),
        ..StudyOptions::default()
    };
    Study::new(assignment_space(), options).patience(impatient())
}

/// The same in one place that nothing happens to.
fn undisturbed(journal: Option<&Path>, trials: usize) -> StudyResult {
    let server = Server::new(Mode::Running);
    let study = study(journal, trials);
    study.run_on(vec![place(&server, "alone")]).unwrap()
}

fn untimed(result: &StudyResult) -> Vec<hemline_train::tune::TrialRecord> {
    let records = result.records().iter().cloned();
    let untimed = records.map(|mut record| {
        record.seconds = 0.0;
        record
    });
    untimed.collect()
}

#[test]
fn servers_that_come_and_go_change_no_trial() {
    let expected = untimed(&undisturbed(None, 12));
    let mut lost = 0;
    for seed in 0..20 {
        let servers = [Mode::Running, Mode::Running].map(Server::new);
        let done = Arc::new(AtomicBool::new(false));
        let (over, targets) = (Arc::clone(&done), servers.clone());
        let chaos = std::thread::spawn(move || {
            let mut draws = generator(seed, Purpose::Shuffle, 1);
            while !over.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(draws.random_range(5..40)));
                let target = &targets[draws.random_range(0..2)];
                let modes = [Mode::Dead, Mode::Stopped, Mode::Running];
                target.set(modes[draws.random_range(0..3)]);
                std::thread::sleep(Duration::from_millis(draws.random_range(1..20)));
                target.set(Mode::Running);
            }
        });
        let observer = |event: &StudyEvent<'_>| {
            if let StudyEvent::Place(hemline_train::fleet::PlaceEvent::Lost { jobs, .. }) = event {
                lost += jobs.len();
            }
        };
        let places = vec![place(&servers[0], "one"), place(&servers[1], "two")];
        let result = study(None, 12).observer(observer).run_on(places).unwrap();
        done.store(true, Ordering::SeqCst);
        chaos.join().unwrap();
        assert_eq!(untimed(&result), expected, "seed {seed}");
    }
    assert!(lost > 10, "only {lost} trials lost their place");
}

#[test]
fn the_journal_tells_of_lost_places_and_is_else_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let [calm, stormy] = ["calm.jsonl", "stormy.jsonl"].map(|name| folder.path().join(name));
    undisturbed(Some(&calm), 9);
    let read = |path: &Path| std::fs::read_to_string(path).unwrap();

    // Interrupted for want of a place, with what was finished and the notes in the journal.
    let server = Server::new(Mode::Running);
    let killed = Arc::clone(&server);
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(40));
        killed.set(Mode::Dead);
    });
    let patience = Patience {
        without_place: Duration::from_millis(100),
        ..impatient()
    };
    let interrupted = study(Some(&stormy), 9).patience(patience);
    let result = interrupted.run_on(vec![place(&server, "weak")]);
    killer.join().unwrap();
    assert!(matches!(
        result,
        Err(TuneError::Fleet(FleetError::NoPlace { .. }))
    ));
    let text = read(&stormy);
    let notes = |text: &str| {
        text.lines()
            .filter(|line| line.contains("\"note\":"))
            .count()
    };
    assert!(
        text.contains("\"note\":\"weak is open\",\"seconds\":"),
        "{text}"
    );
    assert!(text.contains("\"note\":\"weak is lost: broken pipe; to be begun anew: "));
    let before = notes(&text);

    server.set(Mode::Running);
    let result = study(Some(&stormy), 9).run_on(vec![place(&server, "weak")]);
    assert_eq!(result.unwrap().counts().trials, 9);
    let text = read(&stormy);
    assert_eq!(notes(&text), before + 1, "{text}");
    assert_eq!(without_times(&text), without_times(&read(&calm)));
    // A finished journal with notes is read again, and can be extended.
    let again = study(Some(&stormy), 9)
        .run_on(vec![place(&server, "weak")])
        .unwrap();
    assert_eq!(read(&stormy), text);
    assert_eq!(untimed(&again), untimed(&undisturbed(None, 9)));
    study(Some(&stormy), 11)
        .run_on(vec![place(&server, "weak")])
        .unwrap();
    undisturbed(Some(&calm), 11);
    assert_eq!(without_times(&read(&stormy)), without_times(&read(&calm)));
    // A note that was torn or changed is noticed as any line is.
    let text = read(&stormy);
    let torn = &text[..text.len() - 5];
    std::fs::write(&stormy, torn).unwrap();
    study(Some(&stormy), 11)
        .run_on(vec![place(&server, "weak")])
        .unwrap();
    let changed = text.replacen("weak is open", "weak is shut", 1);
    std::fs::write(&stormy, changed).unwrap();
    let error = study(Some(&stormy), 11).run_on(vec![place(&server, "weak")]);
    assert!(matches!(error, Err(TuneError::JournalCorrupt { .. })));
}

#[test]
fn a_study_without_a_place_says_so() {
    let error = study(None, 3)
        .run_on(Vec::<Place<Training>>::new())
        .unwrap_err();
    assert_eq!(error.to_string(), "no place is open: none was given");
}
