//! Parallel sampling whose result does not depend on the number of threads.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;

use crate::{Error, Moments, Plan};

/// Draws in one chunk: about half a millisecond of work, so that threads seldom wait for each other.
const CHUNK_DRAWS: u64 = 1 << 16;
/// Values handed to [`Moments::extend`] at a time; they fit in the first cache.
const BLOCK: usize = 512;

/// Which measurement a stream belongs to: each draws from its own family of ChaCha8 streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Family {
    WeightLaw = 1,
    InputLaw,
    SumTerm,
    Sum,
    Product,
    ProductRule,
    LayerBefore,
    Layer,
    Mean,
    Density,
    DensityReference,
    Histogram,
    Symmetry,
    HalfVariance,
    Half,
    RectifiedVariance,
    Rectified,
    Propagation,
}

/// The generator of one chunk (or item) of one measurement.
pub(crate) fn generator(seed: u64, family: Family, index: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(seed);
    rng.set_stream((family as u64) << 48 | index);
    rng
}

/// Something that chunks are merged into, in their order.
pub(crate) trait Merge: Send {
    fn merge(&mut self, later: Self);
}

impl Merge for Moments {
    fn merge(&mut self, later: Self) {
        Self::merge(self, &later);
    }
}

impl<T: Send> Merge for Vec<T> {
    fn merge(&mut self, mut later: Self) {
        self.append(&mut later);
    }
}

/// Moments of `samples` numbers, each made by a sampler that spends `cost` draws on it.
pub(crate) fn measure<S>(
    plan: &Plan,
    family: Family,
    samples: u64,
    cost: u64,
    sampler: impl Fn() -> S + Sync,
) -> Result<Moments, Error>
where
    S: FnMut(&mut ChaCha8Rng) -> f64,
{
    by_chunks(plan, family, samples, cost, |rng, count| {
        let mut draw = sampler();
        let mut moments = Moments::new();
        let mut block = [0.0; BLOCK];
        let mut left = count;
        while left > 0 {
            let size = left.min(BLOCK as u64);
            let values = &mut block[..size as usize];
            values.iter_mut().for_each(|value| *value = draw(rng));
            moments.extend(values)?;
            left -= size;
        }
        Ok(moments)
    })
}

/// The numbers themselves, in the order of their chunks.
pub(crate) fn collect<S>(
    plan: &Plan,
    family: Family,
    samples: u64,
    cost: u64,
    sampler: impl Fn() -> S + Sync,
) -> Result<Vec<f64>, Error>
where
    S: FnMut(&mut ChaCha8Rng) -> f64,
{
    by_chunks(plan, family, samples, cost, |rng, count| {
        let mut draw = sampler();
        Ok((0..count).map(|_| draw(rng)).collect())
    })
}

/// Cuts `samples` into chunks of [`CHUNK_DRAWS`]/`cost`, runs `chunk` on each with its own generator, and merges.
pub(crate) fn by_chunks<A: Merge + Default>(
    plan: &Plan,
    family: Family,
    samples: u64,
    cost: u64,
    chunk: impl Fn(&mut ChaCha8Rng, u64) -> Result<A, Error> + Sync,
) -> Result<A, Error> {
    let size = (CHUNK_DRAWS / cost.max(1)).max(1);
    by_items(plan.workers, samples.div_ceil(size), |index| {
        chunk(
            &mut generator(plan.seed, family, index),
            size.min(samples - index * size),
        )
    })
}

/// Runs `item` on 0..count over `workers` threads and merges the results in the order of their index; the error
/// returned is that of the lowest index.
pub(crate) fn by_items<A: Merge + Default>(
    workers: usize,
    count: u64,
    item: impl Fn(u64) -> Result<A, Error> + Sync,
) -> Result<A, Error> {
    let next = AtomicU64::new(0);
    let merged = Mutex::new(InOrder {
        next: 0,
        waiting: BTreeMap::new(),
        total: Ok(A::default()),
    });
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                break;
            }
            let result = item(index);
            let mut merged = merged
                .lock()
                .unwrap_or_else(std::sync::PoisonError::into_inner);
            merged.take(index, result);
            if merged.total.is_err() {
                break;
            }
        }
    };
    let threads = u64::try_from(workers).unwrap_or(u64::MAX).min(count);
    std::thread::scope(|scope| {
        for _ in 1..threads {
            // Where the system has no more threads, those that run do the work.
            if std::thread::Builder::new()
                .spawn_scoped(scope, work)
                .is_err()
            {
                break;
            }
        }
        work();
    });
    merged
        .into_inner()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
        .total
}

/// Results that arrived, merged up to the first that is still missing.
struct InOrder<A> {
    next: u64,
    waiting: BTreeMap<u64, Result<A, Error>>,
    total: Result<A, Error>,
}

impl<A: Merge> InOrder<A> {
    fn take(&mut self, index: u64, result: Result<A, Error>) {
        self.waiting.insert(index, result);
        while let Some(result) = self.waiting.remove(&self.next) {
            self.next += 1;
            match (&mut self.total, result) {
                (Ok(total), Ok(later)) => total.merge(later),
                (Ok(_), Err(error)) => self.total = Err(error),
                (Err(_), _) => {}
            }
        }
    }
}
