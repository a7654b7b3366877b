//! `Admin`: the operations of the admin API as typed methods, used by the routes and by the in-process fixture.

#[cfg(feature = "ibm")]
mod account_groups;
mod clock;
mod faults;
mod fidelity;
mod requests;
mod state;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::admin_error::AdminError;
use crate::app::App;
use crate::app::namespaces::{Namespace, Namespaces, validate_namespace_name};
use crate::openapi::{self, OperationSlice};
use crate::spec::Apis;
#[cfg(feature = "ibm")]
pub use account_groups::AccountGroup;
pub use clock::{ClockChange, ClockMode, ClockStatus};
pub(super) use fidelity::FidelitySetting;
pub use state::SnapshotInfo;
pub(super) use state::{MAX_SNAPSHOT_BYTES, MAX_SNAPSHOTS, snapshot_usage};

/// A handle that controls one namespace of a server, and the server itself.
#[derive(Debug, Clone)]
pub struct Admin {
    pub(super) app: App,
    pub(super) apis: &'static Apis,
}

/// A part of a namespace that can be reset separately.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ResetScope {
    /// The records, which are reset to the seed.
    State,
    /// The journal.
    Requests,
    /// The faults, and the counters of the rate limits.
    Faults,
    /// The virtual clock.
    Clock,
}

/// The name, times and counters of a namespace.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceInfo {
    /// The name of the namespace.
    pub name: String,
    /// The time of its creation, by the system clock.
    pub created: DateTime<Utc>,
    /// The time of its last use, by the system clock; calls of the admin API are no use of the default namespace.
    pub last_used: DateTime<Utc>,
    /// The number of requests to vendor APIs since its last reset.
    pub requests: u64,
    /// The number of its faults.
    pub faults: usize,
    /// The number of its groups in all dialects.
    pub groups: usize,
}

impl Admin {
    /// Returns a handle to the namespace of `app`, a server of `apis`.
    pub(crate) const fn with_apis(app: App, apis: &'static Apis) -> Self {
        Self { app, apis }
    }

    /// Returns a handle to the namespace `name`, which is created on first use.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if `name` is not a valid namespace name.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.namespace("a")?.name(), "a");
    /// assert!(admin.namespace("a b").is_err());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn namespace(&self, name: &str) -> Result<Self, AdminError> {
        validate_namespace_name(name).map_err(|reason| AdminError::invalid("name", reason))?;
        Ok(Self { app: self.app.in_namespace(name), apis: self.apis })
    }

    /// Returns the name of the namespace.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.name(), "default");
    /// ```
    pub fn name(&self) -> &str {
        &self.app.namespace().name
    }

    /// Returns the description of the operation `id`, such as `ibm_list_access_groups`, with an example of a request.
    ///
    /// It takes some milliseconds, in which the whole description is built.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if there is no such operation.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let operation = MockServer::start().admin().operation("authress_get_groups")?;
    /// assert_eq!((operation.method.as_str(), operation.example.url.as_str()), ("GET", "/v1/groups"));
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn operation(&self, id: &str) -> Result<OperationSlice, AdminError> {
        openapi::slice(&openapi::document(&self.apis.iter().collect::<Vec<_>>()), id)
            .ok_or_else(|| AdminError::not_found("operation", id))
    }

    /// Returns all namespaces: first the default one, then the others sorted by name.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.namespace("a")?;
    /// let names: Vec<String> = admin.namespaces().into_iter().map(|it| it.name).collect();
    /// assert_eq!(names, ["default", "a"]);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn namespaces(&self) -> Vec<NamespaceInfo> {
        self.app.namespaces().list().iter().map(|namespace| namespace_info(namespace)).collect()
    }

    /// Returns the times and counters of the namespace `name`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the namespace does not exist.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.namespace_info("default")?.requests, 0);
    /// assert!(admin.namespace_info("a").is_err());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn namespace_info(&self, name: &str) -> Result<NamespaceInfo, AdminError> {
        let namespace = self.app.namespaces().get(name);
        namespace
            .map(|namespace| namespace_info(&namespace))
            .ok_or_else(|| AdminError::not_found("namespace", name))
    }

    /// Deletes the namespace `name`; the default one is reset instead.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the namespace does not exist.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.namespace("a")?;
    /// admin.delete_namespace("a")?;
    /// assert!(admin.delete_namespace("a").is_err());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn delete_namespace(&self, name: &str) -> Result<(), AdminError> {
        let is_removed = self.app.namespaces().remove(name);
        if is_removed { Ok(()) } else { Err(AdminError::not_found("namespace", name)) }
    }

    /// Deletes all namespaces except the default one, which is reset.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.namespace("a")?;
    /// admin.delete_namespaces();
    /// assert_eq!(admin.namespaces().len(), 1);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn delete_namespaces(&self) {
        self.app.namespaces().remove_all();
    }

    /// Resets the namespace to its initial state: records, journal, faults and clock; deletes its snapshots.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.save_snapshot("before")?;
    /// admin.reset();
    /// assert!(admin.snapshots().is_empty());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn reset(&self) {
        self.app.namespaces().reset(self.app.namespace());
    }

    /// Resets the parts of the namespace that `scopes` contains.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer, ResetScope};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// admin.reset_scopes(&[ResetScope::Faults]);
    /// assert!(admin.faults().is_empty());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn reset_scopes(&self, scopes: &[ResetScope]) {
        let (namespaces, namespace) = (self.app.namespaces(), self.app.namespace());
        // The clock is reset first, because the schedules of the initial faults start at its time.
        for scope in [ResetScope::Clock, ResetScope::State, ResetScope::Faults, ResetScope::Requests] {
            match scope {
                ResetScope::Clock if scopes.contains(&scope) => namespaces.reset_clock(namespace),
                ResetScope::State if scopes.contains(&scope) => namespaces.reset_state(namespace),
                ResetScope::Faults if scopes.contains(&scope) => namespaces.reset_faults(namespace),
                ResetScope::Requests if scopes.contains(&scope) => Namespaces::reset_requests(namespace),
                ResetScope::Clock | ResetScope::State | ResetScope::Faults | ResetScope::Requests => {}
            }
        }
    }
}

fn namespace_info(namespace: &Namespace) -> NamespaceInfo {
    NamespaceInfo {
        name: namespace.name.clone(),
        created: namespace.created,
        last_used: namespace.last_used(),
        requests: namespace.request_count(),
        faults: namespace.faults.list().len(),
        groups: namespace.store.read(crate::domain::mock_state::MockState::group_count),
    }
}
