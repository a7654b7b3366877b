//! Access groups, resource groups and permission groups as Cloudflare keeps them.

mod access_group;
mod permission_group;
mod resource_group;

use std::cmp::Ordering;

use super::error;
use crate::failure::Refusal;
use crate::store::{Collection, Direction, Listing, Record, Shared, Summaries, Summary, Window};
pub(crate) use access_group::AccessGroup;
pub(super) use access_group::{AccessGroupContent, AccessGroupFilter};
pub(crate) use permission_group::PermissionGroup;
pub(crate) use resource_group::ResourceGroup;
pub(super) use resource_group::Scope;

/// The only view of each collection: by account or zone, also in the order of names.
const BY_OWNER: usize = 0;

/// The only secondary order.
const BY_NAME: usize = 0;

/// The longest account or zone identifier.
const LONGEST_ID: usize = 32;

/// The records of the dialect.
#[derive(Debug, Clone, Default)]
pub struct State {
    access_groups: Shared<Collection<AccessGroup>>,
    resource_groups: Shared<Collection<ResourceGroup>>,
    permission_groups: Shared<Collection<PermissionGroup>>,
}

/// Any identifier works that a real one could be: up to 32 letters, digits, `_` and `-`.
///
/// # Errors
/// [`error::NO_ROUTE`], as for a path that does not exist.
pub(super) fn check_account(id: &str) -> Result<(), Refusal> {
    let sound = id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-');
    if sound && !id.is_empty() && id.len() <= LONGEST_ID { Ok(()) } else { Err(error::NO_ROUTE.plain()) }
}

/// What keeps a seeded record out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Taken {
    /// Its identifier is that of another record.
    Key,
    /// Its place in the creation order is that of another record, or none at all.
    Place,
}

/// Adds a seeded record at its place in the creation order, or behind all others; a deletion restores `pinned`.
///
/// # Errors
/// What is taken; nothing changes then.
fn seed<R: Record>(
    collection: &mut Collection<R>,
    record: R,
    sequence: Option<u64>,
    pinned: Option<R>,
) -> Result<(), Taken> {
    if collection.contains(record.key()) {
        return Err(Taken::Key);
    }
    let added = match sequence {
        Some(sequence) => collection.insert_at(sequence, record),
        None => collection.insert(record),
    };
    added.map_err(|_| Taken::Place)?;
    if let Some(pinned) = pinned {
        collection.pin_as(pinned);
    }
    Ok(())
}

/// Returns the records in creation order, each with its place in it and what a deletion restores.
fn saved<R: Record>(collection: &Collection<R>) -> impl Iterator<Item = (u64, &R, Option<&R>)> {
    collection.numbered().map(|(sequence, record)| (sequence, record, collection.pinned(record.key())))
}

/// Makes the next record stand behind the place `sequence` of the creation order.
///
/// # Errors
/// The greatest place, where `sequence` is beyond it.
fn leave_out<R: Record>(collection: &mut Collection<R>, sequence: u64) -> Result<(), u64> {
    let greatest = Collection::<R>::GREATEST_PLACE;
    if sequence > greatest {
        return Err(greatest);
    }
    collection.leave_out(sequence);
    Ok(())
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

impl State {
    /// Begins to add many records, as [`Collection::defer_orders`] does.
    pub(super) fn defer_orders(&mut self) {
        self.access_groups.defer_orders();
        self.resource_groups.defer_orders();
    }

    /// Makes the orders that waited, as [`Collection::make_orders`] does.
    pub(super) fn make_orders(&mut self) {
        self.access_groups.make_orders();
        self.resource_groups.make_orders();
    }

    /// Returns the last places in the creation orders that were given: of Access, resource and permission groups.
    pub(super) fn last_sequences(&self) -> (u64, u64, u64) {
        let Self { access_groups, resource_groups, permission_groups } = self;
        (access_groups.last_sequence(), resource_groups.last_sequence(), permission_groups.last_sequence())
    }
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
