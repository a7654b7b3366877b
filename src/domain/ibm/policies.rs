//! Operations on policies, and the list of an account's policies.

use super::error::managed::ADD_POLICY;
use super::error::related_services as error;
use super::page::ListPage;
use super::records::caller::Caller;
use super::records::group::PUBLIC_ACCESS;
use super::records::managed_group::GroupMutation;
use super::records::policy::{ApiVersion, Policy, PolicyDraft, PolicyKind, PolicyOrder};
use super::records::role;
use super::state::IbmState;
use crate::spec::{ApiError, ErrorCode, Violation};
use crate::store::{Direction, PageRange, Tx};

/// The query for a list of policies: filters that must all match, the sort order and the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyQuery {
    /// The account.
    pub account: String,
    /// Only policies of this group.
    pub access_group_id: Option<String>,
    /// Only policies of this identity.
    pub iam_id: Option<String>,
    /// Only policies of this type.
    pub kind: Option<PolicyKind>,
    /// Whether only deleted policies are requested; they are not stored, so that the list is empty.
    pub deleted: bool,
    /// The sort order; `None` for order of creation.
    pub order: Option<(PolicyOrder, Direction)>,
    /// The number of policies before the page.
    pub offset: usize,
    /// The maximum length of the page; `None` for no limit.
    pub limit: Option<usize>,
}

impl PolicyQuery {
    /// Returns the index and the partition name for the filters; `None` if no policy can match.
    ///
    /// A policy has one subject, and a policy with a group or an identity as its subject is an access policy.
    fn partition(&self) -> Option<(usize, &str)> {
        let is_for_subject = !self.deleted && self.kind != Some(PolicyKind::Authorization);
        match (&self.access_group_id, &self.iam_id) {
            (Some(group), None) => is_for_subject.then_some((Policy::BY_GROUP, group)),
            (None, Some(iam_id)) => is_for_subject.then_some((Policy::BY_IAM_ID, iam_id)),
            (Some(_), Some(_)) => None,
            (None, None) if self.deleted => None,
            (None, None) => {
                Some(self.kind.map_or((Policy::BY_ACCOUNT, ""), |it| (Policy::BY_KIND, it.name())))
            }
        }
    }
}

impl IbmState {
    /// Returns the policy with `id`.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], and `forbidden` if the caller may not use the account.
    pub fn policy(&self, id: &str, caller: &Caller) -> Result<&Policy, ApiError> {
        let policy = self.policies.get(("", id)).ok_or_else(|| error::POLICY_NOT_FOUND.with_subject(id))?;
        caller.check_account_access(&policy.account)?;
        Ok(policy)
    }

