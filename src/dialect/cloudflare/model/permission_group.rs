//! Permission groups that were seeded.

use super::{BY_OWNER, State, seed};
use crate::store::{Key, Partition, Record, View};

/// A permission group that was seeded.
#[derive(Debug, Clone)]
pub(crate) struct PermissionGroup {
    pub(in super::super) account: Box<str>,
    pub(in super::super) id: Box<str>,
    pub(in super::super) name: Box<str>,
    pub(in super::super) label: Box<str>,
    pub(in super::super) description: Box<str>,
    pub(in super::super) scopes: Box<str>,
}

impl Record for PermissionGroup {
    const VIEWS: &'static [View<Self>] = &[View { partition: Self::partition, orders: &[] }];

    fn key(&self) -> Key<'_> {
        (&self.account, &self.id)
    }
}

impl PermissionGroup {
    fn partition(&self) -> Partition<'_> {
        (&self.account, "")
    }
}

impl State {
    /// Returns the seeded permission group `id` of `account`.
    pub(in super::super) fn permission_group(&self, account: &str, id: &str) -> Option<&PermissionGroup> {
        self.permission_groups.get((account, id))
    }

    /// Returns the seeded permission groups of `account` in the order of the seed.
    pub(in super::super) fn permission_groups(
        &self,
        account: &str,
    ) -> impl Iterator<Item = &PermissionGroup> {
        self.permission_groups.list(BY_OWNER, (account, "")).iter()
    }

    /// Adds a seeded permission group; `None` when its identifier is taken.
    pub(in super::super) fn seed_permission_group(&mut self, group: PermissionGroup) -> Option<()> {
        seed(&mut self.permission_groups, group, false)
    }
}
