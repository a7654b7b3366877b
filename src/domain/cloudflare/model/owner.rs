//! The accounts and zones that a seed names, or for which something was stored.

use std::cmp::Ordering;

use super::CloudflareState;
use crate::store::{Direction, Index, Key, PageRange, Partition, Record, stable_hex_id};

/// The only index, by collection, and its only order, by identifier.
const BY_COLLECTION: usize = 0;
const BY_ID: usize = 0;

/// An account or a zone.
#[derive(Debug, Clone)]
pub struct Owner {
    /// `accounts` or `zones`.
    pub collection: &'static str,
    pub id: Box<str>,
    /// The name in the seed.
    pub name: Option<Box<str>>,
    /// The account of a zone in the seed.
    pub account: Option<Box<str>>,
}

impl Record for Owner {
    const INDEXES: &'static [Index<Self>] = &[Index { partition: Self::partition, orders: &[Self::by_id] }];

    fn key(&self) -> Key<'_> {
        (self.collection, &self.id)
    }
}

impl Owner {
    /// Returns an account or zone of which only `accounts/<id>` or `zones/<id>` is known.
    fn parse(owner: &str) -> Option<Self> {
        let (collection, id) = owner.split_once('/')?;
        let collection = if collection == "zones" { "zones" } else { "accounts" };
        Some(Self { collection, id: id.into(), name: None, account: None })
    }

    fn partition(&self) -> Partition<'_> {
        (self.collection, "")
    }

    fn by_id(left: &Self, right: &Self) -> Ordering {
        left.id.cmp(&right.id)
    }

    /// Returns the name: that of the seed, or else the identifier of an account, and for a zone a host name with it.
    pub fn name(&self) -> String {
        match (&self.name, self.collection) {
            (Some(name), _) => name.to_string(),
            (None, "zones") => format!("{}.example.com", self.id.to_lowercase()),
            (None, _) => self.id.to_string(),
        }
    }
}

impl CloudflareState {
    /// Returns the account or zone `owner`, such as `accounts/<id>`, whether it is known or not.
    pub fn owner(&self, owner: &str) -> Option<Owner> {
        let unknown = Owner::parse(owner)?;
        Some(self.owners.get(unknown.key()).cloned().unwrap_or(unknown))
    }

    /// Returns the known accounts or zones, sorted by identifier, limited to `window`, and their total number.
    pub fn owners(&self, collection: &str, window: PageRange) -> (Vec<&Owner>, usize) {
        let listing = self.owners.list(BY_COLLECTION, (collection, ""));
        (listing.page(BY_ID, Direction::Ascending, window), listing.len())
    }

    /// Returns how many accounts or zones must be scanned for a page of all of them; 0 if they are sorted.
    pub fn owners_sort_cost(&self, collection: &str) -> usize {
        self.owners.list(BY_COLLECTION, (collection, "")).sort_cost(BY_ID)
    }

    /// Returns whether the account or zone is known.
    pub fn is_known(&self, owner: &Owner) -> bool {
        self.owners.contains(owner.key())
    }

    /// Returns the number of known accounts or zones.
    pub fn owner_count(&self, collection: &str) -> usize {
        self.owners.list(BY_COLLECTION, (collection, "")).len()
    }

    /// Returns all known accounts and zones.
    pub fn all_owners(&self) -> impl Iterator<Item = &Owner> {
        self.owners.iter()
    }

    /// Returns the account of a zone: that of the seed, or else the first known one.
    pub fn account_of_zone(&self, zone: &Owner) -> Owner {
        let first = || {
            let (accounts, _) = self.owners("accounts", PageRange { offset: 0, limit: 1 });
            accounts.first().map(|account| account.id.clone())
        };
        let id = zone.account.clone().or_else(first);
        let id = id.unwrap_or_else(|| stable_hex_id("cloudflare/account").into());
        let unknown = Owner { collection: "accounts", id, name: None, account: None };
        self.owners.get(unknown.key()).cloned().unwrap_or(unknown)
    }

    /// Makes the account or zone `owner` known, for which something is stored.
    pub fn note_owner(&mut self, owner: &str) {
        if let Some(owner) = Owner::parse(owner)
            && !self.owners.contains(owner.key())
        {
            self.owners.insert(owner).expect("the identifier was checked to be unused");
        }
    }

    /// Makes an account or zone of a seed known.
    pub fn seed_owner(&mut self, owner: Owner) {
        if self.owners.contains(owner.key()) {
            self.owners.replace(owner);
        } else {
            self.owners.insert(owner).expect("the identifier was checked to be unused");
        }
    }
}
