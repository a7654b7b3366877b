//! Faults: which requests they match, what they do, when they strike, and the doors by which they come.

mod doors;
mod edges;
mod effects;
mod items;
mod matching;
mod properties;
mod schedules;
mod stale;
