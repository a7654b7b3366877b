//! `Admin`: everything that the admin API can do, as typed calls; the routes and the in-process fixture use it.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use tokio::sync::broadcast;

use super::admin_error::AdminError;
use super::exchange::Exchange;
use super::search::{Found, Search, Times, mismatch};
use crate::app::App;
use crate::control::fault::Fault;
use crate::control::faults::FaultReport;
use crate::control::journal::Entry;
use crate::control::span::Span;
use crate::failure::Violation;
use crate::seed::Seed;
use crate::spaces::{SavedSnapshot, Space, Spaces, check_name};
use crate::store::Clock;

/// The most snapshots that a namespace holds.
const MOST_SNAPSHOTS: usize = 100;

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

/// How the clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockMode {
    /// With the machine's clock, at the distance at which it was set.
    System,
    /// Not at all.
    Frozen,
    /// By one step with each request.
    Stepping,
}

/// The clock of a namespace, and what it is to become: what is absent stays as it is.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// How it runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ClockMode>,
    /// The time that it shows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<DateTime<Utc>>,
    /// How far it is advanced, after `now` is set.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advance: Option<Span>,
    /// By how much a request lets a stepping clock go on; 1 s where it begins to step.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<Span>,
}

/// The clock of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockReport {
    /// How it runs.
    pub mode: ClockMode,
    /// The time that it shows.
    pub now: DateTime<Utc>,
    /// By how much a request lets it go on; none unless it is stepping.
    pub step: Option<Span>,
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

    /// Returns how the clock runs.
    ///
    /// ```
    /// use access_groups_mock::{ClockMode, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.clock().mode, ClockMode::Stepping);
    /// ```
    pub fn clock(&self) -> ClockReport {
        let clock = self.app.space().store.clock();
        let (mode, step) = match clock.get() {
            Clock::System | Clock::Shifted(_) => (ClockMode::System, None),
            Clock::Frozen(_) => (ClockMode::Frozen, None),
            Clock::Stepping(_, step) => {
                (ClockMode::Stepping, Some(Span::milliseconds(step.num_milliseconds())))
            }
        };
        ClockReport { mode, now: clock.now(), step }
    }

    /// Changes the clock, and returns how it runs then.
    ///
    /// # Errors
    /// A step for a clock that does not step, and a time beyond what timestamps can tell.
    ///
    /// ```
    /// use access_groups_mock::{ClockChange, ClockMode, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let now = "2030-01-01T00:00:00Z".parse().ok();
    /// let change = ClockChange { mode: Some(ClockMode::Frozen), now, ..ClockChange::default() };
    /// assert_eq!(Some(admin.set_clock(change)?.now), now);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn set_clock(&self, change: ClockChange) -> Result<ClockReport, AdminError> {
        let present = self.clock();
        let mode =
            change.mode.unwrap_or(if change.step.is_some() { ClockMode::Stepping } else { present.mode });
        if change.step.is_some() && mode != ClockMode::Stepping {
            return Err(AdminError::wrong("step", "is only for the mode `stepping`"));
        }
        let advance = change.advance.map_or(TimeDelta::zero(), Span::delta);
        let now = change.now.unwrap_or(present.now).checked_add_signed(advance);
        let now = now.filter(|now| (0..=9999).contains(&chrono::Datelike::year(now)));
        let now = now.ok_or_else(|| AdminError::wrong("", "leads beyond the year 9999"))?;
        let is_moved = change.now.is_some() || change.advance.is_some();
        let clock = match mode {
            // Back to `system` alone means the machine's own time.
            ClockMode::System if change.mode.is_some() && !is_moved => Clock::System,
            ClockMode::System => Clock::System.set_to(now),
            ClockMode::Frozen => Clock::Frozen(now),
            ClockMode::Stepping => {
                let step = change.step.or(present.step).unwrap_or(Span::milliseconds(1_000));
                Clock::Stepping(now, step.delta())
            }
        };
        self.app.space().store.clock().set(clock);
        Ok(self.clock())
    }

    /// Lets the clock stand still at its present time.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let frozen = admin.freeze();
    /// assert_eq!(admin.clock(), frozen);
    /// ```
    pub fn freeze(&self) -> ClockReport {
        let now = self.app.now();
        self.app.space().store.clock().set(Clock::Frozen(now));
        self.clock()
    }

    /// Advances the clock, in whichever way it runs.
    ///
    /// # Errors
    /// A time beyond what timestamps can tell.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let before = admin.clock().now;
    /// let after = admin.advance(std::time::Duration::from_secs(60))?.now;
    /// assert_eq!((after - before).num_seconds(), 60);
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub fn advance(&self, by: std::time::Duration) -> Result<ClockReport, AdminError> {
        self.set_clock(ClockChange { advance: Some(by.into()), ..ClockChange::default() })
    }

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
            super::meant::check(&fault.pattern)
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
    pub(super) fn follow(&self) -> broadcast::Receiver<std::sync::Arc<Entry>> {
        self.app.space().journal.follow()
    }

    /// The entries that `search` wants: of them the latest where it wants so many at most.
    pub(super) fn found(&self, search: &Search) -> Vec<Found> {
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
    pub(super) fn entry(&self, id: &str) -> Result<Found, AdminError> {
        let unknown = || AdminError::unknown("request", id);
        let uuid = id.parse().map_err(|_| unknown())?;
        let spaces = std::iter::once(self.app.space().clone()).chain(self.app.spaces().list());
        let mut found = spaces.filter_map(|space| Some((space.name.clone(), space.journal.get(uuid)?)));
        found.next().ok_or_else(unknown)
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

fn snapshot_report(name: &str, saved: &SavedSnapshot) -> SnapshotReport {
    SnapshotReport { name: name.to_owned(), taken: saved.taken, groups: saved.state.world.group_count() }
}
