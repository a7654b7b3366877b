//! The summaries of groups for the admin API.

use super::state::IbmState;
use crate::store::{Summaries, Summary};

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
}
