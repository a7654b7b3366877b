//! Permission groups from the seed file.

use super::{BY_OWNER, CloudflareState, InsertError, insert_seeded, iter_with_pins, reserve_sequences};
use crate::store::{Index, Key, Partition, Record};

/// A permission group from the seed file.
#[derive(Debug, Clone)]
pub struct PermissionGroup {
    pub account: Box<str>,
    pub id: Box<str>,
    pub name: Box<str>,
    pub label: Box<str>,
    pub description: Box<str>,
    pub scopes: Box<str>,
}

impl Record for PermissionGroup {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: Self::partition, orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.account, &self.id)
    }
}

impl PermissionGroup {
    fn partition(&self) -> Partition<'_> {
        (&self.account, "")
    }
}

impl CloudflareState {
    /// Returns the seeded permission group `id` of `account`.
    pub fn permission_group(&self, account: &str, id: &str) -> Option<&PermissionGroup> {
        self.permission_groups.get((account, id))
    }

    /// Returns the seeded permission groups of `account` in the order of the seed file.
    pub fn permission_groups(&self, account: &str) -> impl Iterator<Item = &PermissionGroup> {
        self.permission_groups.list(BY_OWNER, (account, "")).iter()
    }

    /// Inserts a seeded permission group with the sequence number `sequence`, or after all others.
    ///
    /// # Errors
    /// The conflict; the state is unchanged then.
    pub fn seed_permission_group(
        &mut self,
        group: PermissionGroup,
        sequence: Option<u64>,
    ) -> Result<(), InsertError> {
        insert_seeded(&mut self.permission_groups, group, sequence, None)
    }

    /// Returns the permission groups in creation order, each with its sequence number.
    pub fn permission_groups_with_sequences(&self) -> impl Iterator<Item = (u64, &PermissionGroup)> {
        iter_with_pins(&self.permission_groups).map(|(sequence, group, _)| (sequence, group))
    }

    /// Reserves all sequence numbers of permission groups up to `sequence`.
    ///
    /// # Errors
    /// The maximum sequence number, if `sequence` exceeds it.
    pub fn reserve_permission_group_sequences(&mut self, sequence: u64) -> Result<(), u64> {
        reserve_sequences(&mut self.permission_groups, sequence)
    }
}
