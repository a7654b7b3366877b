//! The seed file: the objects and credentials that a server starts with, and the form in which a state is saved.
//!
//! Each dialect's `seed` defines that dialect's section. The state itself knows no seed.

mod error;
mod format;
mod restore;

pub use error::SeedError;
pub use format::Seed;
