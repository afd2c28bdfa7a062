//! Devices of other machines, by burn's remote backend.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use anyhow::Context;
use burn::remote::RemoteHost;
use burn::tensor::Device;

/// The variable with the secret that a server and its clients share.
pub(crate) const TOKEN_VARIABLE: &str = "HEMLINE_TOKEN";

/// How long a server may take to answer. burn itself tries for 16 s where nothing listens, and for ever
/// where something listens and does not answer.
const PATIENCE: Duration = Duration::from_secs(18);

/// The secret of [`TOKEN_VARIABLE`], where there is one.
pub(crate) fn token() -> Option<String> {
    std::env::var(TOKEN_VARIABLE)
        .ok()
        .filter(|token| !token.is_empty())
}

/// Opens a session of its own on device `index` of the server at `address`, `HOST:PORT`.
pub(super) fn open(address: &str, index: usize) -> anyhow::Result<Device> {
    // burn keeps one session for each spelling of an address for the life of the process, also when
    // the server that it was with is gone. The name before the @ makes each spelling a new one; it is
    // not sent.
    static SESSIONS: AtomicUsize = AtomicUsize::new(0);
    let session = SESSIONS.fetch_add(1, Ordering::Relaxed);
    let mut host = RemoteHost::websocket(&format!("ws://session-{session}@{address}"));
    if let Some(token) = token() {
        host = host.with_credential(token.as_str());
    }
    let (sender, receiver) = mpsc::channel();
    std::thread::Builder::new()
        .name(format!("connect to {address}"))
        .spawn(move || {
            // After its patience, nobody listens any more.
            let _ = sender.send(Device::remote_options(&host).device_index(index).init());
        })
        .context("no thread can be started")?;
    let answer = receiver
        .recv_timeout(PATIENCE)
        .with_context(|| format!("{address} does not answer within {} s", PATIENCE.as_secs()))?;
    Ok(answer?)
}
