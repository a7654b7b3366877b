//! The in-memory store: ordered records, a virtual clock, an identifier generator and a revision counter.
//!
//! Vendor-neutral: no wire format, no HTTP, no runtime. Imports nothing else of this crate.

mod clock;
mod collection;
mod id_generator;
mod memo;
mod state_store;
mod indexed_set;
mod cow_arc;
mod chunked_vec;
mod summary;
mod cow_hash_table;
mod tx;

pub use clock::{ClockSetting, MockClock, Stopwatch, system_now};
pub use collection::{Collection, Direction, Key, Listing, Partition, Record, Index, PageRange};
pub use id_generator::{IdGenerator, stable_hex_id};
pub use memo::Memo;
pub use state_store::{Store, Snapshot};
pub use indexed_set::IndexedSet;
pub use cow_arc::CowArc;
pub use summary::{Summaries, Summary};
pub use tx::Tx;
