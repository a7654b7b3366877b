//! Access groups.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use memchr::memmem::Finder;
use serde_json::value::RawValue;

use super::super::error;
use super::super::rules::Rules;
use super::{
    BY_NAME, BY_OWNER, CloudflareState, InsertError, insert_seeded, iter_with_pins, iter_with_pins_of,
    owners_of, page_by_name, reserve_sequences,
};
use crate::config::IsDefaultShape;
use crate::spec::ApiError;
use crate::store::{
    AppendText, Index, Key, Memo, PageRange, Partition, Record, Selection, Summary, SummaryQuery, Tx,
    contains_lowercase, json_contains_lowercase,
};

/// A Zero Trust Access group.
#[derive(Debug, Clone)]
pub struct AccessGroup {
    /// `accounts/<id>` or `zones/<id>`.
    pub owner: Box<str>,
    pub id: Box<str>,
    pub content: AccessGroupContent,
    pub created: DateTime<Utc>,
    pub updated: DateTime<Utc>,
    pub revision: u64,
    /// The cached JSON of the group, and the shape of its `is_default`.
    pub json: Memo<(IsDefaultShape, Box<RawValue>)>,
}

/// The fields of an Access group that a request can set.
#[derive(Debug, Clone)]
pub struct AccessGroupContent {
    pub name: Box<str>,
    pub include: Rules,
    pub exclude: Rules,
    pub require: Rules,
    pub is_default: bool,
}

/// Filters for a list of Access groups.
#[derive(Debug, Default)]
pub struct AccessGroupFilter {
    /// The exact name to match.
    pub name: Option<String>,
    /// A substring of the name, in lower case.
    pub search: Option<String>,
}

/// The text of the name, in lower case.
const NAME_TEXT: usize = 0;

impl Record for AccessGroup {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: Self::partition, orders: &[Self::by_name] }];

    const TEXTS: &'static [AppendText<Self>] = &[|group, text| {
        let name = &group.content.name;
        // The lower case of a final sigma depends on its position, so that the whole name is converted.
        text.push_str(&name.to_lowercase());
    }];

    fn order_text(_index: usize, _order: usize) -> Option<AppendText<Self>> {
        Some(|group, text| text.push_str(&group.content.name))
    }

    fn key(&self) -> Key<'_> {
        (&self.owner, &self.id)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let newer = newer.map(|newer| &newer.content);
        let AccessGroupContent { name, include, exclude, require, is_default: _ } = &self.content;
        let cached = self.json.get().map_or(0, |(_, json)| json.get().len());
        self.owner.len()
            + self.id.len()
            + name.len()
            + cached
            + include.unshared_bytes(newer.map(|newer| &newer.include))
            + exclude.unshared_bytes(newer.map(|newer| &newer.exclude))
            + require.unshared_bytes(newer.map(|newer| &newer.require))
    }
}

impl AccessGroup {
    /// The kind in summaries.
    pub const KIND: &str = "access_group";

    fn partition(&self) -> Partition<'_> {
        (&self.owner, "")
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.content.name.cmp(&right.content.name)
    }

    /// Returns whether the identifier, the name or a string in the rules contains `text`, which is in lower case.
    pub fn contains(&self, text: &str) -> bool {
        let AccessGroupContent { name, include, exclude, require, is_default: _ } = &self.content;
        let mut rules = [include, exclude, require].into_iter();
        contains_lowercase(&self.id, text)
            || contains_lowercase(name, text)
            || rules.any(|rules| json_contains_lowercase(rules.json().get(), text))
    }

    pub fn summary(&self) -> Summary<'_> {
        let content = &self.content;
        Summary {
            kind: Self::KIND,
            account: self.owner.split_once('/').map_or("", |(_, account)| account),
            id: self.id.to_string(),
            path_prefix: format!("/client/v4/{}/access/groups/", self.owner).into(),
            path_suffix: "",
            name: &content.name,
            members: (content.include.count() + content.exclude.count() + content.require.count()) as usize,
            created: Some(self.created),
            modified: Some(self.updated),
            revision: self.revision,
        }
    }
}

