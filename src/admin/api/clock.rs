//! The methods of `Admin` for the virtual clock.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::Admin;
use crate::admin::admin_error::AdminError;
use crate::control::human_duration::HumanDuration;
use crate::store::ClockSetting;

/// The way in which the virtual clock runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ClockMode {
    /// At the speed of the system clock, with the offset that was set.
    System,
    /// Not at all: the time is constant.
    Frozen,
    /// By one step for each request.
    Stepping,
}

/// A change of the virtual clock of a namespace; absent fields leave their setting unchanged.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockChange {
    /// The new mode.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<ClockMode>,
    /// The new time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub now: Option<DateTime<Utc>>,
    /// The duration by which the clock is advanced, after `now` is applied.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advance: Option<HumanDuration>,
    /// The step of a stepping clock; 1 s by default when the mode changes to stepping.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<HumanDuration>,
}

/// The state of the virtual clock of a namespace.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockStatus {
    /// The mode.
    pub mode: ClockMode,
    /// The current time.
    pub now: DateTime<Utc>,
    /// The duration by which each request advances the clock; `None` unless the mode is stepping.
    pub step: Option<HumanDuration>,
}

impl Admin {
    /// Returns the state of the virtual clock.
    ///
    /// ```
    /// use access_groups_mock::{ClockMode, MockServer};
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// assert_eq!(admin.clock().mode, ClockMode::Stepping);
    /// ```
    pub fn clock(&self) -> ClockStatus {
        let clock = self.app.namespace().store.clock();
        let (mode, step) = match clock.get() {
            ClockSetting::System | ClockSetting::Shifted(_) => (ClockMode::System, None),
            ClockSetting::Frozen(_) => (ClockMode::Frozen, None),
            ClockSetting::Stepping(_, step) => {
                (ClockMode::Stepping, Some(HumanDuration::from_millis(step.num_milliseconds())))
            }
        };
        ClockStatus { mode, now: clock.now(), step }
    }

    /// Changes the virtual clock, and returns its new state.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if a step is given for another mode than stepping, or if the new time is not in the
    /// years 0 to 9999.
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
    pub fn set_clock(&self, change: ClockChange) -> Result<ClockStatus, AdminError> {
        let current = self.clock();
        let mode =
            change.mode.unwrap_or(if change.step.is_some() { ClockMode::Stepping } else { current.mode });
        if change.step.is_some() && mode != ClockMode::Stepping {
            return Err(AdminError::invalid("step", "is allowed only in the mode `stepping`"));
        }
        let advance = change.advance.map_or(TimeDelta::zero(), HumanDuration::time_delta);
        let now = change.now.unwrap_or(current.now).checked_add_signed(advance);
        let now = now.filter(|now| (0..=9999).contains(&chrono::Datelike::year(now)));
        let now = now.ok_or_else(|| AdminError::invalid("", "must result in a year from 0 to 9999"))?;
        let is_moved = change.now.is_some() || change.advance.is_some();
        let clock = match mode {
            // The mode `system` without a time removes the offset from the system clock.
            ClockMode::System if change.mode.is_some() && !is_moved => ClockSetting::System,
            ClockMode::System => ClockSetting::System.with_now(now),
            ClockMode::Frozen => ClockSetting::Frozen(now),
            ClockMode::Stepping => {
                let step = change.step.or(current.step).unwrap_or(HumanDuration::from_millis(1_000));
                ClockSetting::Stepping(now, step.time_delta())
            }
        };
        self.app.namespace().store.clock().set(clock);
        Ok(self.clock())
    }

    /// Stops the virtual clock at its current time.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::start();
    /// let admin = mock.admin();
    /// let frozen = admin.freeze();
    /// assert_eq!(admin.clock(), frozen);
    /// ```
    pub fn freeze(&self) -> ClockStatus {
        let now = self.app.now();
        self.app.namespace().store.clock().set(ClockSetting::Frozen(now));
        self.clock()
    }

    /// Advances the virtual clock by a duration, in every mode.
    ///
    /// # Errors
    /// [`AdminError::Invalid`] if the new time is beyond the year 9999.
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
    pub fn advance(&self, duration: std::time::Duration) -> Result<ClockStatus, AdminError> {
        self.set_clock(ClockChange { advance: Some(duration.into()), ..ClockChange::default() })
    }
}
