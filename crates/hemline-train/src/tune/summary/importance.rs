//! The share of the differences between trials that each hyper-parameter explains.

use std::num::NonZeroUsize;

use fanova::{FanovaOptions, RandomForestOptions};

use crate::tune::{Direction, Space, TrialRecord, TrialStatus, TuneError};

/// Fewer scores than this say nothing about several dimensions.
const FEWEST_TRIALS: usize = 10;

/// Trees in the forest: the shares' standard error is then an eighth of the spread between trees.
const TREES: u64 = 64;

/// Where a trial without the dimension stands on its axis, which is otherwise [0, 1).
const INACTIVE: f64 = -0.5;

/// Coordinates are rounded to this many steps, so that no two neighbours are too close for a threshold
/// between them.
const STEPS: f64 = (1 << 20) as f64;

/// Shares of the variance between trials, from a functional analysis of variance.
#[derive(Debug, Clone, PartialEq)]
pub struct Importance {
    /// The budget at which the trials are compared: the first rung's, since every trial that did not
    /// fail was measured there, and later rungs hold only those that did well.
    pub budget: u64,
    /// How many trials are compared.
    pub trials: usize,
    /// One entry per dimension, in the space's order.
    pub dimensions: Vec<DimensionImportance>,
    /// The share that no single dimension explains: 1 − Σ shares, in [0, 1].
    pub interactions: f64,
}

/// The importance of one hyper-parameter.
#[derive(Debug, Clone, PartialEq)]
pub struct DimensionImportance {
    /// The hyper-parameter.
    pub name: String,
    /// Var(E[rank | this parameter]) / Var(rank), in [0, 1]: its main effect.
    pub share: f64,
    /// Standard deviation of the share between the forest's trees.
    pub spread: f64,
}

/// Fits regression trees to the *ranks* of the scores, so that one diverged score does not outweigh all
/// others, and takes each tree's exact main effects over the box that the trials span (crate `fanova`).
/// A tree whose bootstrap sample has a single score explains nothing and is left out. A dimension with
/// one value has share 0. The forest's seeds are fixed: equal trials give equal shares.
///
/// Source: Hutter, Hoos & Leyton-Brown, "An Efficient Approach for Assessing Hyperparameter
/// Importance", ICML 2014.
pub(super) fn importance(
    space: &Space,
    direction: Direction,
    records: &[TrialRecord],
) -> Result<Importance, TuneError> {
    let scored: Vec<(&TrialRecord, f64, u64)> = records
        .iter()
        .filter(|record| record.status != TrialStatus::Failed)
        .filter_map(|record| {
            record
                .rungs
                .first()
                .map(|rung| (record, rung.score, rung.budget))
        })
        .collect();
    let trials = scored.len();
    if trials < FEWEST_TRIALS {
        return Err(TuneError::TooFewTrials {
            needed: FEWEST_TRIALS,
            found: trials,
        });
    }
    let scores: Vec<f64> = scored.iter().map(|(_, score, _)| *score).collect();
    let ranks = ranks(direction, &scores);
    let columns = columns(space, scored.iter().map(|(record, ..)| *record));
    let varying: Vec<usize> = (0..columns.len())
        .filter(|&column| columns[column].iter().any(|x| *x != columns[column][0]))
        .collect();
    if varying.is_empty() || ranks.iter().all(|rank| *rank == ranks[0]) {
        return Err(TuneError::ConstantScores { trials });
    }

    let features: Vec<&[f64]> = varying
        .iter()
        .map(|&column| columns[column].as_slice())
        .collect();
    let mut shares = vec![Vec::new(); features.len()];
    for seed in 0..TREES {
        for (shares, share) in shares.iter_mut().zip(tree_shares(&features, &ranks, seed)?) {
            shares.push(share);
        }
    }
    let dimensions: Vec<DimensionImportance> = space
        .dimensions()
        .iter()
        .enumerate()
        .map(|(column, dimension)| {
            let found = varying.iter().position(|&other| other == column);
            let (share, spread) = found.map_or((0.0, 0.0), |at| mean_and_spread(&shares[at]));
            DimensionImportance {
                name: dimension.name.clone(),
                share,
                spread,
            }
        })
        .collect();
    let explained: f64 = dimensions.iter().map(|dimension| dimension.share).sum();
    let budget = scored[0].2;
    Ok(Importance {
        budget,
        trials,
        dimensions,
        interactions: (1.0 - explained).clamp(0.0, 1.0),
    })
}

/// The main effects of one tree, or nothing for a tree without variance.
fn tree_shares(features: &[&[f64]], ranks: &[f64], seed: u64) -> Result<Vec<f64>, TuneError> {
    let forest = RandomForestOptions::new()
        .trees(NonZeroUsize::MIN)
        .seed(seed);
    let mut tree = FanovaOptions::new()
        .random_forest(forest)
        .fit(features.to_vec(), ranks)
        .map_err(|error| TuneError::Forest {
            source: Box::new(error),
        })?;
    let shares: Vec<f64> = (0..features.len())
        .map(|column| tree.quantify_importance(&[column]).mean)
        .collect();
    let usable = shares.iter().all(|share| share.is_finite());
    // Rounding can leave the interval by a few units in the last place.
    Ok(if usable {
        shares.iter().map(|share| share.clamp(0.0, 1.0)).collect()
    } else {
        Vec::new()
    })
}

/// The place of each score, from 0 for the best; equal scores share the mean of their places.
fn ranks(direction: Direction, scores: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..scores.len()).collect();
    order.sort_by(|&a, &b| direction.compare(scores[a], scores[b]));
    let mut ranks = vec![0.0; scores.len()];
    let mut begin = 0;
    for tied in order.chunk_by(|&a, &b| scores[a] == scores[b]) {
        let middle = begin as f64 + (tied.len() - 1) as f64 / 2.0;
        tied.iter().for_each(|&index| ranks[index] = middle);
        begin += tied.len();
    }
    ranks
}

/// One column per dimension, one row per trial.
fn columns<'a>(space: &Space, records: impl Iterator<Item = &'a TrialRecord>) -> Vec<Vec<f64>> {
    let mut columns = vec![Vec::new(); space.dimensions().len()];
    for record in records {
        for (column, unit) in columns.iter_mut().zip(space.unit_of(&record.params)) {
            column.push(unit.map_or(INACTIVE, |unit| (unit * STEPS).round() / STEPS));
        }
    }
    columns
}

fn mean_and_spread(shares: &[f64]) -> (f64, f64) {
    let count = shares.len().max(1) as f64;
    let mean = shares.iter().sum::<f64>() / count;
    let variance = shares
        .iter()
        .map(|share| (share - mean).powi(2))
        .sum::<f64>()
        / count;
    (mean, variance.sqrt())
}
