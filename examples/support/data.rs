//! Finds the data and says what was found before anything is computed with them.

use std::num::NonZeroUsize;

use anyhow::Context;
use hemline_data::{
    CLASS_NAMES, DATA_VARIABLE, DEFAULT_VALIDATION, DataSet, Development, Event, Places,
    Provenance, SealedTestSet, Source, Split, find,
};
use hemline_train::{Purpose, generator};

use super::args::CommonArgs;
use super::progress::DownloadProgress;

/// The number of images that go through a network at once while it is evaluated. Small enough that a
/// layer's output stays in the cache, and that no reduction is split over threads, whose order would
/// show in the last bits.
pub(crate) const EVALUATION_BATCH: NonZeroUsize = NonZeroUsize::new(1_000).expect("it is not zero");

/// The number of images that `--quick` leaves for training and validation together.
const QUICK_IMAGES: usize = 3_000;

/// Finds the data that the flags ask for and prints where they are from. With `--quick` only a part of
/// the training images is left.
pub(crate) fn load(args: &CommonArgs) -> anyhow::Result<(Provenance, Development, SealedTestSet)> {
    load_part(args, args.quick)
}

/// The same with all training images, for an example that takes its own part of them.
pub(crate) fn load_whole(
    args: &CommonArgs,
) -> anyhow::Result<(Provenance, Development, SealedTestSet)> {
    load_part(args, false)
}

fn load_part(
    args: &CommonArgs,
    quick: bool,
) -> anyhow::Result<(Provenance, Development, SealedTestSet)> {
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
    let data = if quick {
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

/// The training and validation parts that choices are made on: a sixth, at most 10,000, is held out.
pub(crate) fn split(development: &Development, seed: u64) -> anyhow::Result<Split> {
    let validation = DEFAULT_VALIDATION.min(development.count() / 6).max(1);
    Ok(development.split(validation, &mut generator(seed, Purpose::Split, 0))?)
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
