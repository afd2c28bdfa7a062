//! Downloads from a server on loopback that behaves, and from many that do not.

use hemline_data::{Downloader, Error, Event, Manifest, Places, RemoteFile, Silent, Source, find};
use sha2::{Digest, Sha256};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Manner {
    Right,
    Cut,
    Stall,
    Silent,
    Trickle,
    Unavailable,
    WrongBytes,
    WrongLength,
    TooLong,
    TooShort,
}

struct Server {
    address: String,
    requests: Arc<AtomicUsize>,
}

fn content(name: &str) -> Vec<u8> {
    name.bytes().cycle().take(150_000).collect()
}

/// A server that lives until the test binary ends; its threads hold nothing.
fn serve(manner: Manner) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    let requests = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&requests);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            counter.fetch_add(1, Ordering::SeqCst);
            std::thread::spawn(move || {
                // The client may hang up at any time, and often should.
                let _ = answer(stream, manner);
            });
        }
    });
    Server { address, requests }
}

fn answer(mut stream: TcpStream, manner: Manner) -> std::io::Result<()> {
    let mut request = Vec::new();
    let mut byte = [0];
    while !request.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut byte)?;
        request.push(byte[0]);
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let name = request.split(['/', ' ']).nth(2).unwrap_or_default();
    let mut body = content(name);
    let head = |length: usize| {
        format!("HTTP/1.1 200 OK\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n")
    };
    let open_end = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
    let pause = || std::thread::sleep(Duration::from_secs(20));
    match manner {
        Manner::Silent => pause(),
        Manner::Unavailable => {
            stream.write_all(
                b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            )?;
        }
        Manner::Cut | Manner::Stall | Manner::Trickle => {
            stream.write_all(head(body.len()).as_bytes())?;
            stream.write_all(&body[..70_000])?;
            stream.flush()?;
            match manner {
                Manner::Stall => pause(),
                Manner::Trickle => {
                    for piece in body[70_000..].chunks(1) {
                        stream.write_all(piece)?;
                        std::thread::sleep(Duration::from_millis(20));
                    }
                }
                _ => {}
            }
        }
        Manner::Right | Manner::WrongBytes => {
            if matches!(manner, Manner::WrongBytes) {
                body[100_000] ^= 1;
            }
            stream.write_all(head(body.len()).as_bytes())?;
            stream.write_all(&body)?;
        }
        Manner::WrongLength => {
            body.truncate(10);
            stream.write_all(head(10).as_bytes())?;
            stream.write_all(&body)?;
        }
        Manner::TooLong | Manner::TooShort => {
            stream.write_all(open_end.as_bytes())?;
            let length = if matches!(manner, Manner::TooLong) {
                300_000
            } else {
                149_999
            };
            body = body.into_iter().cycle().take(length).collect();
            stream.write_all(&body)?;
        }
    }
    stream.flush()
}

fn downloader(addresses: Vec<String>, names: &[&str]) -> Downloader {
    let file = |name: &&str| RemoteFile {
        name: (*name).to_owned(),
        bytes: 150_000,
        sha256: Sha256::digest(content(name))
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect(),
    };
    Downloader {
        silence_timeout: Duration::from_millis(300),
        file_timeout: Duration::from_secs(2),
        connect_timeout: Duration::from_secs(1),
        use_proxy: false,
        ..Downloader::new(Manifest {
            addresses,
            files: names.iter().map(file).collect(),
        })
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != ".lock")
        .collect();
    names.sort();
    names
}

#[test]
fn right_bytes_arrive_once() {
    let server = serve(Manner::Right);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("a").join("b");
    let downloader = downloader(vec![server.address.clone()], &["one", "two"]);
    let mut seen = Vec::new();
    let mut observer = |event: Event<'_>| {
        if let Event::Progress { file, done, bytes } = event {
            seen.push((file.to_owned(), done, bytes));
        }
    };
    downloader.fetch(&folder, &mut observer).unwrap();
    assert_eq!(names_in(&folder), ["one", "two"]);
    assert_eq!(std::fs::read(folder.join("two")).unwrap(), content("two"));
    assert_eq!(seen.last(), Some(&("two".to_owned(), 150_000, 150_000)));
    downloader.fetch(&folder, &mut Silent).unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 2);
    // A file that was damaged meanwhile is fetched again, and only that one.
    std::fs::write(folder.join("one"), vec![0; 150_000]).unwrap();
    downloader.fetch(&folder, &mut Silent).unwrap();
    assert_eq!(server.requests.load(Ordering::SeqCst), 3);
    assert_eq!(std::fs::read(folder.join("one")).unwrap(), content("one"));
}

