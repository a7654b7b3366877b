//! What surrounds the APIs: faults, the journal, explanations and coverage.

mod bench;
mod coverage;
mod explain;
mod export;
mod faults;
mod journal;
mod seed_codes;
mod stream;
mod verify;
