//! The in-memory store: ordered records, a virtual clock, an identifier generator and a revision counter.
//!
//! Vendor-neutral: no wire format, no HTTP, no runtime. Imports nothing else of this crate.

mod chunked_vec;
mod clock;
mod collection;
mod cow_arc;
mod cow_hash_table;
mod id_generator;
mod indexed_set;
mod lookup_table;
mod memo;
mod segment_texts;
mod sharing;
mod slot_set;
mod state_store;
mod summary;
mod text_search;
mod two_threads;
mod tx;
mod undo;

pub use clock::{ClockSetting, MockClock, Stopwatch, system_milliseconds, system_now};
pub use collection::{
    AppendText, BulkLoadError, Collection, Direction, Found, Index, Key, Listing, NumberedRecords, PageRange,
    Partition, Record, Records, Selection, SlotHint,
};
pub use cow_arc::CowArc;
pub use id_generator::{IdGenerator, stable_hex_id};
pub use indexed_set::{IndexedSet, Slots};
pub use lookup_table::LookupTable;
pub use memo::Memo;
pub use sharing::{SharedState, unshared_arc_bytes};
pub use state_store::{MAX_HISTORY, MAX_HISTORY_BYTES, Snapshot, Store};
pub use summary::{GroupSelector, GroupUse, SavedRecord, Summaries, Summary, SummaryPage, SummaryQuery};
pub use text_search::{
    contains_ignoring_ascii_case, contains_lowercase, is_context_free, json_contains_lowercase,
};
pub use tx::Tx;
pub use undo::{Undo, UndoMap, WriteEnd};
