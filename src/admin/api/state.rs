//! The methods of `Admin` for the state and its snapshots.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::app::namespaces::{Namespace, SavedSnapshot, validate_namespace_name};
use crate::domain::mock_state::MockState;
use crate::domain::seed::Seed;
use crate::store::{SharedState, Snapshot};

/// The maximum number of snapshots of a namespace.
pub(in crate::admin) const MAX_SNAPSHOTS: usize = 100;

/// The maximum size of what the snapshots of a namespace do not share with later ones, in bytes.
pub(in crate::admin) const MAX_SNAPSHOT_BYTES: usize = 256 * 1024 * 1024;

/// The name, time and size of a snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotInfo {
    /// The name of the snapshot.
    pub name: String,
    /// The time at which it was taken, by the virtual clock.
    pub taken: DateTime<Utc>,
    /// The number of its groups in all dialects.
    pub groups: usize,
}

impl Admin {
    /// Returns the complete state as a seed, which [`Admin::put_state`] can restore, without the credentials.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let state = admin.state();
    /// admin.namespace("copy")?.put_state(&state)?;
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn state(&self) -> Seed {
        self.state_with_credentials().without_credentials()
    }

    /// Returns the complete state with the credentials, which are secrets.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let seed = r#"{"credentials":[{"dialect":"ibm","secret":"key"}]}"#;
    /// let mock = MockServer::builder().seed(seed).start();
    /// assert!(mock.admin().state().credentials.is_none());
    /// assert!(mock.admin().state_with_credentials().credentials.is_some());
    /// ```
    pub fn state_with_credentials(&self) -> Seed {
        Seed::from_snapshot(&self.app.namespace().store.snapshot())
    }

    /// Replaces all records with `state`; keeps the current credentials if `state` has none.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] with the path of the first invalid value; the records are unchanged in this case.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Seed};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let groups = r#"{"legacy":{"access_groups":[{"name":"Editors"}]}}"#;
    /// admin.put_state(&Seed::parse(groups)?)?;
    /// assert_eq!(admin.namespaces()[0].groups, 1);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn put_state(&self, state: &Seed) -> Result<(), AdminError> {
        let next = self.prepare_state(state)?;
        self.commit_state(next);
        Ok(())
    }

    /// Returns the records of `state`, with the current credentials if it has none, without changing anything.
    ///
    /// # Errors
    /// As [`Admin::put_state`].
    pub(in crate::admin) fn prepare_state(&self, state: &Seed) -> Result<Snapshot<MockState>, AdminError> {
        let store = &self.app.namespace().store;
        let current = store.snapshot();
        let mut next = state.snapshot(store.clock().get(), current.ids)?;
        if state.credentials.is_none() {
            next.state.credentials = current.state.credentials;
        }
        Ok(next)
    }

    /// Replaces all records with prepared ones; returns the old state, which can take long to drop.
    pub(in crate::admin) fn commit_state(&self, next: Snapshot<MockState>) -> Snapshot<MockState> {
        self.app.namespace().store.replace(next)
    }

    /// Saves the current state as the snapshot `name`, which replaces an existing one.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if `name` is not a valid name, or if the namespace already has 100 snapshots, or snapshots
    /// that keep more than 256 MiB of replaced records in memory.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.save_snapshot("before")?.name, "before");
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn save_snapshot(&self, name: &str) -> Result<SnapshotInfo, AdminError> {
        validate_namespace_name(name).map_err(|reason| AdminError::invalid("name", reason))?;
        let namespace = self.app.namespace();
        let state = namespace.store.snapshot();
        let mut snapshots = namespace.snapshots();
        if snapshots.len() >= MAX_SNAPSHOTS && !snapshots.contains_key(name) {
            return Err(AdminError::invalid(
                "name",
                format!("exceeds the maximum of {MAX_SNAPSHOTS} snapshots"),
            ));
        }
        let others = snapshots.iter().filter(|(other, _)| *other != name).map(|(_, saved)| saved);
        if retained_bytes(others.collect(), &state.state) > MAX_SNAPSHOT_BYTES {
            return Err(AdminError::invalid(
                "name",
                format!(
                    "the other snapshots have more than {MAX_SNAPSHOT_BYTES} bytes that later ones do not share; delete some of them"
                ),
            ));
        }
        let number = snapshots.values().map(|saved| saved.number + 1).max().unwrap_or_default();
        let saved = SavedSnapshot { number, taken_at: namespace.store.now(), state };
        let info = snapshot_info(name, &saved);
        snapshots.insert(name.to_owned(), saved);
        Ok(info)
    }

    /// Returns all snapshots, sorted by name.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.save_snapshot("before")?;
    /// assert_eq!(admin.snapshots().len(), 1);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn snapshots(&self) -> Vec<SnapshotInfo> {
        let snapshots = self.app.namespace().snapshots();
        snapshots.iter().map(|(name, saved)| snapshot_info(name, saved)).collect()
    }

    /// Replaces the current state with the snapshot `name`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the snapshot does not exist.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.save_snapshot("before")?;
    /// admin.restore_snapshot("before")?;
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn restore_snapshot(&self, name: &str) -> Result<(), AdminError> {
        let namespace = self.app.namespace();
        let saved = namespace.snapshots().get(name).cloned();
        let saved = saved.ok_or_else(|| AdminError::not_found("snapshot", name))?;
        namespace.store.restore(saved.state);
        Ok(())
    }

    /// Deletes the snapshot `name`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the snapshot does not exist.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.save_snapshot("before")?;
    /// admin.delete_snapshot("before")?;
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn delete_snapshot(&self, name: &str) -> Result<(), AdminError> {
        let removed = self.app.namespace().snapshots().remove(name);
        removed.map(drop).ok_or_else(|| AdminError::not_found("snapshot", name))
    }
}

/// Returns the number of snapshots of `namespace`, and an estimate of the bytes that they keep in memory.
pub(in crate::admin) fn snapshot_usage(namespace: &Namespace) -> (usize, usize) {
    let current = namespace.store.snapshot();
    let snapshots = namespace.snapshots();
    (snapshots.len(), retained_bytes(snapshots.values().collect(), &current.state))
}

/// Returns an estimate of the bytes that `snapshots` keep in memory besides the current state.
fn retained_bytes(mut snapshots: Vec<&SavedSnapshot>, current: &MockState) -> usize {
    snapshots.sort_by_key(|saved| saved.number);
    let states = snapshots.iter().map(|saved| &saved.state.state);
    let later = states.clone().skip(1).chain([current]);
    states.zip(later).map(|(state, later)| state.unshared_bytes(later)).sum()
}

fn snapshot_info(name: &str, saved: &SavedSnapshot) -> SnapshotInfo {
    SnapshotInfo { name: name.to_owned(), taken: saved.taken_at, groups: saved.state.state.group_count() }
}
