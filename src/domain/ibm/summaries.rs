//! The summaries of groups for the admin API.

use super::records::group::Group;
use super::records::identity::{Identity, concat_parts};
use super::records::member::Membership;
use super::records::policy::Policy;
use super::state::IbmState;
use crate::store::{
    GroupSelector, GroupUse, Selection, Summaries, Summary, SummaryPage, SummaryQuery, contains_lowercase,
    is_context_free,
};

/// The kind of the groups in summaries.
const KIND: &str = "access_group";

impl IbmState {
    fn summary<'a>(&self, group: &'a Group) -> Summary<'a> {
        Summary {
            kind: KIND,
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

    /// Returns the groups whose id or name, or the IAM id, name or e-mail address of a member contains `text`.
    fn select_text(&self, text: &str) -> Selection<'_, Group> {
        let by_id = self.groups.select().matching(|group| contains_lowercase(&group.key.id, text));
        let groups = by_id.or(select_name(self.groups.select(), text));
        let mut members = Vec::new();
        let mut memberships = 0;
        for (membership, count) in self.members.partitions(Membership::BY_MEMBER) {
            if matches_member(&membership.member, text) {
                members.push(membership);
                memberships += count;
            }
        }
        // Many groups are found sooner by their members than by looking up the groups of each member.
        if memberships > self.groups.len() {
            return groups.or(self.groups.select().matching(|group| self.has_member(&group.key.id, text)));
        }
        let memberships = members.into_iter().flat_map(|member| {
            let partition = (&*member.group.account, &*member.member.iam_id);
            self.members.list(Membership::BY_MEMBER, partition).iter()
        });
        let ids = memberships.filter(|membership| contains_text(membership, text)).map(|it| &*it.group.id);
        groups.or(self.groups.select_keys(ids.map(|id| ("", id))))
    }

    /// Returns whether the group with `id` has a member that contains `text`.
    fn has_member(&self, id: &str, text: &str) -> bool {
        self.members
            .list(Membership::BY_GROUP, (id, ""))
            .iter()
            .any(|membership| contains_text(membership, text))
    }
}

/// Returns the groups whose name contains `name`.
fn select_name<'a>(groups: Selection<'a, Group>, name: &str) -> Selection<'a, Group> {
    if is_context_free(name) {
        groups.containing(Group::NAME_TEXT, name)
    } else {
        groups.matching(|group| contains_lowercase(&group.name, name))
    }
}

/// Returns whether the IAM id, the name or the e-mail address contains `text`; only users have an e-mail address.
fn matches_member(member: &Identity, text: &str) -> bool {
    let is_found = |parts| contains_lowercase(&concat_parts(parts), text);
    contains_lowercase(&member.iam_id, text) || is_found(member.name()) || is_found(member.email())
}

/// Returns whether the IAM id, the name or the e-mail address of the member contains `text`.
fn contains_text(it: &Membership, text: &str) -> bool {
    let is_found = |found: &str| contains_lowercase(found, text);
    is_found(&it.member.iam_id) || is_found(&it.name()) || it.email().is_some_and(|it| is_found(&it))
}

impl Summaries for IbmState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(|group| self.summary(group)))
    }

    fn select(&self, query: &SummaryQuery) -> SummaryPage<'_> {
        let mut page = SummaryPage::default();
        if !query.selects_kind(KIND) {
            return page;
        }
        let mut groups = match &query.account {
            Some(account) => self.groups.select_partition(Group::BY_ACCOUNT, (account, "")),
            None => self.groups.select(),
        };
        if let Some(name) = &query.name {
            groups = select_name(groups, name);
        }
        if let Some(text) = &query.text {
            groups = groups.and(self.select_text(text));
        }
        page.extend(groups, query.range, |group| self.summary(group));
        page
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
