//! Access groups, resource groups and permission groups as Cloudflare stores them.

mod access_group;
mod group_uses;
mod owner;
mod permission_group;
mod resource_group;

use std::cmp::Ordering;
use std::collections::BTreeSet;

use super::error;
use crate::domain::neighbors::Neighbors;
use crate::spec::ApiError;
use crate::store::{
    BulkLoadError, Collection, CowArc, Direction, GroupSelector, GroupUse, Listing, PageRange, Record,
    SharedState, Summaries, Summary, SummaryPage, SummaryQuery, WriteEnd,
};
pub use access_group::AccessGroup;
pub use access_group::{AccessGroupContent, AccessGroupFilter};
pub use owner::Owner;
pub use permission_group::PermissionGroup;
#[cfg(feature = "recordings")]
pub use resource_group::predefined_id;
pub use resource_group::{ResourceGroup, Scope};

/// The only view of each collection: by account or zone, sortable by name.
const BY_OWNER: usize = 0;

/// The only secondary order of the view.
const BY_NAME: usize = 0;

/// The maximum length of an account or zone identifier, in bytes.
const MAX_ID_LENGTH: usize = 32;

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct CloudflareState {
    access_groups: CowArc<Collection<AccessGroup>>,
    resource_groups: CowArc<Collection<ResourceGroup>>,
    permission_groups: CowArc<Collection<PermissionGroup>>,
    pub neighbors: Neighbors,
    owners: CowArc<Collection<Owner>>,
}

/// Validates an account or zone identifier: 1 to 32 ASCII letters, digits, `_` and `-`, like the real ones.
///
/// # Errors
/// [`error::NO_ROUTE`], as for a path without a route.
pub fn validate_account_id(id: &str) -> Result<(), ApiError> {
    let is_valid = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if is_valid && !id.is_empty() && id.len() <= MAX_ID_LENGTH {
        Ok(())
    } else {
        Err(error::NO_ROUTE.error())
    }
}

/// The reason why a seeded record cannot be inserted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InsertError {
    /// Another record has the same identifier.
    DuplicateKey,
    /// Another record has the same sequence number, or the number is out of range.
    SequenceTaken,
}

/// Inserts a seeded record with the sequence number `sequence`, or after all others; deleting it restores `pinned`.
///
/// # Errors
/// The conflict; the collection is unchanged then.
fn insert_seeded<R: Record>(
    collection: &mut Collection<R>,
    record: R,
    sequence: Option<u64>,
    pinned: Option<R>,
) -> Result<(), InsertError> {
    if collection.contains(record.key()) {
        return Err(InsertError::DuplicateKey);
    }
    let inserted = match sequence {
        Some(sequence) => collection.insert_at(sequence, record),
        None => collection.insert(record),
    };
    inserted.map_err(|_| InsertError::SequenceTaken)?;
    if let Some(pinned) = pinned {
        collection.set_pinned(pinned);
    }
    Ok(())
}

/// Returns the records in creation order, each with its sequence number and the value that its deletion restores.
fn iter_with_pins<R: Record>(collection: &Collection<R>) -> impl Iterator<Item = (u64, &R, Option<&R>)> {
    collection
        .iter_with_sequence()
        .map(|(sequence, record)| (sequence, record, collection.pinned(record.key())))
}

/// Returns the keys of the partitions of the index by owner.
fn owners_of<R: Record>(collection: &Collection<R>) -> BTreeSet<String> {
    let owner = R::INDEXES[BY_OWNER].partition;
    collection.partitions(BY_OWNER).map(|(record, _)| owner(record).0.to_owned()).collect()
}

/// Returns the records of an owner like [`iter_with_pins`].
fn iter_with_pins_of<'a, R: Record>(
    collection: &'a Collection<R>,
    owner: &str,
) -> impl Iterator<Item = (u64, &'a R, Option<&'a R>)> + use<'a, R> {
    let records = collection.list(BY_OWNER, (owner, "")).after(0);
    records.map(|(sequence, record)| (sequence, record, collection.pinned(record.key())))
}

/// Reserves all sequence numbers up to `sequence`, so that the next record gets a later one.
///
/// # Errors
/// The maximum sequence number, if `sequence` exceeds it.
fn reserve_sequences<R: Record>(collection: &mut Collection<R>, sequence: u64) -> Result<(), u64> {
    let max = Collection::<R>::MAX_SEQUENCE;
    if sequence > max {
        return Err(max);
    }
    collection.reserve_through(sequence);
    Ok(())
}

