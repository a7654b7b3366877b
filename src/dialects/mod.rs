//! The emulated vendor APIs, one module per dialect.
//!
//! A dialect imports `app`, `config`, `domain`, `http`, `spec` and `store`, and never another dialect. The records, the
//! vendor's rules and the section of the seed file are in `domain`, which does not import HTTP types.

#[cfg(feature = "authress")]
pub mod authress;
#[cfg(feature = "cloudflare")]
pub mod cloudflare;
#[cfg(feature = "ibm")]
pub mod ibm;
#[cfg(feature = "legacy")]
pub mod legacy;
