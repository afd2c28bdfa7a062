//! One file over HTTP: streamed to a temporary name, measured and hashed on the way, then renamed.

use super::{Downloader, RemoteFile};
use crate::checksum::hexadecimal;
use crate::{Event, Observer};
use atomic_write_file::AtomicWriteFile;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{Read, Write};
use std::path::Path;
use ureq::Agent;

/// Bytes per read, and so per progress event at most.
const CHUNK: usize = 1 << 16;

pub(super) fn agent(settings: &Downloader) -> Agent {
    let mut config = Agent::config_builder()
        .timeout_resolve(Some(settings.resolve_timeout))
        .timeout_connect(Some(settings.connect_timeout))
        .timeout_recv_response(Some(settings.silence_timeout))
        .timeout_per_read(Some(settings.silence_timeout))
        .timeout_per_write(Some(settings.silence_timeout))
        .timeout_per_call(Some(settings.file_timeout));
    if !settings.use_proxy {
        config = config.proxy(None);
    }
    config.build().new_agent()
}

/// Whether the file is there and is what it should be.
pub(super) fn is_intact(path: &Path, file: &RemoteFile) -> bool {
    let right_size = |path: &Path| path.metadata().is_ok_and(|data| data.len() == file.bytes);
    let digest = || {
        let mut hasher = Sha256::new();
        let mut reader = File::open(path).ok()?;
        let mut chunk = vec![0; CHUNK];
        loop {
            match reader.read(&mut chunk).ok()? {
                0 => return Some(hexadecimal(&hasher.finalize())),
                got => hasher.update(&chunk[..got]),
            }
        }
    };
    path.is_file() && right_size(path) && digest().as_ref() == Some(&file.sha256)
}

/// Fetches one file. The temporary file is removed when it is dropped without being committed.
pub(super) fn transfer(
    agent: &Agent,
    url: &str,
    file: &RemoteFile,
    path: &Path,
    observer: &mut dyn Observer,
) -> Result<(), String> {
    observer.on_event(Event::Started {
        file: &file.name,
        url,
        bytes: file.bytes,
    });
    let mut response = agent.get(url).call().map_err(|error| error.to_string())?;
    if let Some(announced) = response.body().content_length()
        && announced != file.bytes
    {
        return Err(format!(
            "expected {} bytes, the server announces {announced}",
            file.bytes
        ));
    }
    // One byte more than expected, to notice an answer that goes on.
    let mut reader = response
        .body_mut()
        .as_reader()
        .take(file.bytes.saturating_add(1));
    let unwritable = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    let mut output = AtomicWriteFile::open(path).map_err(unwritable)?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK];
    let mut done = 0_u64;
    loop {
        let got = reader
            .read(&mut chunk)
            .map_err(|error| format!("broke off after {done} of {} bytes: {error}", file.bytes))?;
        if got == 0 {
            break;
        }
        hasher.update(&chunk[..got]);
        output.write_all(&chunk[..got]).map_err(unwritable)?;
        done += got as u64;
        observer.on_event(Event::Progress {
            file: &file.name,
            done,
            bytes: file.bytes,
        });
    }
    if done != file.bytes {
        let found = if done > file.bytes {
            "more".to_owned()
        } else {
            done.to_string()
        };
        return Err(format!("expected {} bytes, found {found}", file.bytes));
    }
    let found = hexadecimal(&hasher.finalize());
    if found != file.sha256 {
        return Err(format!("expected SHA-256 {}, found {found}", file.sha256));
    }
    output.commit().map_err(unwritable)?;
    observer.on_event(Event::Finished { file: &file.name });
    Ok(())
}
