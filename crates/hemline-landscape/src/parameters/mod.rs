//! A module's parameters as one flat vector, and back.

mod flat;
mod gradient;
mod layout;

pub use flat::{assign, flatten};
pub use gradient::gradient;
pub use layout::{Entry, EntryKind, Layout, RunningStatistics};
