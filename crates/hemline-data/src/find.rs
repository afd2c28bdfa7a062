//! Looks for Fashion-MNIST in one place after the other.

#[cfg(feature = "download")]
use crate::download::{Downloader, Manifest};
use crate::folder::{files_in, load_files};
use crate::{DataSet, Error, Event, FASHION_MNIST_SHA256, Fallback, Observer, Source};
use crate::{SyntheticGarments, load_folder};
use std::path::{Path, PathBuf};

/// The environment variable that names a folder with the data.
pub const DATA_VARIABLE: &str = "HEMLINE_DATA";

/// Where [`find`] looks. The default is what the environment and the platform say.
#[derive(Clone, Debug)]
pub struct Places {
    /// The folder that `$HEMLINE_DATA` names; an empty value counts as unset.
    pub variable: Option<PathBuf>,
    /// The folder that downloads are kept in.
    pub cache: Option<PathBuf>,
    /// Where missing files are fetched from, and how patiently; `None` keeps off the network.
    #[cfg(feature = "download")]
    pub download: Option<Downloader>,
    /// The built-in set.
    pub synthetic: SyntheticGarments,
}

impl Default for Places {
    fn default() -> Self {
        Self {
            variable: std::env::var_os(DATA_VARIABLE)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from),
            cache: dirs::cache_dir().map(|folder| folder.join("hemline").join("fashion-mnist")),
            #[cfg(feature = "download")]
            download: Some(Downloader::new(Manifest::fashion_mnist())),
            synthetic: SyntheticGarments::default(),
        }
    }
}

/// Finds the data that `source` asks for.
///
/// A path is loaded as it is. [`Source::Auto`] looks into `$HEMLINE_DATA`, then the cache folder,
/// then downloads into it, and at last draws the built-in set; the [`Provenance`] of that one then
/// says why, in [`fallback`], which a run shows before anything else.
///
/// # Errors
///
/// A given path, or a set `$HEMLINE_DATA`, that cannot be loaded is an error and never passed over.
///
/// # Example
///
/// ```
/// use hemline_data::{Places, Silent, Source, SyntheticGarments, find};
///
/// let synthetic = SyntheticGarments { train: 100, test: 10, ..Default::default() };
/// let places = Places { synthetic, ..Default::default() };
/// let data = find(&Source::Synthetic, &places, &mut Silent)?;
/// assert_eq!(data.development().count(), 100);
/// assert!(data.provenance().fallback.is_none());
/// # Ok::<(), hemline_data::Error>(())
/// ```
///
/// [`Provenance`]: crate::Provenance
/// [`fallback`]: crate::Provenance::fallback
pub fn find(
    source: &Source,
    places: &Places,
    observer: &mut dyn Observer,
) -> Result<DataSet, Error> {
    match source {
        Source::Path(folder) => load_folder(folder),
        Source::Synthetic => places.synthetic.draw(),
        Source::Auto => find_anywhere(places, observer),
    }
}

fn find_anywhere(places: &Places, observer: &mut dyn Observer) -> Result<DataSet, Error> {
    if let Some(folder) = &places.variable {
        observer.on_event(Event::Looking {
            place: DATA_VARIABLE,
        });
        return load_folder(folder);
    }
    let mut tried = vec![format!("${DATA_VARIABLE}: not set")];
    let mut give_up = |place: &str, reason: String, observer: &mut dyn Observer| {
        let reason = format!("{place}: {reason}");
        observer.on_event(Event::NotFound { reason: &reason });
        tried.push(reason);
    };
    observer.on_event(Event::Looking {
        place: "cache folder",
    });
    match from_cache(places) {
        Ok(data) => return Ok(data),
        Err(error) => give_up("cache folder", error.chain(), observer),
    }
    match from_network(places, observer) {
        Ok(data) => return Ok(data),
        Err(reason) => give_up("download", reason, observer),
    }
    let keep = places.cache.as_ref().map_or_else(String::new, |folder| {
        format!(", or put the four files into {}", folder.display())
    });
    let advice = format!(
        "To use the real data, set {DATA_VARIABLE} to a folder that holds it{keep}, or connect to \
         the network and run again."
    );
    Ok(places
        .synthetic
        .draw()?
        .with_fallback(Fallback { tried, advice }))
}

fn from_cache(places: &Places) -> Result<DataSet, Error> {
    let folder = places.cache.as_deref().ok_or(Error::NoCacheFolder)?;
    fashion_mnist(folder, &files_in(folder)?)
}

/// Loads files that this crate put there itself, and that may have been damaged since.
fn fashion_mnist(folder: &Path, files: &[PathBuf; 4]) -> Result<DataSet, Error> {
    let data = load_files(folder, files)?;
    let found = &data.provenance().sha256;
    if found == FASHION_MNIST_SHA256 {
        return Ok(data);
    }
    Err(Error::Checksum {
        path: folder.to_owned(),
        expected: FASHION_MNIST_SHA256.to_owned(),
        found: found.clone(),
    })
}

#[cfg(feature = "download")]
fn from_network(places: &Places, observer: &mut dyn Observer) -> Result<DataSet, String> {
    let Some(downloader) = &places.download else {
        return Err("switched off".to_owned());
    };
    let mut fetch = || {
        let folder = places.cache.as_deref().ok_or(Error::NoCacheFolder)?;
        downloader.fetch(folder, observer)?;
        let files = crate::folder::OFFICIAL_NAMES.map(|name| folder.join(format!("{name}.gz")));
        fashion_mnist(folder, &files)
    };
    fetch().map_err(|error: Error| error.chain())
}

#[cfg(not(feature = "download"))]
fn from_network(_places: &Places, _observer: &mut dyn Observer) -> Result<DataSet, String> {
    Err("not compiled in (feature `download` of hemline-data)".to_owned())
}
