//! The summaries of groups for the admin API.

use super::records::policy::Policy;
use super::state::IbmState;
use crate::store::{GroupSelector, GroupUse, Summaries, Summary};

impl Summaries for IbmState {
    fn count(&self) -> usize {
        self.groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        Box::new(self.groups.iter_from(offset).map(|group| Summary {
            kind: "access_group",
            account: &group.key.account,
            id: group.key.id.to_string(),
            name: &group.name,
            members: self.member_count(&group.key.id),
            created: Some(group.created.at.to_datetime()),
            modified: Some(group.modified.at.to_datetime()),
            revision: group.revision,
        }))
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
