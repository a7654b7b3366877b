//! The emulated vendor APIs, one module per dialect.
//!
//! A dialect imports `app`, `config`, `failure`, `http` and `store`, and never another dialect. Its `model` and
//! `seed` modules do not import HTTP types: they contain the records, the vendor's rules and the section of the
//! seed file.

pub mod authress;
pub mod cloudflare;
pub mod ibm;
pub mod legacy;
