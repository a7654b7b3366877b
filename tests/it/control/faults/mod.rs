//! Faults: matching, effects, schedules and sources.

mod doors;
mod edges;
mod effects;
mod items;
mod matching;
mod properties;
mod schedules;
mod stale;
