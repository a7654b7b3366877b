//! From a seed to the state of a namespace, and back.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::domain::credentials::Credentials;
use crate::domain::mock_state::MockState;
use crate::domain::{authress, cloudflare, ibm, legacy};
use crate::store::{ClockSetting, IdGenerator, Snapshot, Store, Tx};

use super::error::SeedError;
use super::format::{FORMAT_VERSION, ResumePoint, Seed, reparse};

/// The maximum length of an identifier that is generated, in bytes.
const MAX_IDENTIFIER_BYTES: usize = 128;

/// The maximum revision in a seed: the maximum integer that every JSON parser represents exactly, 2^53 - 1.
const MAX_REVISION: u64 = 9_007_199_254_740_991;

impl Seed {
    /// Returns the state that the seed describes, created at the current time of `clock` with identifiers from `ids`;
    /// later identifiers resume from [`Seed::state`] if it is given.
    ///
    /// # Errors
    /// The path and reason of the first error.
    pub fn snapshot(&self, clock: ClockSetting, ids: IdGenerator) -> Result<Snapshot<MockState>, SeedError> {
        if let Ok(snapshot) = self.load_in_bulk(clock, ids.clone()) {
            return Ok(snapshot);
        }
        match self.check_lists() {
            Ok(false) => self.load_one_by_one(clock, ids),
            Ok(true) => {
                let loaded = self.load_in_bulk(clock, ids.clone());
                loaded.or_else(|_| self.load_one_by_one(clock, ids))
            }
            Err(text) => reparse(&text)?.snapshot(clock, ids),
        }
    }

    /// Loads the seed with indexes that are built at the end; such a load cannot tell which record is the first with an
    /// error.
    fn load_in_bulk(&self, clock: ClockSetting, ids: IdGenerator) -> Result<Snapshot<MockState>, SeedError> {
        let mut state = MockState::default();
        if !self.is_empty() {
            state.begin_bulk_load();
        }
        self.load(state, clock, ids)
    }

    /// Loads the seed record by record.
    fn load_one_by_one(
        &self,
        clock: ClockSetting,
        ids: IdGenerator,
    ) -> Result<Snapshot<MockState>, SeedError> {
        self.load(MockState::default(), clock, ids.clone()).or_else(|error| {
            // An object without an identifier may have got that of a later object. Most seeds need no such attempt.
            let ids = ids.with_reserved(self.short_strings());
            self.load(MockState::default(), clock, ids).map_err(|_| error)
        })
    }

    /// Does the same as [`Seed::snapshot`], with identifiers that later objects of the seed may have, into an empty
    /// `state`.
    fn load(
        &self,
        state: MockState,
        clock: ClockSetting,
        ids: IdGenerator,
    ) -> Result<Snapshot<MockState>, SeedError> {
        let store = Store::new(state, clock, ids);
        // Many servers start without a seed, and then need none of the code that loads one.
        if !self.is_empty() {
            store.write(|state, tx| self.load_into(state, tx))?;
        }
        let mut snapshot = store.snapshot();
        // The generator no longer needs the reserved identifiers, because records have them now.
        snapshot.ids = IdGenerator::from_seed(snapshot.ids.state());
        if let Some(ResumePoint { ids, revision }) = self.state {
            snapshot.ids = IdGenerator::from_seed(ids);
            snapshot.revision = snapshot.revision.max(revision);
        }
        if snapshot.revision > MAX_REVISION {
            return Err(SeedError::new(
                "$state.revision",
                format!("must be a number from 0 to {MAX_REVISION}"),
            ));
        }
        Ok(snapshot)
    }

    /// Returns all short strings of the seed, and among them the identifiers of all objects.
    ///
    /// The text is searched, because values that are saved as they were sent can be beyond `serde_json::Value`.
    fn short_strings(&self) -> BTreeSet<String> {
        let Ok(text) = serde_json::to_string(self) else {
            // The file of the seed was changed since it was read; the attempts to load it say so.
            return BTreeSet::new();
        };
        let mut strings = BTreeSet::new();
        let mut rest = text.as_str();
        while let Some(start) = rest.find('"') {
            rest = &rest[start + 1..];
            let end = end_of_string(rest);
            if end <= MAX_IDENTIFIER_BYTES {
                strings.insert(rest[..end].to_owned());
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        strings
    }

    /// Returns a seed that restores `snapshot`, including the internal state that later responses depend on.
    pub fn from_snapshot(snapshot: &Snapshot<MockState>) -> Self {
        let Snapshot { state, ids, revision } = snapshot;
        Self { state: Some(ResumePoint { ids: ids.state(), revision: *revision }), ..Self::from_state(state) }
    }

    /// Returns a seed that restores `state`, without the point from which identifiers resume.
    pub fn from_state(state: &MockState) -> Self {
        let has_credentials = state.credentials.is_configured();
        Self {
            version: Some(FORMAT_VERSION),
            comment: has_credentials.then(|| "This state contains credentials.".to_owned()),
            credentials: has_credentials.then(|| state.credentials.to_vec()),
            cloudflare: cloudflare::seed::save(&state.cloudflare),
            ibm: ibm::seed::save(&state.ibm),
            authress: authress::seed::save(&state.authress),
            legacy: legacy::seed::save(&state.legacy),
            ..Self::default()
        }
    }

    /// Returns the seed without its credentials, and with a comment about their number if there are any.
    #[must_use]
    pub fn without_credentials(mut self) -> Self {
        if let Some(credentials) = self.credentials.take() {
            let count = credentials.len();
            self.comment = Some(format!("Credentials that this state does not contain: {count}."));
        }
        self
    }

    /// Returns whether there is nothing to load.
    fn is_empty(&self) -> bool {
        let Self { version: _, state: _, comment: _, credentials, cloudflare, ibm, authress, legacy } = self;
        credentials.is_none()
            && cloudflare.is_empty()
            && ibm.is_empty()
            && authress.is_empty()
            && legacy.is_empty()
    }

    /// Adds the objects of the seed to `state`.
    ///
    /// # Errors
    /// The path and reason of the first error.
    fn load_into(&self, state: &mut MockState, tx: &mut Tx<'_>) -> Result<(), SeedError> {
        if let Some(credentials) = &self.credentials {
            state.credentials = Arc::new(Credentials::new(credentials.clone()));
        }
        cloudflare::seed::load(&mut state.cloudflare, &self.cloudflare, tx)
            .map_err(|error| error.nested_in("cloudflare"))?;
        ibm::seed::load(&mut state.ibm, &self.ibm, tx).map_err(|error| error.nested_in("ibm"))?;
        authress::seed::load(&mut state.authress, &self.authress, tx)
            .map_err(|error| error.nested_in("authress"))?;
        legacy::seed::load(&mut state.legacy, &self.legacy, tx).map_err(|error| error.nested_in("legacy"))
    }
}

/// Returns the length of the JSON string at the start of `text`, whose first quote was read.
fn end_of_string(text: &str) -> usize {
    let mut is_escaped = false;
    let end = text.bytes().position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.unwrap_or(text.len())
}
