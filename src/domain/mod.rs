//! The records and rules of the vendors, without HTTP, and the seed file that they are loaded from.
//!
//! Each dialect has a folder: records, rules, error table and seed section; `excluded` is in its place if its Cargo
//! feature is off. Imports `config`, `json`, `spec` and `store`.

#[cfg(feature = "authress")]
pub mod authress;
#[cfg(feature = "cloudflare")]
pub mod cloudflare;
pub mod credentials;
#[cfg(not(all(feature = "authress", feature = "cloudflare", feature = "ibm", feature = "legacy")))]
pub mod excluded;
#[cfg(feature = "ibm")]
pub mod ibm;
#[cfg(feature = "legacy")]
pub mod legacy;
pub mod mock_state;
pub mod neighbors;
pub mod seed;

#[cfg(not(feature = "authress"))]
pub use excluded as authress;
#[cfg(not(feature = "cloudflare"))]
pub use excluded as cloudflare;
#[cfg(not(feature = "ibm"))]
pub use excluded as ibm;
#[cfg(not(feature = "legacy"))]
pub use excluded as legacy;
