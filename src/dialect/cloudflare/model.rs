//! Access groups, resource groups and permission groups as Cloudflare keeps them.

use std::cmp::Ordering;

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;

use super::error;
use super::rules::Rules;
use crate::failure::Refusal;
use crate::store::{
    Collection, Direction, Key, Listing, Partition, Record, Summaries, Summary, Tx, View, Window, derived_hex,
};

/// The only view of each collection: by account or zone, also in the order of names.
const BY_OWNER: usize = 0;
/// The only secondary order.
const BY_NAME: usize = 0;

/// The longest account or zone identifier.
const LONGEST_ID: usize = 32;

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct State {
    access_groups: Collection<AccessGroup>,
    resource_groups: Collection<ResourceGroup>,
    permission_groups: Collection<PermissionGroup>,
}

/// A Zero Trust Access group.
#[derive(Debug, Clone)]
pub(crate) struct AccessGroup {
    /// `accounts/<id>` or `zones/<id>`.
    pub(super) owner: Box<str>,
    pub(super) id: Box<str>,
    pub(super) content: AccessGroupContent,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) revision: u64,
}

/// The members of an Access group that a request sets.
#[derive(Debug, Clone)]
pub(super) struct AccessGroupContent {
    pub(super) name: Box<str>,
    pub(super) include: Rules,
    pub(super) exclude: Rules,
    pub(super) require: Rules,
    pub(super) is_default: bool,
}

/// An IAM resource group.
#[derive(Debug, Clone)]
pub(crate) struct ResourceGroup {
    pub(super) account: Box<str>,
    pub(super) id: Box<str>,
    pub(super) name: Box<str>,
    /// The scope as it was written: an object, or an array of objects.
    pub(super) scope: Box<RawValue>,
    /// The number of objects in the scope.
    pub(super) objects: u32,
    pub(super) is_editable: bool,
    pub(super) revision: u64,
}

/// A scope that has been checked.
#[derive(Debug, Clone)]
pub(super) struct Scope {
    pub(super) text: Box<RawValue>,
    pub(super) objects: u32,
}

/// A permission group that was seeded.
#[derive(Debug, Clone)]
pub(crate) struct PermissionGroup {
    pub(super) account: Box<str>,
    pub(super) id: Box<str>,
    pub(super) name: Box<str>,
    pub(super) label: Box<str>,
    pub(super) description: Box<str>,
    pub(super) scopes: Box<str>,
}

impl Record for AccessGroup {
    const VIEWS: &'static [View<Self>] = &[View { partition: Self::partition, orders: &[Self::by_name] }];

    fn key(&self) -> Key<'_> {
        (&self.owner, &self.id)
    }
}

impl AccessGroup {
    fn partition(&self) -> Partition<'_> {
        (&self.owner, "")
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.content.name.cmp(&right.content.name)
    }

    fn summary(&self) -> Summary<'_> {
        let content = &self.content;
        Summary {
            kind: "access_group",
            account: self.owner.split_once('/').map_or("", |(_, account)| account),
            id: self.id.to_string(),
            name: &content.name,
            members: (content.include.count() + content.exclude.count() + content.require.count()) as usize,
            created: Some(self.created),
            modified: Some(self.updated),
            revision: self.revision,
        }
    }
}

impl Record for ResourceGroup {
    const VIEWS: &'static [View<Self>] = &[View { partition: Self::partition, orders: &[Self::by_name] }];

    fn key(&self) -> Key<'_> {
        (&self.account, &self.id)
    }
}

impl ResourceGroup {
    fn partition(&self) -> Partition<'_> {
        (&self.account, "")
    }

    fn by_name(left: &Self, right: &Self) -> Ordering {
        left.name.cmp(&right.name)
    }

    fn summary(&self) -> Summary<'_> {
        Summary {
            kind: "resource_group",
            account: &self.account,
            id: self.id.to_string(),
            name: &self.name,
            members: self.objects as usize,
            created: None,
            modified: None,
            revision: self.revision,
        }
    }

    /// Returns the predefined group that every account has: it spans the account and cannot be changed.
    fn predefined(account: &str) -> Self {
        let name = format!("com.cloudflare.api.account.{account}");
        let scope = format!(r#"{{"key":"{name}","objects":[{{"key":"*"}}]}}"#);
        Self {
            account: account.into(),
            id: predefined_id(account).into(),
            name: name.into(),
            scope: RawValue::from_string(scope).expect("account identifiers need no escaping"),
            objects: 1,
            is_editable: false,
            revision: 0,
        }
    }
}

/// The identifier of the predefined resource group of an account, the same in every run.
fn predefined_id(account: &str) -> String {
    derived_hex(&format!("cloudflare/resource_group/{account}"))
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

/// Which Access groups a list is asked for.
#[derive(Debug, Default)]
pub(super) struct AccessGroupFilter<'a> {
    /// The exact name.
    pub(super) name: Option<&'a str>,
    /// A part of the name, in lower case.
    pub(super) search: Option<String>,
}

