//! The summaries of groups for the admin API.

use super::records::group::Group;
use super::records::member::Membership;
use super::records::policy::Policy;
use super::state::IbmState;
use crate::store::{GroupSelector, GroupUse, Summaries, Summary, contains_lowercase};

impl IbmState {
    fn summary<'a>(&self, group: &'a Group) -> Summary<'a> {
        Summary {
            kind: "access_group",
            account: &group.key.account,
            id: group.key.id.to_string(),
            path_prefix: "/v2/groups/".into(),
            path_suffix: "",
            name: &group.name,
            members: self.member_count(&group.key.id),
            created: Some(group.created.at.to_datetime()),
            modified: Some(group.modified.at.to_datetime()),
            revision: group.revision,
        }
    }

    /// Returns whether the group with `id` has a member whose IAM id, name or e-mail address `is_found` accepts.
    fn has_member(&self, id: &str, is_found: impl Fn(&str) -> bool) -> bool {
        let mut members = self.members.list(Membership::BY_GROUP, (id, "")).iter();
        members.any(|it| {
            is_found(&it.member.iam_id) || is_found(&it.name()) || it.email().is_some_and(|it| is_found(&it))
        })
    }
}

impl Summaries for IbmState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(|group| self.summary(group)))
    }

    fn search<'s, 'a: 's>(&'a self, text: &'s str) -> Box<dyn Iterator<Item = Summary<'a>> + 's> {
        let contains = move |group: &&Group| {
            let is_found = |found: &str| contains_lowercase(found, text);
            is_found(&group.key.id) || is_found(&group.name) || self.has_member(&group.key.id, is_found)
        };
        Box::new(self.groups.iter().filter(contains).map(|group| self.summary(group)))
    }

    fn uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        let groups = self.groups.iter().filter(|it| selector.matches(&it.key.account, it.key.id.as_ref()));
        let accounts: Vec<&str> = groups.map(|group| &*group.key.account).collect();
        if accounts.is_empty() {
            return None;
        }
        let policies = accounts
            .into_iter()
            .flat_map(|account| self.policies.list(Policy::BY_GROUP, (account, &selector.id)).iter());
        let uses = policies.map(|policy| GroupUse {
            kind: "policy",
            account: policy.account.to_string(),
            id: policy.id.to_string(),
            name: policy.content.description.as_deref().unwrap_or_default().to_owned(),
            path: "subject.access_group_id".to_owned(),
        });
        Some(uses.collect())
    }
}
