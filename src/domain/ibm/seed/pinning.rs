//! The rule that determines which members and rules of a group are pinned.

use std::sync::Arc;

use super::super::records::audit::AuditStamp;
use super::super::records::group::GroupKey;
use super::internal_state;
use crate::domain::seed::SeedError;

/// A loaded group whose members and rules are loaded next.
#[derive(Debug)]
pub struct LoadedGroup {
    pub key: Arc<GroupKey>,
    pub created: AuditStamp,
    pub pin_mode: PinMode,
}

/// The rule that determines which members and rules of a group are pinned.
#[derive(Debug, PartialEq, Eq)]
pub enum PinMode {
    /// All members and rules.
    All,
    /// Those with the field `pinned`.
    Explicit,
    /// No members and rules, because the group is not pinned.
    None,
}

impl LoadedGroup {
    /// Returns whether a member or rule is pinned; `is_marked` is its field `pinned`.
    pub fn is_pinned(&self, is_marked: bool) -> Result<bool, SeedError> {
        match self.pin_mode {
            PinMode::All => Ok(true),
            PinMode::None if is_marked => Err(internal_state::group_not_pinned()),
            PinMode::Explicit | PinMode::None => Ok(is_marked),
        }
    }
}
