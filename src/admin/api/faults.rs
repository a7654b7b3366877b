//! The methods of `Admin` for faults.

use std::collections::BTreeMap;

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::app::App;
use crate::app::namespaces::validate_namespace_name;
use crate::control::faults::fault::Fault;
use crate::control::faults::{FaultBatch, FaultStatus, Faults};
use crate::spec::Violation;

impl Admin {
    /// Adds all `faults`, or none of them in case of an error, and returns them with their ids.
    ///
    /// A fault whose pattern contains a namespace is added to that namespace, which is created on first use.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] with the path of the first invalid value.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Preset};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let added = admin.add_faults(Preset::Flaky.faults())?;
    /// assert_eq!(added.len(), 3);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn add_faults(&self, faults: Vec<Fault>) -> Result<Vec<FaultStatus>, AdminError> {
        let mut by_namespace: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
        let is_list = faults.len() > 1;
        for (index, fault) in faults.into_iter().enumerate() {
            fault.validate()?;
            let path_of_field = |field: &str| {
                if is_list { format!("[{index}].match.{field}") } else { format!("match.{field}") }
            };
            self.validate_pattern(&fault.pattern)
                .map_err(|Violation { path, reason }| AdminError::invalid(path_of_field(&path), reason))?;
            let name = fault.pattern.namespace.as_deref().unwrap_or(self.name()).to_owned();
            validate_namespace_name(&name)
                .map_err(|reason| AdminError::invalid(path_of_field("namespace"), reason))?;
            by_namespace.entry(name).or_default().push(fault);
        }
        let targets: Vec<(App, Vec<Fault>)> = by_namespace
            .into_iter()
            .map(|(name, faults)| {
                let is_own = name == self.name();
                (if is_own { self.app.clone() } else { self.app.in_pending_namespace(&name) }, faults)
            })
            .collect();
        let (apps, faults): (Vec<App>, Vec<Vec<Fault>>) = targets.into_iter().unzip();
        let batches = apps.iter().zip(faults).map(|(app, faults)| FaultBatch {
            target: &app.namespace().faults,
            faults,
            now: app.now(),
        });
        let added = Faults::add_all(batches.collect())?;
        for app in &apps {
            app.admit();
            app.namespace().retain_history();
        }
        Ok(added)
    }

    /// Adds one fault, and returns it with its id.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] with the path of the first invalid value.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let added = admin.add_fault(Fault::status(503).times(2))?;
    /// assert_eq!(added.fault.id.as_deref(), Some("fault-1"));
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn add_fault(&self, fault: Fault) -> Result<FaultStatus, AdminError> {
        let added = self.add_faults(vec![fault])?.pop();
        added.ok_or_else(|| AdminError::invalid("", "must be a fault"))
    }

    /// Returns all faults in the order in which they were added.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.faults().is_empty());
    /// ```
    pub fn faults(&self) -> Vec<FaultStatus> {
        self.app.namespace().faults.list()
    }

    /// Returns the fault with `id`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the fault does not exist.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// assert_eq!(admin.fault("fault-1")?.injected, 0);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn fault(&self, id: &str) -> Result<FaultStatus, AdminError> {
        self.app.namespace().faults.get(id).ok_or_else(|| AdminError::not_found("fault", id))
    }

    /// Removes the fault with `id`.
    ///
    /// # Errors
    /// [`AdminError::NotFound`] if the fault does not exist.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// admin.remove_fault("fault-1")?;
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn remove_fault(&self, id: &str) -> Result<(), AdminError> {
        let namespace = self.app.namespace();
        let is_removed = namespace.faults.remove(id);
        namespace.retain_history();
        if is_removed { Ok(()) } else { Err(AdminError::not_found("fault", id)) }
    }

    /// Removes all faults, including the initial faults of the namespace.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// admin.remove_faults();
    /// assert!(admin.faults().is_empty());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn remove_faults(&self) {
        let namespace = self.app.namespace();
        for status in namespace.faults.list() {
            namespace.faults.remove(status.fault.id.as_deref().unwrap_or_default());
        }
        namespace.store.drop_history();
    }
}
