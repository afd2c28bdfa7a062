//! Work shared between several places, some of which may be lost on the way.
//!
//! A [`Place`] is where jobs run: this process, a device of it, or a device that another machine serves.
//! Jobs go to whichever place has room. What a fleet promises, and what it rests on:
//!
//! - **A lost place loses no job.** A job that fails is not believed at once where a place can be lost:
//!   the place is checked first. If it answers, the failure is the job's own. If it does not, or if it does
//!   not answer a check while it is at work, the place is lost, and everything that ran on it is given to
//!   the others, to be begun anew. A lost place is opened again as soon as that is possible; so is one that
//!   was not there at the start.
//! - **Nothing waits for ever.** A thread that hangs cannot be killed: it is left behind, and what it may
//!   still say is not listened to. With no place open for [`Patience::without_place`] the work ends with
//!   [`FleetError::NoPlace`].
//! - **Where a job ran changes nothing** as long as its result depends on the job alone, which is for the
//!   caller to see to.
//!
//! [`each`] does numbered jobs; [`Study::run_on`](crate::tune::Study::run_on) runs trials.

mod attempt;
mod blame;
mod dispatch;
mod each;
mod error;
mod event;
mod patience;
mod place;
mod session;
mod site;
mod stop;
mod worker;

pub(crate) use attempt::{attempt, discard};
pub(crate) use dispatch::Fleet;
pub use each::each;
pub use error::FleetError;
pub(crate) use event::Event;
pub use event::PlaceEvent;
pub use patience::Patience;
pub use place::Place;
pub use stop::StopToken;