impl State {
    /// Returns the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`].
    pub(super) fn access_group(&self, owner: &str, id: &str) -> Result<&AccessGroup, Refusal> {
        self.access_groups.get((owner, id)).ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.plain())
    }

    /// Returns the Access groups of `owner` that `filter` admits, cut to `window`, and how many there are.
    ///
    /// They stand in creation order. Without `search` it costs the page; with it, the groups of the owner.
    pub(super) fn access_groups(
        &self,
        owner: &str,
        filter: &AccessGroupFilter<'_>,
        window: Window,
    ) -> (Vec<&AccessGroup>, usize) {
        let listing = self.access_groups.list(BY_OWNER, (owner, ""));
        let matches = |name: &str| {
            let search = filter.search.as_deref();
            search.is_none_or(|search| name.to_lowercase().contains(search))
        };
        match (filter.name, &filter.search) {
            (None, None) => (listing.from(window.offset).take(window.limit).collect(), listing.len()),
            (None, Some(_)) => cut(listing.iter().filter(|group| matches(&group.content.name)), window),
            (Some(name), _) if matches(name) => {
                with_name(&listing, name, window, |group| &group.content.name)
            }
            (Some(_), _) => (Vec::new(), 0),
        }
    }

    /// Adds an Access group.
    pub(super) fn create_access_group(
        &mut self,
        owner: &str,
        content: AccessGroupContent,
        tx: &mut Tx<'_>,
    ) -> &AccessGroup {
        let group = AccessGroup {
            owner: owner.into(),
            id: tx.ids.uuid().to_string().into(),
            content,
            created: tx.now,
            updated: tx.now,
            revision: tx.next_revision(),
        };
        self.access_groups.insert(group).expect("a new identifier is free")
    }

    /// Replaces the content of the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`]; there is no upsert.
    pub(super) fn replace_access_group(
        &mut self,
        owner: &str,
        id: &str,
        content: AccessGroupContent,
        tx: &mut Tx<'_>,
    ) -> Result<&AccessGroup, Refusal> {
        let replaced = self.access_groups.update((owner, id), |group| {
            group.content = content;
            group.updated = tx.now;
            group.revision = tx.next_revision();
        });
        replaced.ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.plain())
    }

    /// Deletes the Access group `id` of `owner`.
    ///
    /// # Errors
    /// [`error::UNKNOWN_ACCESS_GROUP`].
    pub(super) fn delete_access_group(&mut self, owner: &str, id: &str) -> Result<(), Refusal> {
        let deleted = self.access_groups.delete((owner, id));
        deleted.map(drop).ok_or_else(|| error::UNKNOWN_ACCESS_GROUP.plain())
    }

    /// Adds a seeded Access group; `None` when its identifier is taken.
    pub(super) fn seed_access_group(&mut self, group: AccessGroup, is_pinned: bool) -> Option<()> {
        seed(&mut self.access_groups, group, is_pinned)
    }

    /// Returns the resource group `id` of `account`, also the predefined one, which no record stands for.
    ///
    /// # Errors
    /// [`error::UNKNOWN_RESOURCE_GROUP`].
    pub(super) fn with_resource_group<T>(
        &self,
        account: &str,
        id: &str,
        read: impl FnOnce(&ResourceGroup) -> T,
    ) -> Result<T, Refusal> {
        if let Some(group) = self.resource_groups.get((account, id)) {
            return Ok(read(group));
        }
        if id == predefined_id(account) {
            return Ok(read(&ResourceGroup::predefined(account)));
        }
        Err(error::UNKNOWN_RESOURCE_GROUP.plain())
    }

    /// Reads the resource groups of `account`, the predefined one first, cut to `window`, and how many there are.
    ///
    /// `id` and `name` must both match exactly where they are given.
    pub(super) fn with_resource_groups<T>(
        &self,
        account: &str,
        (id, name): (Option<&str>, Option<&str>),
        window: Window,
        read: impl FnOnce(Vec<&ResourceGroup>, usize) -> T,
    ) -> T {
        let predefined = ResourceGroup::predefined(account);
        let has = |group: &ResourceGroup| {
            id.is_none_or(|id| id == &*group.id) && name.is_none_or(|name| name == &*group.name)
        };
        let first = Some(&predefined).filter(|group| has(group));
        let rest = Window {
            offset: window.offset.saturating_sub(first.iter().len()),
            limit: window.limit - usize::from(first.is_some() && window.offset == 0 && window.limit > 0),
        };
        let listing = self.resource_groups.list(BY_OWNER, (account, ""));
        let (stored, total) = match (id, name) {
            (Some(id), _) => {
                let found = self.resource_groups.get((account, id)).filter(|group| has(group));
                cut(found.into_iter(), rest)
            }
            (None, Some(name)) => with_name(&listing, name, rest, |group| &group.name),
            (None, None) => (listing.from(rest.offset).take(rest.limit).collect(), listing.len()),
        };
        let shown = first.filter(|_| window.offset == 0 && window.limit > 0);
        read(shown.into_iter().chain(stored).collect(), total + first.iter().len())
    }

    /// Adds a resource group.
    pub(super) fn create_resource_group(
        &mut self,
        account: &str,
        name: &str,
        scope: Scope,
        tx: &mut Tx<'_>,
    ) -> &ResourceGroup {
        let group = ResourceGroup {
            account: account.into(),
            id: tx.ids.hex().into(),
            name: name.into(),
            scope: scope.text,
            objects: scope.objects,
            is_editable: true,
            revision: tx.next_revision(),
        };
        self.resource_groups.insert(group).expect("a new identifier is free")
    }

    /// Changes the members of the resource group `id` of `account` that are given.
    ///
    /// # Errors
    /// [`error::UNKNOWN_RESOURCE_GROUP`] and [`error::NON_EDITABLE`].
    pub(super) fn update_resource_group(
        &mut self,
        account: &str,
        id: &str,
        (name, scope): (Option<String>, Option<Scope>),
        tx: &mut Tx<'_>,
    ) -> Result<&ResourceGroup, Refusal> {
        self.check_editable(account, id)?;
        let updated = self.resource_groups.update((account, id), |group| {
            if let Some(name) = name {
                group.name = name.into();
            }
            if let Some(scope) = scope {
                group.scope = scope.text;
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
    pub(super) fn delete_resource_group(&mut self, account: &str, id: &str) -> Result<(), Refusal> {
        self.check_editable(account, id)?;
        self.resource_groups.delete((account, id));
        Ok(())
    }

    /// Adds a seeded resource group; `None` when its identifier is taken.
    pub(super) fn seed_resource_group(&mut self, group: ResourceGroup, is_pinned: bool) -> Option<()> {
        if *group.id == predefined_id(&group.account) {
            return None;
        }
        seed(&mut self.resource_groups, group, is_pinned)
    }

    fn check_editable(&self, account: &str, id: &str) -> Result<(), Refusal> {
        let is_editable = self.with_resource_group(account, id, |group| group.is_editable)?;
        if is_editable { Ok(()) } else { Err(error::NON_EDITABLE.plain()) }
    }

    /// Returns the seeded permission group `id` of `account`.
    pub(super) fn permission_group(&self, account: &str, id: &str) -> Option<&PermissionGroup> {
        self.permission_groups.get((account, id))
    }

    /// Returns the seeded permission groups of `account` in the order of the seed.
    pub(super) fn permission_groups(&self, account: &str) -> impl Iterator<Item = &PermissionGroup> {
        self.permission_groups.list(BY_OWNER, (account, "")).iter()
    }

    /// Adds a seeded permission group; `None` when its identifier is taken.
    pub(super) fn seed_permission_group(&mut self, group: PermissionGroup) -> Option<()> {
        seed(&mut self.permission_groups, group, false)
    }
}

/// Any identifier works that a real one could be: up to 32 letters, digits, `_` and `-`.
///
/// # Errors
/// [`error::NO_ROUTE`], as for a path that does not exist.
pub(super) fn check_account(id: &str) -> Result<(), Refusal> {
    let sound = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if sound && !id.is_empty() && id.len() <= LONGEST_ID { Ok(()) } else { Err(error::NO_ROUTE.plain()) }
}

fn seed<R: Record>(collection: &mut Collection<R>, record: R, is_pinned: bool) -> Option<()> {
    let copy = is_pinned.then(|| record.clone());
    collection.insert(record).ok()?;
    if let Some(copy) = copy {
        collection.pin(copy.key());
    }
    Some(())
}

/// Returns the records of exactly one name, cut to `window`, and how many there are.
fn with_name<'a, R: Record>(
    listing: &Listing<'a, R>,
    name: &str,
    window: Window,
    name_of: fn(&R) -> &str,
) -> (Vec<&'a R>, usize) {
    let start = listing.rank(BY_NAME, |record| name_of(record).cmp(name));
    let end = listing.rank(BY_NAME, |record| name_of(record).cmp(name).then(Ordering::Less));
    let limit = window.limit.min((end - start).saturating_sub(window.offset));
    let part = Window { offset: start.saturating_add(window.offset), limit };
    (listing.page(BY_NAME, Direction::Ascending, part), end - start)
}

/// Cuts `records` to `window` and counts them all.
fn cut<'a, R>(records: impl Iterator<Item = &'a R>, window: Window) -> (Vec<&'a R>, usize) {
    let mut total = 0;
    let mut part = Vec::new();
    for record in records {
        if total >= window.offset && part.len() < window.limit {
            part.push(record);
        }
        total += 1;
    }
    (part, total)
}

impl Summaries for State {
    fn count(&self) -> usize {
        self.access_groups.len() + self.resource_groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        let access = self.access_groups.window(offset).map(AccessGroup::summary);
        let rest = offset.saturating_sub(self.access_groups.len());
        Box::new(access.chain(self.resource_groups.window(rest).map(ResourceGroup::summary)))
    }
}
