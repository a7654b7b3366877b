//! The section of the seed file.

use serde::Deserialize;

use super::model::State;
use crate::seed::SeedError;
use crate::store::Tx;

/// The objects of the authress dialect.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {}

/// Puts the objects of `section` into `state`.
///
/// # Errors
/// The path and reason of the first mistake.
pub fn load(_: &mut State, _: &Section, _: &mut Tx<'_>) -> Result<(), SeedError> {
    Ok(())
}
