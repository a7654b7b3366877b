//! The in-memory store: ordered records, a virtual clock, an identifier generator and a revision counter.
//!
//! Vendor-neutral: no wire format, no HTTP, no runtime. Imports nothing else of this crate.

mod clock;
mod collection;
mod ids;
mod kept;
mod namespace;
mod ranked;
mod shared;
mod slots;
mod summary;
mod table;
mod tx;

pub use clock::{Clock, RunningClock, Stopwatch, machine_time};
pub use collection::{Collection, Direction, Key, Listing, Partition, Record, View, Window};
pub use ids::{Ids, derived_hex};
pub use kept::Kept;
pub use namespace::{Namespace, Snapshot};
pub use ranked::RankedSet;
pub use shared::Shared;
pub use summary::{Summaries, Summary};
pub use tx::Tx;
