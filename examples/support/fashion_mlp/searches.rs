//! The two searches of the example: the assignment's space, and the variants.

use hemline_data::LabelledImages;
use hemline_train::tune::{Grid, Halving, SamplerChoice, TuneError, assignment_space};

use super::args::Args;
use crate::support::search::run::{Chosen, Plan};
use crate::support::search::space;

/// The final training of the base is so many times as long as the trial that it comes from.
const BASE_LENGTHENED: usize = 4;
/// The same for the variant, which learns faster and is slower to train.
const VARIANT_LENGTHENED: usize = 9;
/// Epochs after which variants are compared.
const COMPARED_EPOCHS: usize = 2;

/// The assignment's space.
pub(crate) fn base(args: &Args, images: &LabelledImages) -> Result<Plan, TuneError> {
    Ok(Plan {
        journal: "trials.jsonl",
        space: assignment_space(),
        recipe: space::assignment(images, &args.common),
        first: vec![space::settings_to_beat()],
        trials: args.search.trials(&args.common),
        sampler: SamplerChoice::default(),
        halving: space::halving()?,
    })
}

/// Every variant, for few epochs.
pub(crate) fn variants(args: &Args, images: &LabelledImages) -> Result<Plan, TuneError> {
    let epochs = if args.common.quick {
        1
    } else {
        COMPARED_EPOCHS
    };
    Ok(Plan {
        journal: "variants.jsonl",
        space: space::variants()?,
        recipe: space::variant(images, epochs, &args.common),
        first: Vec::new(),
        trials: space::variant_count(),
        sampler: SamplerChoice::Grid(Grid::default()),
        halving: Halving::SINGLE,
    })
}

/// The choices as they go into the final: the same settings, trained for longer, with their schedules
/// stretched. Trials are short so that many can be compared; a longer descent along the same cosine ends
/// lower.
pub(crate) fn at_full_length(base: Chosen, variant: Chosen) -> [Chosen; 2] {
    let lengthened = |mut chosen: Chosen, times: usize| {
        chosen.config.epochs = chosen.config.epochs.saturating_mul(times);
        chosen
    };
    [
        lengthened(base, BASE_LENGTHENED),
        lengthened(variant, VARIANT_LENGTHENED),
    ]
}
