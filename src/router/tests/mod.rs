//! Tests of the dialects together with their layers.

mod dialects;
mod pipeline;
mod suggestions;
