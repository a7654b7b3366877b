//! The journal.

use std::sync::Arc;

use tokio::sync::broadcast;

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::admin::exchange::Exchange;
use crate::admin::search::{Found, Search, Times, mismatch};
use crate::control::journal::Entry;
use crate::spaces::Space;

impl Admin {
    /// Returns the exchanges that `search` wants, the oldest first.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Pattern};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.requests(&Pattern::operation("ibm_get_access_group").into()).is_empty());
    /// ```
    pub fn requests(&self, search: &Search) -> Vec<Exchange> {
        self.found(search).iter().map(|(namespace, entry)| Exchange::of(entry, namespace)).collect()
    }

    /// Returns the exchange with `id`, in whichever namespace it was.
    ///
    /// # Errors
    /// There is none, or it was forgotten.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.request("00000000-0000-4000-8000-000000000000").is_err());
    /// ```
    pub fn request(&self, id: &str) -> Result<Exchange, AdminError> {
        self.entry(id).map(|(namespace, entry)| Exchange::of(&entry, &namespace))
    }

    /// Returns how many exchanges `search` wants.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.count(&Search::default()), 0);
    /// ```
    pub fn count(&self, search: &Search) -> u64 {
        self.found(search).len() as u64
    }

    /// Checks that as many requests came as expected, and returns how many did.
    ///
    /// # Errors
    /// [`AdminError::Unverified`] with a text that shows what came instead; and a journal that keeps nothing.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search, Times};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.verify(&Search::default(), Times::Exactly(0))?, 0);
    /// let text = admin.verify(&Search::default(), Times::AtLeast(1)).unwrap_err().to_string();
    /// assert!(text.starts_with("expected at least 1 request"), "{text}");
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn verify(&self, search: &Search, times: Times) -> Result<u64, AdminError> {
        if self.app.config().journal.entries == 0 {
            return Err(AdminError::wrong("", "the journal is off: start the server with --journal-entries"));
        }
        let all = self.all(search);
        let count = all.iter().filter(|found| search.fits(found)).count() as u64;
        if times.allows(count) {
            return Ok(count);
        }
        Err(AdminError::Unverified(mismatch(search, times, &all)))
    }

    /// Forgets the exchanges of the namespace that `search` wants, and returns them.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.remove_requests(&Search::default()).is_empty());
    /// ```
    pub fn remove_requests(&self, search: &Search) -> Vec<Exchange> {
        let name = self.name().to_owned();
        let found = self.found(search);
        let removed = self.app.space().journal.remove(|entry| {
            found
                .iter()
                .any(|(namespace, other)| *namespace == name && std::ptr::eq(&raw const **other, entry))
        });
        removed.iter().map(|entry| Exchange::of(entry, &name)).collect()
    }

    /// Forgets all exchanges of the namespace.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.clear_requests();
    /// ```
    pub fn clear_requests(&self) {
        self.app.space().journal.clear();
    }

    /// Returns a reader of the exchanges to come in the namespace.
    pub(in crate::admin) fn follow(&self) -> broadcast::Receiver<Arc<Entry>> {
        self.app.space().journal.follow()
    }

    /// The entries that `search` wants: of them the latest where it wants so many at most.
    pub(in crate::admin) fn found(&self, search: &Search) -> Vec<Found> {
        let mut found = self.all(search);
        found.retain(|found| search.fits(found));
        if let Some(limit) = search.limit {
            found.drain(..found.len().saturating_sub(limit));
        }
        found
    }

    /// All entries of the namespaces that `search` looks into, in the order of their times.
    fn all(&self, search: &Search) -> Vec<Found> {
        let entries_of = |space: &Space| {
            let entries = space.journal.entries().into_iter();
            entries.map(|entry| (space.name.clone(), entry)).collect::<Vec<_>>()
        };
        match search.pattern.namespace.as_deref() {
            None => entries_of(self.app.space()),
            Some("*") => {
                let mut all: Vec<Found> =
                    self.app.spaces().list().iter().flat_map(|space| entries_of(space)).collect();
                all.sort_by_key(|(_, entry)| entry.facts.at);
                all
            }
            Some(name) => self.app.spaces().get(name).map_or_else(Vec::new, |space| entries_of(&space)),
        }
    }

    /// The entry with `id`: of the namespace, else of any.
    pub(in crate::admin) fn entry(&self, id: &str) -> Result<Found, AdminError> {
        let unknown = || AdminError::unknown("request", id);
        let uuid = id.parse().map_err(|_| unknown())?;
        let spaces = std::iter::once(self.app.space().clone()).chain(self.app.spaces().list());
        let mut found = spaces.filter_map(|space| Some((space.name.clone(), space.journal.get(uuid)?)));
        found.next().ok_or_else(unknown)
    }
}
