//! The faults.

use std::collections::BTreeMap;

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::admin::meant;
use crate::control::fault::Fault;
use crate::control::faults::FaultReport;
use crate::failure::Violation;
use crate::spaces::check_name;

impl Admin {
    /// Sets faults, all of them or none, and returns them with their ids.
    ///
    /// A fault whose pattern names a namespace is set in that one.
    ///
    /// # Errors
    /// The place of the first mistake.
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
    pub fn add_faults(&self, faults: Vec<Fault>) -> Result<Vec<FaultReport>, AdminError> {
        let mut by_namespace: BTreeMap<String, Vec<Fault>> = BTreeMap::new();
        let is_list = faults.len() > 1;
        for (index, fault) in faults.into_iter().enumerate() {
            fault.check()?;
            let at = |member: &str| {
                if is_list { format!("[{index}].match.{member}") } else { format!("match.{member}") }
            };
            meant::check(&fault.pattern)
                .map_err(|Violation { path, reason }| AdminError::wrong(at(&path), reason))?;
            let name = fault.pattern.namespace.as_deref().unwrap_or(self.name()).to_owned();
            check_name(&name).map_err(|reason| AdminError::wrong(at("namespace"), reason))?;
            by_namespace.entry(name).or_default().push(fault);
        }
        let mut reports = Vec::new();
        for (name, faults) in by_namespace {
            let app = if name == self.name() { self.app.clone() } else { self.app.in_namespace(&name) };
            reports.extend(app.space().faults.add(faults, app.now())?);
            app.space().remember();
        }
        Ok(reports)
    }

    /// Sets one fault, and returns it with its id.
    ///
    /// # Errors
    /// The place of the first mistake.
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
    pub fn add_fault(&self, fault: Fault) -> Result<FaultReport, AdminError> {
        let report = self.add_faults(vec![fault])?.pop();
        report.ok_or_else(|| AdminError::wrong("", "is no fault"))
    }

    /// Returns all faults in the order of their setting.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert!(admin.faults().is_empty());
    /// ```
    pub fn faults(&self) -> Vec<FaultReport> {
        self.app.space().faults.list()
    }

    /// Returns the fault with `id`.
    ///
    /// # Errors
    /// There is none.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// assert_eq!(admin.fault("fault-1")?.struck, 0);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn fault(&self, id: &str) -> Result<FaultReport, AdminError> {
        self.app.space().faults.get(id).ok_or_else(|| AdminError::unknown("fault", id))
    }

    /// Removes the fault with `id`.
    ///
    /// # Errors
    /// There is none.
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
        let is_there = self.app.space().faults.remove(id);
        if is_there { Ok(()) } else { Err(AdminError::unknown("fault", id)) }
    }

    /// Removes all faults, also those that the namespace began with.
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
        let space = self.app.space();
        for report in space.faults.list() {
            space.faults.remove(report.fault.id.as_deref().unwrap_or_default());
        }
        space.store.forget();
    }
}
