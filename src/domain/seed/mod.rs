//! The seed file: the objects and credentials that a server starts with, and the form in which a state is saved.
//!
//! Each dialect's `seed` module defines that dialect's section. The state itself does not depend on the seed.

mod error;
mod format;
mod restore;

pub use error::SeedError;
pub use format::Seed;
