//! Resource groups, and the predefined one of each account.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::super::error;
use super::{
    BY_NAME, BY_OWNER, CloudflareState, InsertError, insert_seeded, iter_with_pins, iter_with_pins_of,
    owners_of, page_by_name, paginate, reserve_sequences,
};
use crate::spec::ApiError;
use crate::store::{
    AppendText, IdGenerator, Index, Key, PageRange, Partition, Record, Selection, Summary, SummaryQuery, Tx,
    contains_lowercase, json_contains_lowercase, stable_hex_id, unshared_arc_bytes,
};

/// An IAM resource group.
#[derive(Debug, Clone)]
pub struct ResourceGroup {
    pub account: Box<str>,
    pub id: Box<str>,
    pub name: Box<str>,
    /// The scope as written: an object, or an array of objects; shared by the copies of the group.
    pub scope: Arc<RawValue>,
    /// The number of objects in the scope.
    pub objects: u32,
    pub is_editable: bool,
    pub revision: u64,
}

/// The text of the name, in lower case.
const NAME_TEXT: usize = 0;

/// A validated scope.
#[derive(Debug, Clone)]
pub struct Scope {
    pub json: Arc<RawValue>,
    pub objects: u32,
}

impl Record for ResourceGroup {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: Self::partition, orders: &[Self::by_name] }];

    const TEXTS: &'static [AppendText<Self>] = &[|group, text| text.push_str(&group.name.to_lowercase())];

    fn order_text(_index: usize, _order: usize) -> Option<AppendText<Self>> {
        Some(|group, text| text.push_str(&group.name))
    }

    fn key(&self) -> Key<'_> {
        (&self.account, &self.id)
    }

    fn unshared_bytes(&self, newer: Option<&Self>) -> usize {
        let scope = unshared_arc_bytes(&self.scope, newer.map(|newer| &newer.scope), |it| it.get().len());
        self.account.len() + self.id.len() + self.name.len() + scope
    }
}

impl ResourceGroup {
    /// The kind in summaries.
    pub const KIND: &str = "resource_group";

    fn partition(&self) -> Partition<'_> {
        (&self.account, "")
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.name.cmp(&right.name)
    }

    /// Returns whether the identifier, the name or a string in the scope contains `text`, which is in lower case.
    pub fn contains(&self, text: &str) -> bool {
        contains_lowercase(&self.id, text)
            || contains_lowercase(&self.name, text)
            || json_contains_lowercase(self.scope.get(), text)
    }

    pub fn summary(&self) -> Summary<'_> {
        Summary {
            kind: Self::KIND,
            account: &self.account,
            id: self.id.to_string(),
            path_prefix: format!("/client/v4/accounts/{}/iam/resource_groups/", self.account).into(),
            path_suffix: "",
            name: &self.name,
            members: self.objects as usize,
            created: None,
            modified: None,
            revision: self.revision,
        }
    }

    /// Returns the predefined group that every account has: it covers the whole account and cannot be changed.
    fn predefined(account: &str) -> Self {
        let name = format!("com.cloudflare.api.account.{account}");
        let scope = format!(r#"{{"key":"{name}","objects":[{{"key":"*"}}]}}"#);
        Self {
            account: account.into(),
            id: predefined_id(account).into(),
            name: name.into(),
            scope: RawValue::from_string(scope).expect("account identifiers need no escaping").into(),
            objects: 1,
            is_editable: false,
            revision: 0,
        }
    }
}

/// Returns the identifier of the predefined resource group of an account, which is the same in every run.
pub fn predefined_id(account: &str) -> String {
    stable_hex_id(&format!("cloudflare/resource_group/{account}"))
}

