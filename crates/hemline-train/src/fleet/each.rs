//! Numbered jobs, each done once, somewhere.

use std::collections::VecDeque;

use super::{Event, Fleet, FleetError, Patience, Place, PlaceEvent, StopToken};
use crate::BoxedError;

/// Does the jobs 0..`jobs`, each at whichever of `places` has room, and gives each one's result to
/// `accept` on the calling thread, in any order. `observe` hears what happens to the places.
///
/// # Errors
/// [`FleetError::NoPlace`]; [`FleetError::Job`] for the first job that fails by its own fault;
/// [`FleetError::SpawnWorker`]; the errors of `accept`. Jobs that run then are left behind.
///
/// ```
/// use std::num::NonZeroUsize;
/// use hemline_train::fleet::{FleetError, Patience, Place, each};
///
/// let places = vec![Place::here("here", NonZeroUsize::MIN, 10), Place::here("there", NonZeroUsize::MIN, 10)];
/// let mut products = vec![0; 5];
/// each(
///     places,
///     5,
///     Patience::default(),
///     |ten: &usize, job, _stop| Ok(ten * job),
///     |_event| {},
///     |job, product| {
///         products[job] = product;
///         Ok::<(), FleetError>(())
///     },
/// )?;
/// assert_eq!(products, [0, 10, 20, 30, 40]);
/// # Ok::<(), FleetError>(())
/// ```
pub fn each<S, R, E>(
    places: Vec<Place<S>>,
    jobs: usize,
    patience: Patience,
    work: impl Fn(&S, usize, &StopToken) -> Result<R, BoxedError> + Send + Sync + 'static,
    mut observe: impl FnMut(&PlaceEvent),
    mut accept: impl FnMut(usize, R) -> Result<(), E>,
) -> Result<(), E>
where
    S: Send + Sync + 'static,
    R: Send + 'static,
    E: From<FleetError>,
{
    let mut waiting: VecDeque<usize> = (0..jobs).collect();
    let mut left = jobs;
    let mut fleet = Fleet::new(places, patience, work);
    while left > 0 {
        for session in fleet.sessions() {
            while fleet.has_room(session)
                && let Some(job) = waiting.pop_front()
            {
                fleet.dispatch(session, job, job, 0.0)?;
            }
        }
        match fleet.wait()? {
            Event::Done { job, result, .. } => {
                let result = result.map_err(|reason| FleetError::Job { job, reason })?;
                accept(job, result)?;
                left -= 1;
            }
            Event::Room => {}
            Event::Place { event, back, .. } => {
                observe(&event);
                for job in back.into_iter().rev() {
                    waiting.push_front(job);
                }
            }
        }
    }
    Ok(())
}
