//! Tests that need the dialects and their layers together.

mod dialects;
mod pipeline;
mod suggestions;
