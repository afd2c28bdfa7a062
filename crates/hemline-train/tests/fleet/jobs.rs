//! Numbered jobs on places that come and go.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use hemline_train::fleet::{FleetError, Patience, PlaceEvent, StopToken, each};
use hemline_train::{BoxedError, generator};
use rand::RngExt;

use crate::simulated::{Mode, Server, Session, impatient};

/// Runs `jobs` jobs of some pieces each; which were accepted how often, and what happened.
fn squares(
    servers: &[Arc<Server>],
    jobs: usize,
    patience: Patience,
) -> (Result<(), FleetError>, Vec<usize>, Vec<PlaceEvent>) {
    let places = servers.iter().enumerate();
    let places = places.map(|(index, server)| server.place(&format!("server {index}"), 2));
    let work = |session: &Session, job: usize, _: &StopToken| {
        session.work(3 + job % 5)?;
        Ok(job * job)
    };
    let (mut times, mut events) = (vec![0; jobs], Vec::new());
    let result = each(
        places.collect(),
        jobs,
        patience,
        work,
        |event| events.push(event.clone()),
        |job, square| {
            assert_eq!(square, job * job);
            times[job] += 1;
            Ok(())
        },
    );
    (result, times, events)
}

#[test]
fn a_killed_server_loses_no_job() {
    let servers = [Mode::Running, Mode::Running].map(Server::new);
    let killed = Arc::clone(&servers[0]);
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(25));
        killed.set(Mode::Dead);
    });
    let (result, times, events) = squares(&servers, 40, impatient());
    killer.join().unwrap();
    result.unwrap();
    assert_eq!(times, [1; 40]);
    let lost = |event: &&PlaceEvent| matches!(event, PlaceEvent::Lost { place, reason, .. } if place == "server 0" && reason == "broken pipe");
    assert_eq!(events.iter().filter(lost).count(), 1, "{events:?}");
    // It is tried again and again, and that is told once.
    let unreachable = |event: &&PlaceEvent| matches!(event, PlaceEvent::Unreachable { .. });
    assert!(events.iter().filter(unreachable).count() <= 1, "{events:?}");
}

#[test]
fn a_stopped_server_is_found_out_without_a_deadline() {
    let servers = [Mode::Running, Mode::Running].map(Server::new);
    let stopped = Arc::clone(&servers[1]);
    let stopper = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(25));
        stopped.set(Mode::Stopped);
    });
    let begun = Instant::now();
    let (result, times, events) = squares(&servers, 40, impatient());
    stopper.join().unwrap();
    result.unwrap();
    assert_eq!(times, [1; 40]);
    assert!(begun.elapsed() < Duration::from_secs(3));
    let lost = events.iter().find_map(|event| match event {
        PlaceEvent::Lost {
            place,
            reason,
            jobs,
        } => Some((place.as_str(), reason.as_str(), jobs.len())),
        _ => None,
    });
    assert_eq!(lost, Some(("server 1", "no answer within 150ms", 2)));
    // The threads that are left behind may end now.
    servers[1].set(Mode::Running);
}

#[test]
fn a_server_that_pauses_for_less_than_a_checks_time_is_kept() {
    let servers = [Server::new(Mode::Running)];
    let paused = Arc::clone(&servers[0]);
    let pauser = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(20));
        paused.set(Mode::Stopped);
        std::thread::sleep(Duration::from_millis(100));
        paused.set(Mode::Running);
    });
    let patience = Patience {
        check: Duration::from_secs(3),
        ..impatient()
    };
    let (result, times, events) = squares(&servers, 20, patience);
    pauser.join().unwrap();
    result.unwrap();
    assert_eq!(times, [1; 20]);
    assert!(
        matches!(events.as_slice(), [PlaceEvent::Opened { .. }]),
        "{events:?}"
    );
}

#[test]
fn a_late_server_joins_in() {
    let servers = [Mode::Running, Mode::Dead].map(Server::new);
    let late = Arc::clone(&servers[1]);
    let starter = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        late.set(Mode::Running);
    });
    let (result, times, events) = squares(&servers, 60, impatient());
    starter.join().unwrap();
    result.unwrap();
    assert_eq!(times, [1; 60]);
    let of_late = |event: &&PlaceEvent| {
        matches!(event,
            PlaceEvent::Opened { place } | PlaceEvent::Unreachable { place, .. } if place == "server 1")
    };
    let told: Vec<String> = events
        .iter()
        .filter(of_late)
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        told,
        ["server 1 cannot be opened: broken pipe", "server 1 is open"]
    );
}