#[test]
fn broken_transfers_leave_nothing_and_say_why() {
    let cases = [
        (Manner::Cut, "broke off after"),
        (Manner::Stall, "timeout"),
        (Manner::Silent, "timeout"),
        (Manner::Trickle, "timeout"),
        (Manner::Unavailable, "503"),
        (Manner::WrongBytes, "expected SHA-256"),
        (Manner::WrongLength, "announces 10"),
        (Manner::TooLong, "found more"),
        (Manner::TooShort, "found 149999"),
    ];
    std::thread::scope(|scope| {
        for (manner, words) in cases {
            scope.spawn(move || {
                let server = serve(manner);
                let folder = tempfile::tempdir().unwrap();
                let start = Instant::now();
                let error = downloader(vec![server.address], &["one", "two"])
                    .fetch(folder.path(), &mut Silent)
                    .unwrap_err();
                assert!(
                    start.elapsed() < Duration::from_secs(8),
                    "{words}: too slow"
                );
                assert!(matches!(error, Error::Download { .. }), "{error}");
                assert!(
                    error.to_string().contains(words),
                    "{error} does not say {words}"
                );
                assert_eq!(names_in(folder.path()), [""; 0], "{words}");
            });
        }
    });
}

#[test]
fn the_second_address_stands_in_and_is_then_asked_first() {
    let (busy, good) = (serve(Manner::Unavailable), serve(Manner::Right));
    let folder = tempfile::tempdir().unwrap();
    downloader(vec![busy.address, good.address], &["one", "two", "three"])
        .fetch(folder.path(), &mut Silent)
        .unwrap();
    assert_eq!(busy.requests.load(Ordering::SeqCst), 1);
    assert_eq!(good.requests.load(Ordering::SeqCst), 3);
}

#[test]
fn two_at_once_fetch_each_file_once() {
    let server = serve(Manner::Right);
    let folder = tempfile::tempdir().unwrap();
    let downloader = downloader(vec![server.address.clone()], &["one", "two", "three"]);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| downloader.fetch(folder.path(), &mut Silent).unwrap());
        }
    });
    assert_eq!(server.requests.load(Ordering::SeqCst), 3);
    assert_eq!(names_in(folder.path()), ["one", "three", "two"]);
}

#[test]
fn a_lock_that_stays_taken_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let lock = std::fs::File::create(folder.path().join(".lock")).unwrap();
    lock.lock().unwrap();
    let mut downloader = downloader(vec![], &["one"]);
    downloader.lock_timeout = Duration::from_millis(120);
    let mut waited = false;
    let mut observer = |event: Event<'_>| waited |= matches!(event, Event::Waiting { .. });
    let error = downloader.fetch(folder.path(), &mut observer).unwrap_err();
    assert!(matches!(error, Error::Locked { .. }), "{error}");
    assert!(waited);
}

#[test]
fn without_a_server_the_search_falls_back_in_seconds_and_says_why() {
    // A port that was just free refuses connections.
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let cache = tempfile::tempdir().unwrap();
    let mut places = Places {
        variable: None,
        cache: Some(cache.path().into()),
        ..Default::default()
    };
    places.download = Some(downloader(
        vec![format!("http://127.0.0.1:{port}/")],
        &["one"],
    ));
    places.synthetic.train = 10;
    places.synthetic.test = 10;
    let start = Instant::now();
    let data = find(&Source::Auto, &places, &mut Silent).unwrap();
    assert!(start.elapsed() < Duration::from_secs(4));
    let fallback = data.provenance().fallback.as_ref().unwrap().to_string();
    assert!(fallback.contains("cannot download one"), "{fallback}");
    assert!(fallback.to_lowercase().contains("refused"), "{fallback}");
}
