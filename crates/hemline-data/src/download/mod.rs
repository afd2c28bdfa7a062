//! Fetches the files of a data set: verified, one process at a time, whole or not at all.

mod lock;
mod manifest;
mod transfer;

pub use manifest::{Manifest, RemoteFile};

use crate::{Error, Event, Observer};
use std::path::Path;
use std::time::Duration;

/// A manifest, and how long to wait for what.
#[derive(Clone, Debug)]
pub struct Downloader {
    /// The files and the addresses that have them.
    pub manifest: Manifest,
    /// The longest time for looking up a host's address.
    pub resolve_timeout: Duration,
    /// The longest time for reaching a server.
    pub connect_timeout: Duration,
    /// The longest silence of a server, before and in the middle of its answer.
    pub silence_timeout: Duration,
    /// The longest time for one file in all.
    pub file_timeout: Duration,
    /// The longest time to wait while another process downloads into the same folder.
    pub lock_timeout: Duration,
    /// Whether the proxies that the environment names are used.
    pub use_proxy: bool,
}

impl Downloader {
    /// Short limits for reaching a server, so that a machine without network learns it in seconds,
    /// and long ones for the transfer itself.
    #[must_use]
    pub fn new(manifest: Manifest) -> Self {
        Self {
            manifest,
            resolve_timeout: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(4),
            silence_timeout: Duration::from_secs(8),
            file_timeout: Duration::from_secs(600),
            lock_timeout: Duration::from_secs(900),
            use_proxy: true,
        }
    }

    /// Makes sure that every file of the manifest lies in the folder, and is what it should be.
    ///
    /// A file that is there with the right size and SHA-256 is kept. Any other is fetched under a
    /// temporary name, from the first address that gives the right bytes, and renamed. A lock on
    /// the file `.lock` in the folder keeps other processes waiting meanwhile; they then find the
    /// files in place.
    ///
    /// # Errors
    ///
    /// [`Error::Download`] with the reason of every address; nothing new then stands under the
    /// name of the file that failed. [`Error::Locked`], and [`Error::Io`] for the folder.
    pub fn fetch(&self, folder: &Path, observer: &mut dyn Observer) -> Result<(), Error> {
        std::fs::create_dir_all(folder).map_err(|source| Error::Io {
            path: folder.to_owned(),
            action: "create the folder",
            source,
        })?;
        let _lock = lock::hold(folder, self.lock_timeout, observer)?;
        let agent = transfer::agent(self);
        // An address that has just worked is asked first for the next file.
        let mut addresses: Vec<&str> = self.manifest.addresses.iter().map(String::as_str).collect();
        for file in &self.manifest.files {
            let path = folder.join(&file.name);
            if transfer::is_intact(&path, file) {
                continue;
            }
            let mut attempts = Vec::new();
            let mut worked = None;
            for (index, address) in addresses.iter().enumerate() {
                let url = format!("{address}{}", file.name);
                match transfer::transfer(&agent, &url, file, &path, observer) {
                    Ok(()) => {
                        worked = Some(index);
                        break;
                    }
                    Err(reason) => {
                        observer.on_event(Event::Failed {
                            url: &url,
                            reason: &reason,
                        });
                        attempts.push(format!("{url}: {reason}"));
                    }
                }
            }
            match worked {
                Some(index) => addresses[..=index].rotate_right(1),
                None => {
                    return Err(Error::Download {
                        file: file.name.clone(),
                        attempts,
                    });
                }
            }
        }
        Ok(())
    }
}
