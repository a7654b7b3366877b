//! What a mock's memory is: records in order, one clock, one source of identifiers, one revision counter.
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
