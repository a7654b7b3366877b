//! Faults: matching, effects, schedules and sources.

mod sources;
mod edge_cases;
mod effects;
mod fail_items;
mod matching;
mod properties;
mod schedules;
mod stale_reads;
