//! The methods of `Admin` for the journal.

use std::sync::Arc;

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::admin::exchange::Exchange;
use crate::admin::search::{FoundEntry, RankedEntry, Search, SearchBudget, Times, mismatch_message};
use crate::admin::summary::ExchangeSummary;
use crate::app::namespaces::Namespace;
use crate::control::journal::Entry;

impl Admin {
    /// Returns the exchanges that match `search`, the oldest first.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Pattern};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.requests(&Pattern::operation("ibm_get_access_group").into()).is_empty());
    /// ```
    pub fn requests(&self, search: &Search) -> Vec<Exchange> {
        self.find_all(search)
            .iter()
            .map(|(namespace, entry)| Exchange::from_entry(entry, namespace))
            .collect()
    }

    /// Returns the summaries of the exchanges that match `search`, the oldest first.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search};
    ///
    /// let mock = MockServer::start();
    /// assert!(mock.admin().request_summaries(&Search::default()).is_empty());
    /// ```
    pub fn request_summaries(&self, search: &Search) -> Vec<ExchangeSummary> {
        let found = self.find_all(search);
        found.iter().map(|(namespace, entry)| ExchangeSummary::from_entry(entry, namespace)).collect()
    }

    /// Returns the exchange with `id`, from any namespace.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the journal does not contain the exchange, or no longer contains it.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.request("00000000-0000-4000-8000-000000000000").is_err());
    /// ```
    pub fn request(&self, id: &str) -> Result<Exchange, AdminError> {
        self.entry(id).map(|(namespace, entry)| Exchange::from_entry(&entry, &namespace))
    }

    /// Returns the number of exchanges that match `search`.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.count(&Search::default()), 0);
    /// ```
    pub fn count(&self, search: &Search) -> u64 {
        self.find_all(search).len() as u64
    }

    /// Checks that the number of requests that match `search` is as expected, and returns it.
    ///
    /// # Errors
    /// [`AdminError::VerificationFailed`] with a message that lists the received requests, and [`AdminError::Invalid`]
    /// if the journal is disabled, or if the dialect or operation of `search` does not exist.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search, Times};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.verify(&Search::default(), Times::Exactly(0))?, 0);
    /// let message = admin.verify(&Search::default(), Times::AtLeast(1)).unwrap_err().to_string();
    /// assert!(message.starts_with("expected at least 1 "), "{message}");
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn verify(&self, search: &Search, times: Times) -> Result<u64, AdminError> {
        self.verify_within(search, times, &mut SearchBudget::unlimited())
    }

    /// Does the same as [`Admin::verify`] within `budget`.
    pub(in crate::admin) fn verify_within(
        &self,
        search: &Search,
        times: Times,
        budget: &mut SearchBudget,
    ) -> Result<u64, AdminError> {
        if self.app.config().journal.entries == 0 {
            return Err(AdminError::invalid(
                "",
                "the journal is disabled: start the server with --journal-entries greater than 0",
            ));
        }
        self.validate_pattern(&search.pattern)?;
        let candidates = self.candidates(search);
        let mut ranked: Vec<RankedEntry> = Vec::with_capacity(candidates.len());
        for found in candidates {
            ranked.push((search.mismatches(&found, budget)?, found));
        }
        let count = ranked.iter().filter(|(mismatches, _)| mismatches.is_empty()).count() as u64;
        if times.allows(count) {
            return Ok(count);
        }
        Err(AdminError::VerificationFailed(mismatch_message(search, times, ranked)))
    }

    /// Removes the exchanges of the namespace that match `search`, and returns them.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Search};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.remove_requests(&Search::default()).is_empty());
    /// ```
    pub fn remove_requests(&self, search: &Search) -> Vec<Exchange> {
        let removed = self.remove_entries(&self.find_all(search));
        removed.iter().map(|(namespace, entry)| Exchange::from_entry(entry, namespace)).collect()
    }

    /// Removes those of the `found` entries that belong to the namespace, and returns them.
    pub(in crate::admin) fn remove_entries(&self, found: &[FoundEntry]) -> Vec<FoundEntry> {
        let name: Arc<str> = self.name().into();
        let own = found.iter().filter(|(namespace, _)| *namespace == name);
        let own: Vec<Arc<Entry>> = own.map(|(_, entry)| Arc::clone(entry)).collect();
        let removed = self.app.namespace().journal.remove(&own);
        removed.into_iter().map(|entry| (Arc::clone(&name), entry)).collect()
    }

    /// Removes all exchanges of the namespace.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.clear_requests();
    /// ```
    pub fn clear_requests(&self) {
        self.app.namespace().journal.clear();
    }

    /// Returns the entries that match `search`, up to its limit, without a limit of work.
    fn find_all(&self, search: &Search) -> Vec<FoundEntry> {
        self.find_entries(search, &mut SearchBudget::unlimited()).unwrap_or_default()
    }

    /// Returns the entries that match `search`, up to its limit, which keeps the latest ones.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if `budget` is used up.
    pub(in crate::admin) fn find_entries(
        &self,
        search: &Search,
        budget: &mut SearchBudget,
    ) -> Result<Vec<FoundEntry>, AdminError> {
        let limit = search.limit.unwrap_or(usize::MAX);
        let mut found = Vec::new();
        // From the latest to the oldest, so that a limit also limits the work.
        for candidate in self.candidates(search).into_iter().rev() {
            if found.len() == limit {
                break;
            }
            if search.matches(&candidate, budget)? {
                found.push(candidate);
            }
        }
        found.reverse();
        Ok(found)
    }

    /// Returns all entries of the namespaces that `search` covers, sorted by time.
    fn candidates(&self, search: &Search) -> Vec<FoundEntry> {
        let entries = |namespace: &Namespace| {
            let name: Arc<str> = namespace.name.as_str().into();
            let entries = namespace.journal.entries().into_iter();
            entries.map(move |entry| (Arc::clone(&name), entry)).collect::<Vec<_>>()
        };
        match search.pattern.namespace.as_deref() {
            None => entries(self.app.namespace()),
            Some("*") => {
                let mut all: Vec<FoundEntry> =
                    self.app.namespaces().list().iter().flat_map(|namespace| entries(namespace)).collect();
                all.sort_by_key(|(_, entry)| entry.meta.started_at_ms);
                all
            }
            Some(name) => {
                self.app.namespaces().get(name).map_or_else(Vec::new, |namespace| entries(&namespace))
            }
        }
    }

    /// Returns the entry with `id` from this namespace, or else from any other.
    pub(in crate::admin) fn entry(&self, id: &str) -> Result<FoundEntry, AdminError> {
        let not_found = || AdminError::not_found("request", id);
        let uuid = id.parse().map_err(|_| not_found())?;
        let namespaces = std::iter::once(self.app.namespace().clone()).chain(self.app.namespaces().list());
        let mut found = namespaces
            .filter_map(|namespace| Some((namespace.name.as_str().into(), namespace.journal.get(uuid)?)));
        found.next().ok_or_else(not_found)
    }
}
