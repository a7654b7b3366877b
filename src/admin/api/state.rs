//! The state and its snapshots.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::seed::Seed;
use crate::spaces::{SavedSnapshot, check_name};

/// The most snapshots that a namespace holds.
const MOST_SNAPSHOTS: usize = 100;

/// A snapshot, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SnapshotReport {
    /// Its name.
    pub name: String,
    /// When it was taken, on the mock's clock.
    pub taken: DateTime<Utc>,
    /// How many groups all dialects have in it.
    pub groups: usize,
}

impl Admin {
    /// Returns the whole state as a seed that brings it back.
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
        Seed::of(&self.app.space().store.snapshot())
    }

    /// Puts `state` in the place of all records; credentials stay where it has none.
    ///
    /// # Errors
    /// The place of the first mistake; nothing changes then.
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
        let store = &self.app.space().store;
        let present = store.snapshot();
        let mut next = state.snapshot(store.clock().get(), present.ids)?;
        if state.credentials.is_none() {
            next.world.credentials = present.world.credentials;
        }
        store.restore(next);
        Ok(())
    }

    /// Keeps the present state under `name`, in the place of what was kept under it.
    ///
    /// # Errors
    /// A name that is none, and more than 100 snapshots.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.save_snapshot("before")?.name, "before");
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn save_snapshot(&self, name: &str) -> Result<SnapshotReport, AdminError> {
        check_name(name).map_err(|reason| AdminError::wrong("name", reason))?;
        let space = self.app.space();
        let saved = SavedSnapshot { taken: space.store.now(), state: space.store.snapshot() };
        let report = snapshot_report(name, &saved);
        let mut snapshots = space.snapshots();
        if snapshots.len() >= MOST_SNAPSHOTS && !snapshots.contains_key(name) {
            return Err(AdminError::wrong(
                "name",
                format!("is one more than the {MOST_SNAPSHOTS} that can be kept"),
            ));
        }
        snapshots.insert(name.to_owned(), saved);
        Ok(report)
    }

    /// Returns all snapshots by name.
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
    pub fn snapshots(&self) -> Vec<SnapshotReport> {
        let snapshots = self.app.space().snapshots();
        snapshots.iter().map(|(name, saved)| snapshot_report(name, saved)).collect()
    }

    /// Puts the state kept under `name` in the place of the present one.
    ///
    /// # Errors
    /// There is none.
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
        let space = self.app.space();
        let saved = space.snapshots().get(name).cloned();
        let saved = saved.ok_or_else(|| AdminError::unknown("snapshot", name))?;
        space.store.restore(saved.state);
        Ok(())
    }

    /// Forgets the state kept under `name`.
    ///
    /// # Errors
    /// There is none.
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
        let removed = self.app.space().snapshots().remove(name);
        removed.map(drop).ok_or_else(|| AdminError::unknown("snapshot", name))
    }
}

fn snapshot_report(name: &str, saved: &SavedSnapshot) -> SnapshotReport {
    SnapshotReport { name: name.to_owned(), taken: saved.taken, groups: saved.state.world.group_count() }
}
