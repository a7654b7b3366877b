//! Tests of the dialects together with their layers.

mod dialects;
mod panicking_writes;
mod pipeline;
mod suggestions;
