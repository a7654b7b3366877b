//! The records, the rules, the error table and the seed section of the ibm dialect; no HTTP.

pub mod error;
pub mod model;
pub mod seed;
pub mod source;