/// Returns the records with exactly this name, limited to `window`, and their total number.
fn page_by_name<'a, R: Record>(
    listing: &Listing<'a, R>,
    name: &str,
    window: PageRange,
    get_name: fn(&R) -> &str,
) -> (Vec<&'a R>, usize) {
    let start = listing.rank(BY_NAME, |record| get_name(record).cmp(name));
    let end = listing.rank(BY_NAME, |record| get_name(record).cmp(name).then(Ordering::Less));
    let limit = window.limit.min((end - start).saturating_sub(window.offset));
    let range = PageRange { offset: start.saturating_add(window.offset), limit };
    (listing.page(BY_NAME, Direction::Ascending, range), end - start)
}

/// Returns `records` limited to `window`, and their total number.
fn paginate<'a, R>(records: impl Iterator<Item = &'a R>, window: PageRange) -> (Vec<&'a R>, usize) {
    let mut total = 0;
    let mut page = Vec::new();
    for record in records {
        if total >= window.offset && page.len() < window.limit {
            page.push(record);
        }
        total += 1;
    }
    (page, total)
}

impl CloudflareState {
    /// Starts a bulk load of groups; see [`Collection::begin_bulk_load`].
    pub fn begin_bulk_load(&mut self) {
        self.access_groups.begin_bulk_load();
        self.resource_groups.begin_bulk_load();
    }

    /// Finishes a bulk load; see [`Collection::finish_bulk_load`].
    ///
    /// # Errors
    /// [`BulkLoadError`].
    pub fn finish_bulk_load(&mut self) -> Result<(), BulkLoadError> {
        self.access_groups.finish_bulk_load()?;
        self.resource_groups.finish_bulk_load()?;
        self.owners.finish_bulk_load()
    }

    /// Returns the last assigned sequence numbers of Access groups, resource groups and permission groups.
    pub fn last_sequences(&self) -> (u64, u64, u64) {
        let Self { access_groups, resource_groups, permission_groups, .. } = self;
        (access_groups.last_sequence(), resource_groups.last_sequence(), permission_groups.last_sequence())
    }
}

impl SharedState for CloudflareState {
    fn unshared_bytes(&self, newer: &Self) -> usize {
        let Self { access_groups, resource_groups, permission_groups, neighbors, owners } = self;
        access_groups.unshared_bytes(&newer.access_groups, Collection::unshared_bytes)
            + resource_groups.unshared_bytes(&newer.resource_groups, Collection::unshared_bytes)
            + permission_groups.unshared_bytes(&newer.permission_groups, Collection::unshared_bytes)
            + neighbors.unshared_bytes(&newer.neighbors)
            + owners.unshared_bytes(&newer.owners, Collection::unshared_bytes)
    }

    fn end_write(&mut self, end: WriteEnd) {
        let Self { access_groups, resource_groups, permission_groups, neighbors, owners } = self;
        access_groups.end_write(end);
        resource_groups.end_write(end);
        permission_groups.end_write(end);
        neighbors.end_write(end);
        owners.end_write(end);
    }
}

impl Summaries for CloudflareState {
    fn count(&self) -> usize {
        self.access_groups.len() + self.resource_groups.len()
    }

    fn summaries(&self, offset: usize) -> Box<dyn Iterator<Item = Summary<'_>> + '_> {
        let access = self.access_groups.iter_from(offset).map(AccessGroup::summary);
        let rest = offset.saturating_sub(self.access_groups.len());
        Box::new(access.chain(self.resource_groups.iter_from(rest).map(ResourceGroup::summary)))
    }

    fn select(&self, query: &SummaryQuery) -> SummaryPage<'_> {
        let mut page = SummaryPage::default();
        if query.selects_kind(AccessGroup::KIND) {
            page.extend(self.select_access_groups(query), query.range, AccessGroup::summary);
        }
        if query.selects_kind(ResourceGroup::KIND) {
            page.extend(self.select_resource_groups(query), query.range, ResourceGroup::summary);
        }
        page
    }

    fn uses(&self, selector: &GroupSelector) -> Option<Vec<GroupUse>> {
        self.group_uses(selector)
    }
}
