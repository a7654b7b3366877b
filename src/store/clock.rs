//! The virtual clock of a namespace, the system clock and a stopwatch.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

/// The setting of a virtual clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClockSetting {
    /// Shows the system time.
    #[default]
    System,
    /// Shows the system time plus this offset, which may be negative.
    Shifted(TimeDelta),
    /// Always shows this time.
    Frozen(DateTime<Utc>),
    /// Starts at this time and advances by this step with every request.
    Stepping(DateTime<Utc>, TimeDelta),
}

/// A virtual clock whose setting can be changed while it runs; all its times are whole milliseconds.
#[derive(Debug)]
pub struct MockClock {
    /// The offset from the system time in milliseconds if the clock follows the system clock, else its current time.
    value: AtomicI64,
    /// The step per request in milliseconds; [`FOLLOWS_SYSTEM`] if the clock follows the system clock.
    step: AtomicI64,
}

/// The step that marks a clock that follows the system clock.
const FOLLOWS_SYSTEM: i64 = -1;

impl MockClock {
    /// Returns a clock with the given setting.
    pub fn new(setting: ClockSetting) -> Self {
        let clock = Self { value: AtomicI64::new(0), step: AtomicI64::new(FOLLOWS_SYSTEM) };
        clock.set(setting);
        clock
    }

    /// Returns the current time.
    pub fn now(&self) -> DateTime<Utc> {
        time(self.milliseconds())
    }

    /// Returns the current time in milliseconds since the Unix epoch, which takes less time than a calendar date.
    pub fn milliseconds(&self) -> i64 {
        let value = self.value.load(Ordering::Relaxed);
        let is_system = self.step.load(Ordering::Relaxed) == FOLLOWS_SYSTEM;
        let milliseconds = if is_system { system_milliseconds().saturating_add(value) } else { value };
        milliseconds.clamp(MIN_MILLISECONDS, MAX_MILLISECONDS)
    }

    /// Advances a stepping clock by its step; called at the start of each request.
    pub fn tick(&self) {
        let step = self.step.load(Ordering::Relaxed);
        if step > 0 {
            let value = self.value.fetch_add(step, Ordering::Relaxed);
            if value > MAX_MILLISECONDS {
                self.value.store(MAX_MILLISECONDS, Ordering::Relaxed);
            }
        }
    }

    /// Changes the setting. A time outside of the years 0 to 9999 becomes the closest one in them.
    pub fn set(&self, setting: ClockSetting) {
        let (value, step) = match setting {
            ClockSetting::System => (0, FOLLOWS_SYSTEM),
            ClockSetting::Shifted(offset) => (offset.num_milliseconds(), FOLLOWS_SYSTEM),
            ClockSetting::Frozen(time) => (time.timestamp_millis(), 0),
            ClockSetting::Stepping(time, step) => {
                (time.timestamp_millis(), step.num_milliseconds().clamp(0, MAX_MILLISECONDS))
            }
        };
        self.value.store(value, Ordering::Relaxed);
        self.step.store(step, Ordering::Relaxed);
    }

    /// Returns the setting, with the current time as the time of a frozen or stepping clock.
    pub fn get(&self) -> ClockSetting {
        let value = self.value.load(Ordering::Relaxed);
        match self.step.load(Ordering::Relaxed) {
            FOLLOWS_SYSTEM if value == 0 => ClockSetting::System,
            FOLLOWS_SYSTEM => ClockSetting::Shifted(TimeDelta::milliseconds(value)),
            0 => ClockSetting::Frozen(time(value)),
            step => ClockSetting::Stepping(time(value), TimeDelta::milliseconds(step)),
        }
    }
}

impl ClockSetting {
    /// Returns the same setting with the current time `now`; [`ClockSetting::System`] becomes
    /// [`ClockSetting::Shifted`].
    #[must_use]
    pub fn with_now(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::System | Self::Shifted(_) => Self::Shifted(now - system_now()),
            Self::Frozen(_) => Self::Frozen(now),
            Self::Stepping(_, step) => Self::Stepping(now, step),
        }
    }
}

/// The first and the last millisecond of the years 0 to 9999, since the Unix epoch: all times that RFC 3339 has.
const MIN_MILLISECONDS: i64 = -62_167_219_200_000;
const MAX_MILLISECONDS: i64 = 253_402_300_799_999;

/// Returns the closest time in the years 0 to 9999. Every duration can be added to it.
fn time(milliseconds: i64) -> DateTime<Utc> {
    let milliseconds = milliseconds.clamp(MIN_MILLISECONDS, MAX_MILLISECONDS);
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// Returns the system time in whole milliseconds.
pub fn system_now() -> DateTime<Utc> {
    time(system_milliseconds())
}

/// Returns the system time in milliseconds since the Unix epoch.
#[expect(clippy::disallowed_methods, reason = "the only function that reads the system clock")]
pub fn system_milliseconds() -> i64 {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    // `as_millis` divides a number of 128 bits, for each request.
    let seconds = i64::try_from(since_epoch.as_secs()).unwrap_or_default();
    seconds.saturating_mul(1000).saturating_add(since_epoch.subsec_millis().into())
}

/// A measurement of elapsed real time, independent of the virtual clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Returns the time since the start.
    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}
