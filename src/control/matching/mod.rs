//! The patterns that faults and searches of the journal share.

pub mod body_matcher;
pub mod pattern;
pub mod string_matcher;