impl CloudflareState {
    /// Returns the stored resource groups that match `query`.
    pub(super) fn select_resource_groups(&self, query: &SummaryQuery) -> Selection<'_, ResourceGroup> {
        let mut groups = self.resource_groups.select();
        if let Some(account) = &query.account {
            groups = self.resource_groups.select_partition(BY_OWNER, (account, ""));
        }
        if let Some(name) = &query.name {
            groups = groups.containing(NAME_TEXT, name);
        }
        if let Some(text) = &query.text {
            groups = groups.matching(|group| group.contains(text));
        }
        groups
    }

    /// Calls `read` with the resource group `id` of `account`, including the predefined one, which is not stored.
    ///
    /// # Errors
    /// [`error::UNKNOWN_RESOURCE_GROUP`].
    pub fn with_resource_group<T>(
        &self,
        account: &str,
        id: &str,
        read: impl FnOnce(&ResourceGroup) -> T,
    ) -> Result<T, ApiError> {
        if let Some(group) = self.resource_groups.get((account, id)) {
            return Ok(read(group));
        }
        if id == predefined_id(account) {
            return Ok(read(&ResourceGroup::predefined(account)));
        }
        Err(error::UNKNOWN_RESOURCE_GROUP.error())
    }

    /// Calls `read` with the resource groups of `account`, the predefined one first, limited to `window`, and their
    /// total number.
    ///
    /// Only groups that exactly match `id` and `name`, if given, are included.
    pub fn with_resource_groups<T>(
        &self,
        account: &str,
        (id, name): (Option<&str>, Option<&str>),
        window: PageRange,
        read: impl FnOnce(Vec<&ResourceGroup>, usize) -> T,
    ) -> T {
        let predefined = ResourceGroup::predefined(account);
        let matches = |group: &ResourceGroup| {
            id.is_none_or(|id| id == &*group.id) && name.is_none_or(|name| name == &*group.name)
        };
        let first = Some(&predefined).filter(|group| matches(group));
        let rest = PageRange {
            offset: window.offset.saturating_sub(first.iter().len()),
            limit: window.limit - usize::from(first.is_some() && window.offset == 0 && window.limit > 0),
        };
        let listing = self.resource_groups.list(BY_OWNER, (account, ""));
        let (stored, total) = match (id, name) {
            (Some(id), _) => {
                let found = self.resource_groups.get((account, id)).filter(|group| matches(group));
                paginate(found.into_iter(), rest)
            }
            (None, Some(name)) => page_by_name(&listing, name, rest, |group| &group.name),
            (None, None) => (listing.iter_from(rest.offset).take(rest.limit).collect(), listing.len()),
        };
        let shown = first.filter(|_| window.offset == 0 && window.limit > 0);
        read(shown.into_iter().chain(stored).collect(), total + first.iter().len())
    }

    /// Returns how many resource groups of `account` must be scanned for a complete or paged list.
    ///
    /// With `id` or `name`, only the matching groups count once the index by name is sorted.
    pub fn resource_groups_scan_cost(
        &self,
        account: &str,
        (id, name): (Option<&str>, Option<&str>),
        is_paged: bool,
    ) -> usize {
        let listing = self.resource_groups.list(BY_OWNER, (account, ""));
        match (id, name) {
            (Some(_), _) => 0,
            (None, Some(name)) if !is_paged && listing.sort_cost(BY_NAME) == 0 => {
                let nothing = PageRange { offset: 0, limit: 0 };
                page_by_name(&listing, name, nothing, |group| &group.name).1
            }
            (None, Some(_)) => listing.sort_cost(BY_NAME),
            (None, None) if is_paged => 0,
            (None, None) => listing.len(),
        }
    }

    /// Adds a resource group.
    pub fn create_resource_group(
        &mut self,
        account: &str,
        name: &str,
        scope: Scope,
        tx: &mut Tx<'_>,
    ) -> &ResourceGroup {
        self.note_owner(&format!("accounts/{account}"));
        let group = ResourceGroup {
            account: account.into(),
            id: self.new_resource_group_id(account, tx),
            name: name.into(),
            scope: scope.json,
            objects: scope.objects,
            is_editable: true,
            revision: tx.next_revision(),
        };
        self.resource_groups.insert(group).expect("the identifier was checked to be unused")
    }

    /// Returns an identifier that no resource group of `account` has.
    pub fn new_resource_group_id(&self, account: &str, tx: &mut Tx<'_>) -> Box<str> {
        let predefined = predefined_id(account);
        let is_taken = |id: &String| *id == predefined || self.resource_groups.contains((account, id));
        tx.ids.draw_unused(IdGenerator::hex, is_taken).into()
    }

    /// Updates the given fields of the resource group `id` of `account`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_RESOURCE_GROUP`] and [`error::NON_EDITABLE`].
    pub fn update_resource_group(
        &mut self,
        account: &str,
        id: &str,
        (name, scope): (Option<String>, Option<Scope>),
        tx: &mut Tx<'_>,
    ) -> Result<&ResourceGroup, ApiError> {
        self.check_editable(account, id)?;
        let updated = self.resource_groups.update((account, id), |group| {
            if let Some(name) = name {
                group.name = name.into();
            }
            if let Some(scope) = scope {
                group.scope = scope.json;
                group.objects = scope.objects;
            }
            group.revision = tx.next_revision();
        });
        Ok(updated.expect("the group was found above"))
    }

    /// Deletes the resource group `id` of `account`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_RESOURCE_GROUP`] and [`error::NON_EDITABLE`].
    pub fn delete_resource_group(&mut self, account: &str, id: &str) -> Result<(), ApiError> {
        self.check_editable(account, id)?;
        self.resource_groups.delete((account, id));
        Ok(())
    }

    /// Inserts a seeded resource group with the sequence number `sequence`, or after all others.
    ///
    /// # Errors
    /// The conflict; the state is unchanged then.
    pub fn seed_resource_group(
        &mut self,
        group: ResourceGroup,
        sequence: Option<u64>,
        pinned: Option<ResourceGroup>,
    ) -> Result<(), InsertError> {
        if *group.id == predefined_id(&group.account) {
            return Err(InsertError::DuplicateKey);
        }
        insert_seeded(&mut self.resource_groups, group, sequence, pinned)
    }

    /// Returns the resource groups in creation order, each with its sequence number and the value that its deletion
    /// restores.
    pub fn resource_groups_with_pins(
        &self,
    ) -> impl Iterator<Item = (u64, &ResourceGroup, Option<&ResourceGroup>)> {
        iter_with_pins(&self.resource_groups)
    }

    /// Returns the accounts of all resource groups.
    pub fn resource_group_accounts(&self) -> BTreeSet<String> {
        owners_of(&self.resource_groups)
    }

    /// Returns the resource groups of an account like [`CloudflareState::resource_groups_with_pins`].
    pub fn resource_groups_of<'a>(
        &'a self,
        account: &str,
    ) -> impl Iterator<Item = (u64, &'a ResourceGroup, Option<&'a ResourceGroup>)> + use<'a> {
        iter_with_pins_of(&self.resource_groups, account)
    }

    /// Reserves all sequence numbers of resource groups up to `sequence`.
    ///
    /// # Errors
    /// The maximum sequence number, if `sequence` exceeds it.
    pub fn reserve_resource_group_sequences(&mut self, sequence: u64) -> Result<(), u64> {
        reserve_sequences(&mut self.resource_groups, sequence)
    }

    fn check_editable(&self, account: &str, id: &str) -> Result<(), ApiError> {
        let is_editable = self.with_resource_group(account, id, |group| group.is_editable)?;
        if is_editable { Ok(()) } else { Err(error::NON_EDITABLE.error()) }
    }
}