    /// Adds a policy to the account of its resource.
    ///
    /// # Errors
    /// As [`IbmState::check_policy`], [`ADD_POLICY`], and [`error::POLICY_CONFLICT`] with the id of the existing policy.
    pub fn create_policy(
        &mut self,
        version: ApiVersion,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, ApiError> {
        self.check_policy(&content, caller)?;
        self.check_group_allows_policy(&content)?;
        self.check_policy_conflict(&content, "", &error::POLICY_CONFLICT)?;
        let id = self.new_id::<Policy>("", "", tx).into();
        let stamp = self.audit_stamp(caller, tx);
        let account = self.intern_account(content.account());
        let (created, modified) = (stamp.clone(), stamp);
        let revision = tx.next_revision();
        let policy = Policy { id, account, version, content, created, modified, revision, change_count: 1 };
        Ok(self.policies.insert(policy).expect("the id was checked to be unused"))
    }

    /// Checks that the roles and the group of a policy exist, and that the caller may use its account.
    ///
    /// # Errors
    /// [`error::ROLE_NOT_FOUND`], [`error::GROUP_ACCOUNT_MISMATCH`], [`error::PUBLIC_ACCESS_DISABLED`], and `forbidden`
    /// if the caller may not use the account.
    pub fn check_policy(&self, content: &PolicyDraft, caller: &Caller) -> Result<(), ApiError> {
        let account = content.account();
        caller.check_account_access(account)?;
        if let Some(unknown) = content.roles.iter().find(|role| !role::is_role_crn(role)) {
            return Err(error::ROLE_NOT_FOUND.with_subject(&**unknown));
        }
        match content.group_id() {
            "" => Ok(()),
            PUBLIC_ACCESS if self.settings(account).is_none_or(|it| it.public_access_enabled) => Ok(()),
            PUBLIC_ACCESS => Err(error::PUBLIC_ACCESS_DISABLED.with_subject(account)),
            group => match self.groups.get(("", group)) {
                Some(found) if *found.key.account == *account => Ok(()),
                Some(_) | None => Err(error::GROUP_ACCOUNT_MISMATCH.error()),
            },
        }
    }

    /// Checks that the account may add policies for the group of a policy.
    fn check_group_allows_policy(&self, content: &PolicyDraft) -> Result<(), ApiError> {
        let group = content.group_id();
        self.check_mutation(group, GroupMutation::AddPolicy, &ADD_POLICY)
    }

    /// Checks that no policy of the account grants the same, and that no policy grants a group more; except the policy with
    /// `own_id`.
    ///
    /// # Errors
    /// `conflict` with the id of the existing policy.
    fn check_policy_conflict(
        &self,
        content: &PolicyDraft,
        own_id: &str,
        conflict: &'static ErrorCode,
    ) -> Result<(), ApiError> {
        let (view, name) = match (content.group_id(), content.iam_id()) {
            ("", "") => (Policy::BY_KIND, content.kind.name()),
            ("", iam_id) => (Policy::BY_IAM_ID, iam_id),
            (group, _) => (Policy::BY_GROUP, group),
        };
        let mut policies = self.policies.list(view, (content.account(), name)).iter();
        let existing = policies.find(|policy| {
            *policy.id != *own_id && (policy.content.grants_same(content) || policy.content.covers(content))
        });
        existing.map_or(Ok(()), |existing| Err(conflict.with_subject(&*existing.id)))
    }

    /// Replaces the content of the policy with `id`; its type and account cannot change.
    ///
    /// # Errors
    /// [`error::POLICY_NOT_FOUND`], [`error::INVALID_BODY`], [`error::POLICY_UPDATE_CONFLICT`], and as
    /// [`IbmState::create_policy`].
    pub fn replace_policy(
        &mut self,
        id: &str,
        content: PolicyDraft,
        caller: &Caller,
        tx: &mut Tx<'_>,
    ) -> Result<&Policy, ApiError> {
        let policy = self.policy(id, caller)?;
        if policy.content.kind != content.kind {
            return Err(error::invalid_body(&[Violation::new("type", "cannot be changed")]));
        }
        if *policy.account != *content.account() {
            return Err(error::invalid_body(&[Violation::new("resource", "must keep its account")]));
        }
        let has_new_subject = policy.content.group_id() != content.group_id();
        self.check_policy(&content, caller)?;
        if has_new_subject {
            self.check_group_allows_policy(&content)?;
        }
        self.check_policy_conflict(&content, id, &error::POLICY_UPDATE_CONFLICT)?;
        let modified = self.audit_stamp(caller, tx);
        let revision = tx.next_revision();
        let updated = self.policies.update(("", id), |policy| {
            policy.content = content;
            policy.modified = modified;
            policy.revision = revision;
            policy.change_count += 1;
        });
        updated.ok_or_else(|| error::POLICY_NOT_FOUND.with_subject(id))
    }

    /// Deletes the policy with `id`; a pinned one is restored to its seeded value.
    pub fn delete_policy(&mut self, id: &str) {
        self.policies.delete(("", id));
    }

    /// Deletes the policies of a group; pinned ones are restored to their seeded values.
    pub fn delete_group_policies(&mut self, account: &str, group: &str) {
        for id in self.group_policy_ids(account, group) {
            self.policies.delete(("", &id));
        }
    }

    /// Returns the ids of the policies of a group.
    fn group_policy_ids(&self, account: &str, group: &str) -> Vec<Box<str>> {
        let policies = self.policies.list(Policy::BY_GROUP, (account, group));
        policies.iter().map(|policy| policy.id.clone()).collect()
    }

    /// Returns the policy with `id` without an access check.
    pub fn stored_policy(&self, id: &str) -> Option<&Policy> {
        self.policies.get(("", id))
    }

    /// Returns whether a group has policies.
    pub fn has_group_policies(&self, account: &str, group: &str) -> bool {
        !self.policies.list(Policy::BY_GROUP, (account, group)).is_empty()
    }

    /// Returns the number of policies on the page of [`IbmState::list_policies`].
    pub fn policy_scan_cost(&self, query: &PolicyQuery) -> usize {
        let Some((view, name)) = query.partition() else { return 0 };
        let rest = self.policies.list(view, (&query.account, name)).len().saturating_sub(query.offset);
        rest.min(query.limit.unwrap_or(usize::MAX))
    }

    /// Returns one page of an account's policies.
    pub fn list_policies(&self, query: &PolicyQuery) -> ListPage<&Policy> {
        let Some((view, name)) = query.partition() else { return ListPage { items: Vec::new(), total: 0 } };
        let listing = self.policies.list(view, (&query.account, name));
        let window = PageRange { offset: query.offset, limit: query.limit.unwrap_or(usize::MAX) };
        let items = match query.order {
            Some((order, direction)) => listing.page(order as usize, direction, window),
            None => listing.iter_from(window.offset).take(window.limit).collect(),
        };
        ListPage { items, total: listing.len() }
    }
}
