//! `Feed`: the exchanges of one namespace or of all, read from the journals as they are recorded.
//!
//! A feed holds only a few exchanges besides the journals: a slow reader finds later what the journals still have, and
//! the number of those that they have evicted in the meantime.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use uuid::Uuid;

use super::admin_error::AdminError;
use super::search::{FoundEntry, Search, SearchBudget};
use crate::app::App;
use crate::app::namespaces::Namespace;
use crate::control::journal::JournalWrites;

/// The maximum number of exchanges that a feed takes from the journals at a time.
pub(super) const MAX_UNSENT: usize = 64;

/// The exchanges of one namespace or of all, in the order in which they were recorded.
#[derive(Debug)]
pub(super) struct Feed {
    /// The server, in the default namespace: a feed keeps no deleted namespace in memory.
    app: App,
    /// The criteria for the exchanges, with the namespace.
    search: Arc<Search>,
    /// The number of the last exchange that was read.
    position: u64,
    read: BTreeMap<String, ReadEntries>,
    items: VecDeque<FeedItem>,
}

/// What was read of one journal.
#[derive(Debug, Clone, Copy, Default)]
struct ReadEntries {
    /// The number of exchanges that were read and that the journal still has.
    len: usize,
    /// The number of exchanges that the journal had evicted.
    evicted: u64,
}

/// An item of a feed.
#[derive(Debug)]
pub(super) enum FeedItem {
    /// An exchange.
    Found(FoundEntry),
    /// The number of exchanges that the journals evicted before they were read.
    Missed(u64),
}

impl Feed {
    /// Returns the feed of the exchanges that match `search`, which names a namespace or `*`.
    ///
    /// It starts after the exchange `last_id`, with the oldest exchange if the journals do not have that one, and with the
    /// next exchange without `last_id`.
    pub(super) fn new(app: &App, search: Search, last_id: Option<&str>) -> Self {
        let app = app.with_namespace(Arc::clone(app.namespaces().default_namespace()));
        app.namespaces().journal_budget().writes().add_reader();
        let mut feed = Self {
            app,
            search: Arc::new(search),
            position: 0,
            read: BTreeMap::new(),
            items: VecDeque::new(),
        };
        feed.position = match last_id {
            None => feed.writes().last(),
            Some(id) => feed.number(id).unwrap_or(0),
        };
        for namespace in feed.namespaces() {
            let unread = namespace.journal.unread(feed.position, feed.position, 0);
            let read = ReadEntries { len: unread.read, evicted: unread.evicted };
            feed.read.insert(namespace.name.clone(), read);
        }
        feed
    }

    /// Returns the server.
    pub(super) const fn app(&self) -> &App {
        &self.app
    }

    /// Returns the next item, as soon as there is one.
    ///
    /// # Errors
    /// The reason why the feed ends: the pattern takes too much work.
    pub(super) async fn next(&mut self) -> Result<FeedItem, AdminError> {
        loop {
            if let Some(item) = self.items.pop_front() {
                return Ok(item);
            }
            let app = self.app.clone();
            // Before the journals are read, so that no exchange is recorded unnoticed in between.
            let changed = app.namespaces().journal_budget().writes().changed();
            let (missed, found) = self.take_unread();
            if missed == 0 && found.is_empty() && self.position == self.writes().last() {
                changed.await;
                continue;
            }
            let matching = self.matching(found).await?;
            self.items.extend((missed > 0).then_some(FeedItem::Missed(missed)));
            self.items.extend(matching.into_iter().map(FeedItem::Found));
        }
    }

    /// Returns those of `found` that match the criteria.
    async fn matching(&self, found: Vec<FoundEntry>) -> Result<Vec<FoundEntry>, AdminError> {
        let search = Arc::clone(&self.search);
        if !search.pattern.needs_content() {
            return filter(&search, found, &mut SearchBudget::unlimited());
        }
        // A regular expression may take long.
        let filtered = self
            .app
            .compute(move |cancellation| filter(&search, found, &mut SearchBudget::new(cancellation)));
        filtered.await.unwrap_or_else(|_| Err(AdminError::invalid("", "the search took too long")))
    }

    /// Takes the next exchanges from the journals; returns them and the number of those that were missed.
    fn take_unread(&mut self) -> (u64, Vec<FoundEntry>) {
        let through = self.writes().last();
        let mut missed = 0;
        let mut found: Vec<(u64, FoundEntry)> = Vec::new();
        let mut read = BTreeMap::new();
        for namespace in self.namespaces() {
            let unread = namespace.journal.unread(self.position, through, MAX_UNSENT);
            let before = self.read.get(&namespace.name).copied().unwrap_or_default();
            // A namespace that was deleted and created again starts anew.
            let before = if before.evicted > unread.evicted { ReadEntries::default() } else { before };
            missed += (unread.evicted - before.evicted).saturating_sub(before.len as u64);
            read.insert(namespace.name.clone(), ReadEntries { len: unread.read, evicted: unread.evicted });
            let name: Arc<str> = namespace.name.as_str().into();
            found.extend(unread.entries.into_iter().map(|(number, it)| (number, (Arc::clone(&name), it))));
        }
        found.sort_by_key(|(number, _)| *number);
        self.position = if found.len() >= MAX_UNSENT { found[MAX_UNSENT - 1].0 } else { through };
        found.truncate(MAX_UNSENT);
        let found: Vec<FoundEntry> = found.into_iter().map(|(_, found)| found).collect();
        for (name, _) in &found {
            if let Some(read) = read.get_mut(&**name) {
                read.len += 1;
            }
        }
        self.read = read;
        (missed, found)
    }

    fn writes(&self) -> &JournalWrites {
        self.app.namespaces().journal_budget().writes()
    }

    /// Returns the namespaces of the feed that exist.
    fn namespaces(&self) -> Vec<Arc<Namespace>> {
        match self.search.pattern.namespace.as_deref() {
            None | Some("*") => self.app.namespaces().list(),
            Some(name) => self.app.namespaces().get(name).into_iter().collect(),
        }
    }

    /// Returns the number of the exchange `id`.
    fn number(&self, id: &str) -> Option<u64> {
        let id: Uuid = id.parse().ok()?;
        self.namespaces().iter().find_map(|namespace| namespace.journal.number(id))
    }
}

impl Drop for Feed {
    fn drop(&mut self) {
        self.writes().remove_reader();
    }
}

fn filter(
    search: &Search,
    found: Vec<FoundEntry>,
    budget: &mut SearchBudget,
) -> Result<Vec<FoundEntry>, AdminError> {
    let mut matching = Vec::with_capacity(found.len());
    for entry in found {
        if search.matches(&entry, budget)? {
            matching.push(entry);
        }
    }
    Ok(matching)
}
