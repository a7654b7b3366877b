//! The records and rules of the vendors, without HTTP, and the seed file that they are loaded from.
//!
//! Each dialect has a folder: records, rules, error table and seed section. Imports `config`, `json`, `spec` and
//! `store`.

pub mod authress;
pub mod cloudflare;
pub mod credentials;
pub mod ibm;
pub mod legacy;
pub mod mock_state;
pub mod neighbors;
pub mod seed;
