//! `Admin`: everything that the admin API can do, as typed calls; the routes and the in-process fixture use it.

mod clock;
mod faults;
mod requests;
mod state;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::admin_error::AdminError;
use crate::app::App;
use crate::spaces::{Space, Spaces, check_name};
pub use clock::{ClockChange, ClockMode, ClockReport};
pub use state::SnapshotReport;

/// The control of one namespace of a server, and of the server through it.
#[derive(Debug, Clone)]
pub struct Admin {
    pub(super) app: App,
}

/// A part of a namespace that can be reset by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The records, back to the seed.
    State,
    /// The journal.
    Requests,
    /// The faults and the windows of rate limits.
    Faults,
    /// The clock.
    Clock,
}

/// A namespace, as it is listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct NamespaceReport {
    /// Its name.
    pub name: String,
    /// When it was made, on the machine's clock.
    pub created: DateTime<Utc>,
    /// When it was last used, on the machine's clock.
    pub last_used: DateTime<Utc>,
    /// How many requests to the vendors there were since its last reset.
    pub requests: u64,
    /// How many faults it has.
    pub faults: usize,
    /// How many groups all dialects have in it.
    pub groups: usize,
}

impl Admin {
    /// Returns the control of the default namespace of the server `app`.
    ///
    /// ```
    /// use access_groups_mock::{Admin, App, Config, Seed};
    ///
    /// let app = App::new(Config::default(), Seed::default())?;
    /// assert_eq!(Admin::new(app).name(), "default");
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    pub const fn new(app: App) -> Self {
        Self { app }
    }

    /// Returns the control of the namespace `name`, which is made where there is none yet.
    ///
    /// # Errors
    /// A name that is none.
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
        check_name(name).map_err(|reason| AdminError::wrong("name", reason))?;
        Ok(Self { app: self.app.in_namespace(name) })
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
        &self.app.space().name
    }

    /// Returns all namespaces: the default one, then the others by name.
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
    pub fn namespaces(&self) -> Vec<NamespaceReport> {
        self.app.spaces().list().iter().map(|space| report(space)).collect()
    }

    /// Returns the namespace `name` as it is listed.
    ///
    /// # Errors
    /// There is none.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.namespace_report("default")?.requests, 0);
    /// assert!(admin.namespace_report("a").is_err());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn namespace_report(&self, name: &str) -> Result<NamespaceReport, AdminError> {
        let space = self.app.spaces().get(name);
        space.map(|space| report(&space)).ok_or_else(|| AdminError::unknown("namespace", name))
    }

    /// Forgets the namespace `name`; the default one is reset instead.
    ///
    /// # Errors
    /// There is none.
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
        let is_there = self.app.spaces().remove(name);
        if is_there { Ok(()) } else { Err(AdminError::unknown("namespace", name)) }
    }

    /// Forgets all namespaces but the default one, which is reset.
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
        self.app.spaces().remove_all();
    }

    /// Sets everything back to how it began: records, journal, faults, clock, and no snapshots.
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
        self.app.spaces().reset(self.app.space());
    }

    /// Sets some parts back to how they began, and leaves the others.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer, Part};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// admin.add_fault(Fault::status(503))?;
    /// admin.reset_parts(&[Part::Faults]);
    /// assert!(admin.faults().is_empty());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn reset_parts(&self, parts: &[Part]) {
        let (spaces, space) = (self.app.spaces(), self.app.space());
        // The clock goes first: a fault that is set again counts its time from it.
        for part in [Part::Clock, Part::State, Part::Faults, Part::Requests] {
            match part {
                Part::Clock if parts.contains(&part) => spaces.reset_clock(space),
                Part::State if parts.contains(&part) => spaces.reset_state(space),
                Part::Faults if parts.contains(&part) => spaces.reset_faults(space),
                Part::Requests if parts.contains(&part) => Spaces::reset_requests(space),
                Part::Clock | Part::State | Part::Faults | Part::Requests => {}
            }
        }
    }
}

fn report(space: &Space) -> NamespaceReport {
    NamespaceReport {
        name: space.name.clone(),
        created: space.created,
        last_used: space.last_used(),
        requests: space.request_count(),
        faults: space.faults.list().len(),
        groups: space.store.read(crate::world::World::group_count),
    }
}
