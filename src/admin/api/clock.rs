//! The clock.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::control::span::Span;
use crate::store::Clock;

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
}