#[test]
fn random_kills_stops_and_starts_lose_nothing() {
    for seed in 0..20 {
        let servers: Vec<_> = (0..3).map(|_| Server::new(Mode::Running)).collect();
        let done = Arc::new(AtomicBool::new(false));
        let (over, targets) = (Arc::clone(&done), servers.clone());
        let chaos = std::thread::spawn(move || {
            let mut draws = generator(seed, hemline_train::Purpose::Shuffle, 0);
            while !over.load(Ordering::SeqCst) {
                std::thread::sleep(Duration::from_millis(draws.random_range(1..30)));
                let target = &targets[draws.random_range(0..3)];
                let modes = [Mode::Dead, Mode::Stopped, Mode::Running, Mode::Running];
                target.set(modes[draws.random_range(0..4)]);
            }
            for target in targets {
                target.set(Mode::Running);
            }
        });
        let begun = Instant::now();
        let (result, times, events) = squares(&servers, 60, impatient());
        done.store(true, Ordering::SeqCst);
        chaos.join().unwrap();
        result.unwrap_or_else(|error| panic!("seed {seed}: {error}; {events:?}"));
        assert_eq!(times, [1; 60]);
        assert!(begun.elapsed() < Duration::from_secs(20), "seed {seed}");
    }
}

#[test]
fn no_place_is_an_error_with_the_reason_of_each() {
    let servers = [Mode::Dead, Mode::Dead].map(Server::new);
    let begun = Instant::now();
    let (result, ..) = squares(&servers, 3, impatient());
    let error = result.unwrap_err().to_string();
    let expected = "no place is open: server 0: broken pipe; server 1: broken pipe";
    assert_eq!(error, expected);
    // Nothing was ever open, so nothing is waited for.
    assert!(begun.elapsed() < Duration::from_secs(1));

    let server = Server::new(Mode::Running);
    let killed = Arc::clone(&server);
    let killer = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(30));
        killed.set(Mode::Dead);
    });
    let patience = Patience {
        without_place: Duration::from_millis(300),
        ..impatient()
    };
    let (result, times, _) = squares(&[server], 1000, patience);
    killer.join().unwrap();
    assert!(matches!(result, Err(FleetError::NoPlace { .. })));
    assert!(times.contains(&1) && times.contains(&0));
}

/// Runs three jobs on one server of one worker.
fn three(
    work: impl Fn(&Session, usize, &StopToken) -> Result<(), BoxedError> + Send + Sync + 'static,
    patience: Patience,
) -> (Result<(), FleetError>, Vec<String>) {
    let server = Server::new(Mode::Running);
    let mut events = Vec::new();
    let observe = |event: &PlaceEvent| events.push(event.to_string());
    let places = vec![server.place("server", 1)];
    let result = each(places, 3, patience, work, observe, |_, ()| Ok(()));
    (result, events)
}

#[test]
fn a_failure_on_a_living_place_is_the_jobs_own() {
    let calls = Arc::new(AtomicUsize::new(0));
    for panics in [false, true] {
        let counted = Arc::clone(&calls);
        let work = move |_: &Session, job: usize, _: &StopToken| match job {
            1 => {
                counted.fetch_add(1, Ordering::SeqCst);
                assert!(!panics, "the shapes differ");
                Err("the loss is NaN".into())
            }
            _ => Ok(()),
        };
        let (result, events) = three(work, impatient());
        let expected = if panics {
            "job 1 failed: panicked: the shapes differ"
        } else {
            "job 1 failed: the loss is NaN"
        };
        assert_eq!(result.unwrap_err().to_string(), expected);
        assert_eq!(events, ["server is open"]);
    }
    assert_eq!(calls.load(Ordering::SeqCst), 2, "once each");
}

#[test]
fn a_job_that_kills_every_place_is_given_up() {
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let work = move |session: &Session, job: usize, _: &StopToken| {
        if job == 2 {
            counted.fetch_add(1, Ordering::SeqCst);
            session.server().set(Mode::Dead);
            session.server().set(Mode::Running);
            session.touch()?;
        }
        Ok(())
    };
    let (result, _) = three(work, impatient());
    let error = result.unwrap_err().to_string();
    let expected = "job 2 failed: lost its place 21 times, at last: broken pipe";
    assert_eq!(error, expected);
    assert_eq!(calls.load(Ordering::SeqCst), 21);
}

#[test]
fn a_missed_deadline_is_forgiven_once() {
    let patience = Patience {
        deadline: Some(Duration::from_millis(50)),
        ..impatient()
    };
    // Slow at first, as where something else was going on.
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    let once = move |_: &Session, job: usize, _: &StopToken| {
        if job == 1 && counted.fetch_add(1, Ordering::SeqCst) == 0 {
            std::thread::sleep(Duration::from_millis(200));
        }
        Ok(())
    };
    let (result, events) = three(once, patience);
    result.unwrap();
    let expected = "1 exceeded its deadline of 50ms on server; to be begun anew";
    assert_eq!(events, ["server is open", expected]);
    assert_eq!(calls.load(Ordering::SeqCst), 2);
    // One that obeys, and one that is deaf.
    for obeys in [true, false] {
        let always = move |_: &Session, job: usize, stop: &StopToken| {
            let begun = Instant::now();
            while job == 1
                && begun.elapsed() < Duration::from_millis(400)
                && !(obeys && stop.should_stop())
            {
                std::thread::sleep(Duration::from_millis(1));
            }
            Ok(())
        };
        let (result, events) = three(always, patience);
        let how = if obeys {
            "exceeded"
        } else {
            "did not answer after"
        };
        let expected = format!("job 1 failed: {how} its deadline of 50ms");
        assert_eq!(result.unwrap_err().to_string(), expected);
        assert_eq!(events.len(), 2, "{events:?}");
    }
}
