//! Trainings side by side, each on its share of the cores, so that they do not fight over them.

use rayon::ThreadPoolBuilder;

use super::args::cores;

/// The cores for each of `trainings` at the same time, at least one.
pub(crate) fn share_of_cores(trainings: usize) -> usize {
    (cores() / trainings.max(1)).max(1)
}

/// Does `work` on `threads` threads, which its steps and tensor operations are split over.
pub(crate) fn on_threads<R: Send>(
    threads: usize,
    work: impl FnOnce() -> R + Send,
) -> anyhow::Result<R> {
    let pool = ThreadPoolBuilder::new().num_threads(threads).build()?;
    Ok(pool.install(work))
}

/// Does `work` for all of `items` at the same time; the results are in their order.
pub(crate) fn side_by_side<T: Send, R: Send>(
    items: Vec<T>,
    work: impl Fn(T) -> anyhow::Result<R> + Sync,
) -> anyhow::Result<Vec<R>> {
    let threads = share_of_cores(items.len());
    let work = &work;
    std::thread::scope(|scope| {
        let begin = |item| scope.spawn(move || on_threads(threads, || work(item))?);
        let trainings: Vec<_> = items.into_iter().map(begin).collect();
        let join = |training: std::thread::ScopedJoinHandle<'_, anyhow::Result<R>>| {
            training
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        trainings.into_iter().map(join).collect()
    })
}
