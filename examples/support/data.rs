//! Finds the data and says what was found before anything is computed with them.

use anyhow::Context;
use hemline_data::{
    CLASS_NAMES, DATA_VARIABLE, DataSet, Development, Event, Places, Provenance, SealedTestSet,
    Source, find,
};
use hemline_train::{Purpose, generator};

use super::args::CommonArgs;
use super::progress::DownloadProgress;

/// The number of images that `--quick` leaves for training and validation together.
const QUICK_IMAGES: usize = 3_000;

/// Finds the data that the flags ask for and prints where they are from.
pub(crate) fn load(args: &CommonArgs) -> anyhow::Result<(Provenance, Development, SealedTestSet)> {
    let mut progress = DownloadProgress::default();
    let mut observer = |event: Event<'_>| progress.show(event);
    let places = Places::default();
    let data =
        find(&args.data, &places, &mut observer).with_context(|| match &places.variable {
            Some(_) if args.data == Source::Auto => {
                format!("cannot load the data that ${DATA_VARIABLE} names")
            }
            _ => format!("cannot load the data set `{}`", args.data),
        })?;
    if let Some(fallback) = &data.provenance().fallback {
        println!("{fallback}\n");
    }
    let data = if args.quick {
        shrink(data, args.seed)?
    } else {
        data.into_parts()
    };
    let (provenance, development, test) = &data;
    let (height, width) = test.image_size();
    println!(
        "Data: {}, {} images to train on and {} to test on, {height} × {width}, {} classes",
        provenance.name,
        grouped(development.count()),
        grouped(test.count()),
        development.classes(),
    );
    println!(
        "      from {} (SHA-256 {}…)\n",
        provenance.source,
        &provenance.sha256[..12]
    );
    Ok(data)
}

/// What the classes are called: by name for Fashion-MNIST and the set drawn after it, else by number.
pub(crate) fn class_names(provenance: &Provenance, classes: usize) -> Vec<String> {
    let garments = ["Fashion-MNIST", "synthetic garments"].contains(&provenance.name.as_str());
    if garments && classes == CLASS_NAMES.len() {
        return CLASS_NAMES.map(String::from).to_vec();
    }
    (0..classes).map(|class| class.to_string()).collect()
}

/// Keeps a stratified part of the images that may be looked at.
fn shrink(data: DataSet, seed: u64) -> anyhow::Result<(Provenance, Development, SealedTestSet)> {
    let (provenance, development, test) = data.into_parts();
    if development.count() <= QUICK_IMAGES {
        return Ok((provenance, development, test));
    }
    let parts = development.split(QUICK_IMAGES, &mut generator(seed, Purpose::Split, 1))?;
    println!(
        "--quick: only {} of the training images are used\n",
        grouped(QUICK_IMAGES)
    );
    Ok((provenance, Development::new(parts.validation), test))
}

/// A number with a comma between each three digits.
pub(crate) fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
