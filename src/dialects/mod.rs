//! The emulated vendor APIs, one module per dialect.
//!
//! A dialect imports `app`, `config`, `domain`, `http`, `spec` and `store`, and never another dialect. The records, the
//! vendor's rules and the section of the seed file are in `domain`, which does not import HTTP types.

pub mod authress;
pub mod cloudflare;
pub mod ibm;
pub mod legacy;
