//! Faults: matching, effects, schedules and sources.

mod edge_cases;
mod effects;
mod fail_items;
mod matching;
mod properties;
mod schedules;
mod sources;
mod stale_reads;
