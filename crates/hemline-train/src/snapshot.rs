//! What a learner gives the loop so that a run can be stopped, resumed and rewound.

use crate::Error;

/// The whole state of a learner as bytes: parameters, buffers, and the optimizer's state.
///
/// [`restore`](Snapshot::restore) after [`snapshot`](Snapshot::snapshot) must bring back exactly
/// the same numbers, so that training goes on bit by bit as if it had never stopped.
pub trait Snapshot {
    /// The state as bytes.
    ///
    /// # Errors
    ///
    /// [`Error::NonFiniteParameter`] where a parameter is not finite: such a state is not worth
    /// coming back to. [`Error::Device`] where the parameters cannot be read.
    fn snapshot(&self) -> Result<Vec<u8>, Error>;

    /// Puts a state back.
    ///
    /// # Errors
    ///
    /// [`Error::Restore`] where the bytes are of another model or optimizer.
    fn restore(&mut self, state: &[u8]) -> Result<(), Error>;
}
