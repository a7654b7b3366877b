//! Operations on groups.

use std::sync::Arc;

use super::error;
use super::records::audit::AuditStamp;
use super::records::caller::Caller;
use super::records::group::{Group, GroupChange, GroupDraft, GroupKey, GroupRef, PUBLIC_ACCESS};
use super::records::managed_group::GroupMutation;
use super::state::IbmState;
use crate::spec::{ApiError, ErrorCode};
use crate::store::Tx;

impl IbmState {
    /// Returns the group with `id`, which may be the Public Access group.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and [`error::FORBIDDEN`] for an account that the caller may not use.
    pub fn find_group(&self, id: &str, caller: &Caller) -> Result<GroupRef<'_>, ApiError> {
        if id == PUBLIC_ACCESS {
            return Ok(GroupRef::PublicAccess);
        }
        let group = self.groups.get(("", id)).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id))?;
        caller.check_account_access(&group.key.account)?;
        Ok(GroupRef::Stored(group))
    }

    /// Returns the group with `id`, which must not be the Public Access group.
    ///
    /// # Errors
    /// `on_public_access` for the Public Access group, else as [`IbmState::find_group`].
    pub fn modifiable_group(
        &self,
        id: &str,
        caller: &Caller,
        on_public_access: &'static ErrorCode,
    ) -> Result<&Group, ApiError> {
        match self.find_group(id, caller)? {
            GroupRef::PublicAccess => Err(on_public_access.with_subject(PUBLIC_ACCESS)),
            GroupRef::Stored(group) => Ok(group),
        }
    }

    /// Adds a group to an account; names need not be unique.
    pub fn create_group(
        &mut self,
        account: &str,
        draft: GroupDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> &Group {
        let id = self.new_id::<Group>("AccessGroupId-", "", tx).into();
        let stamp = self.audit_stamp(caller, tx);
        let key = Arc::new(GroupKey::new(id, self.intern_account(account)));
        self.insert_group(key, draft, [stamp.clone(), stamp], tx).expect("the id was checked to be unused")
    }

    /// Adds a group with the given times and authors of its creation and last change; `None` if its id already exists.
    pub fn insert_group(
        &mut self,
        key: Arc<GroupKey>,
        draft: GroupDraft,
        [created, modified]: [AuditStamp; 2],
        tx: &mut Tx<'_>,
    ) -> Option<&Group> {
        let revision = tx.next_revision();
        self.groups.insert(Group::new(key, draft, [created, modified], (revision, 1))).ok()
    }

    /// Updates the group with `id`; an empty change leaves the revision unchanged.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_FOUND`], and as [`IbmState::check_mutation`].
    pub fn update_group(
        &mut self,
        id: &str,
        change: GroupChange,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Group, ApiError> {
        self.check_mutation(id, GroupMutation::Update, &error::managed::UPDATE)?;
        if change.name.is_none() && change.description.is_none() {
            return self.groups.get(("", id)).ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id));
        }
        let modified = self.audit_stamp(caller, tx);
        self.apply_group_change(id, change, modified, tx)
            .ok_or_else(|| error::GROUP_NOT_FOUND.with_subject(id))
    }

    /// Updates the group with `id`, even if a template manages it; `None` if the group does not exist.
    pub fn apply_group_change(
        &mut self,
        id: &str,
        change: GroupChange,
        modified: AuditStamp,
        tx: &mut Tx<'_>,
    ) -> Option<&Group> {
        let revision = tx.next_revision();
        self.groups.update(("", id), |group| {
            if let Some(name) = change.name {
                group.name = name;
            }
            if let Some(description) = change.description {
                group.description = description;
            }
            group.modified = modified;
            group.revision = revision;
            group.change_count += 1;
        })
    }

    /// Checks that the group with `id` has neither members nor rules.
    ///
    /// # Errors
    /// [`error::GROUP_NOT_EMPTY`].
    pub fn check_empty(&self, id: &str) -> Result<(), ApiError> {
        if self.member_count(id) == 0 && self.group_rules(id).next().is_none() {
            return Ok(());
        }
        Err(error::GROUP_NOT_EMPTY.with_subject(id))
    }

    /// Deletes the group with `id` and its members, rules and policies; restores the pinned ones as seeded.
    pub fn delete_group(&mut self, id: &str) {
        let Some(key) = self.groups.get(("", id)).map(|group| Arc::clone(&group.key)) else { return };
        self.delete_group_policies(&key.account, id);
        self.delete_group_members(id);
        self.delete_group_rules(id);
        self.groups.delete(("", id));
    }

    /// Returns the stored group with `id` without an access check; never the Public Access group.
    pub fn stored_group(&self, id: &str) -> Option<&Group> {
        self.groups.get(("", id))
    }
}