impl CloudflareState {
    /// Returns the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`].
    pub fn access_group(&self, owner: &str, id: &str) -> Result<&AccessGroup, ApiError> {
        self.access_groups.get((owner, id)).ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.error())
    }

    /// Returns the Access groups of `owner` that match `filter`, limited to `window`, and their total number.
    ///
    /// The groups are in creation order. The cost is proportional to the page without `search`, and to the names of the
    /// groups of the owner with it.
    pub fn access_groups(
        &self,
        owner: &str,
        filter: &AccessGroupFilter,
        window: PageRange,
    ) -> (Vec<&AccessGroup>, usize) {
        let listing = self.access_groups.list(BY_OWNER, (owner, ""));
        let search = filter.search.as_deref();
        let matches = |name: &str| search.is_none_or(|search| name.to_lowercase().contains(search));
        match (filter.name.as_deref(), search) {
            (None, None) => (listing.iter_from(window.offset).take(window.limit).collect(), listing.len()),
            (None, Some(search)) => {
                let found = listing.search(NAME_TEXT, &Finder::new(search));
                let total = found.len();
                (found.page_by_creation(window), total)
            }
            (Some(name), _) if matches(name) => {
                page_by_name(&listing, name, window, |group| &group.content.name)
            }
            (Some(_), _) => (Vec::new(), 0),
        }
    }

    /// Returns how many Access groups must be scanned for a page; 0 if an index provides it.
    pub fn access_groups_scan_cost(&self, owner: &str, filter: &AccessGroupFilter) -> usize {
        let listing = self.access_groups.list(BY_OWNER, (owner, ""));
        match (&filter.name, &filter.search) {
            (None, Some(_)) => listing.len(),
            (Some(_), _) => listing.sort_cost(BY_NAME),
            (None, None) => 0,
        }
    }

    /// Returns the Access groups that match `query`.
    pub(super) fn select_access_groups(&self, query: &SummaryQuery) -> Selection<'_, AccessGroup> {
        let mut groups = self.access_groups.select();
        if let Some(account) = &query.account {
            let [account, zone] = [format!("accounts/{account}"), format!("zones/{account}")];
            groups = self.access_groups.select_partitions(BY_OWNER, [(&account, ""), (&zone, "")]);
        }
        if let Some(name) = &query.name {
            groups = groups.containing(NAME_TEXT, name);
        }
        if let Some(text) = &query.text {
            groups = groups.matching(|group| group.contains(text));
        }
        groups
    }

    /// Adds an Access group.
    pub fn create_access_group(
        &mut self,
        owner: &str,
        content: AccessGroupContent,
        tx: &mut Tx<'_>,
    ) -> &AccessGroup {
        self.note_owner(owner);
        let group = AccessGroup {
            owner: owner.into(),
            id: self.new_access_group_id(owner, tx),
            content,
            created: tx.now,
            updated: tx.now,
            revision: tx.next_revision(),
            json: Memo::default(),
        };
        self.access_groups.insert(group).expect("the identifier was checked to be unused")
    }

    /// Returns an identifier that no Access group of `owner` has.
    pub fn new_access_group_id(&self, owner: &str, tx: &mut Tx<'_>) -> Box<str> {
        let is_taken = |id: &String| self.access_groups.contains((owner, id));
        tx.ids.draw_unused(|ids| ids.uuid().to_string(), is_taken).into()
    }

    /// Replaces the content of the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`]; there is no upsert.
    pub fn replace_access_group(
        &mut self,
        owner: &str,
        id: &str,
        content: AccessGroupContent,
        tx: &mut Tx<'_>,
    ) -> Result<&AccessGroup, ApiError> {
        let replaced = self.access_groups.update((owner, id), |group| {
            group.content = content;
            group.updated = tx.now;
            group.revision = tx.next_revision();
        });
        replaced.ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.error())
    }

    /// Deletes the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`].
    pub fn delete_access_group(&mut self, owner: &str, id: &str) -> Result<(), ApiError> {
        let deleted = self.access_groups.delete((owner, id));
        deleted.map(drop).ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.error())
    }

    /// Inserts a seeded Access group with the sequence number `sequence`, or after all others.
    ///
    /// # Errors
    /// The conflict; the state is unchanged then.
    pub fn seed_access_group(
        &mut self,
        group: AccessGroup,
        sequence: Option<u64>,
        pinned: Option<AccessGroup>,
    ) -> Result<(), InsertError> {
        insert_seeded(&mut self.access_groups, group, sequence, pinned)
    }

    /// Returns the Access groups in creation order, each with its sequence number and the value that its deletion
    /// restores.
    pub fn access_groups_with_pins(&self) -> impl Iterator<Item = (u64, &AccessGroup, Option<&AccessGroup>)> {
        iter_with_pins(&self.access_groups)
    }

    /// Returns the owners of all Access groups.
    pub fn access_group_owners(&self) -> BTreeSet<String> {
        owners_of(&self.access_groups)
    }

    /// Returns the Access groups of an owner like [`CloudflareState::access_groups_with_pins`].
    pub fn access_groups_of<'a>(
        &'a self,
        owner: &str,
    ) -> impl Iterator<Item = (u64, &'a AccessGroup, Option<&'a AccessGroup>)> + use<'a> {
        iter_with_pins_of(&self.access_groups, owner)
    }

    /// Reserves all sequence numbers of Access groups up to `sequence`.
    ///
    /// # Errors
    /// The maximum sequence number, if `sequence` exceeds it.
    pub fn reserve_access_group_sequences(&mut self, sequence: u64) -> Result<(), u64> {
        reserve_sequences(&mut self.access_groups, sequence)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::{ClockSetting, IdGenerator, Store};

    const OWNER: &str = "accounts/a";

    fn content(name: &str) -> AccessGroupContent {
        let [include, exclude, require] = [Rules::empty(), Rules::empty(), Rules::empty()];
        AccessGroupContent { name: name.into(), include, exclude, require, is_default: false }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_search_finds_what_a_search_in_every_name_finds(
            names in prop::collection::vec("[aKk\u{212a}ßẞσΣςİıiX ]{0,5}", 0..150),
            parts in prop::collection::vec("[aKk\u{212a}ßẞσΣςİıiX ]{0,2}", 1..8),
        ) {
            let store = Store::new(CloudflareState::default(), ClockSetting::System, IdGenerator::from_seed(1));
            store.write(|state, tx| {
                for name in &names {
                    state.create_access_group(OWNER, content(name), tx);
                }
            });
            for (offset, part) in parts.iter().enumerate() {
                let search = part.to_lowercase();
                let names = names.iter().map(String::as_str);
                let expected: Vec<&str> = names.filter(|name| name.to_lowercase().contains(&search)).collect();
                let filter = AccessGroupFilter { name: None, search: Some(search) };
                store.read(|state| {
                    let (page, total) = state.access_groups(OWNER, &filter, PageRange { offset, limit: 50 });
                    let found: Vec<&str> = page.iter().map(|group| &*group.content.name).collect();
                    assert_eq!(total, expected.len());
                    assert_eq!(found, expected.iter().skip(offset).take(50).copied().collect::<Vec<_>>());
                });
            }
        }
    }
}
