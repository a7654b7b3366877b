//! The one source of time.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use chrono::{DateTime, TimeDelta, Utc};

/// How time passes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Clock {
    /// As on the machine, this much later; zero is the machine's own time.
    #[default]
    System,
    /// As on the machine, this much later, or earlier where it is negative.
    Shifted(TimeDelta),
    /// Not at all.
    Frozen(DateTime<Utc>),
    /// From this time on, by this step with every request.
    Stepping(DateTime<Utc>, TimeDelta),
}

/// A clock that runs, and that can be set while it does; all its times are whole milliseconds.
#[derive(Debug)]
pub struct RunningClock {
    /// What is added to the machine's time, in milliseconds; the time itself while it does not follow the machine.
    value: AtomicI64,
    /// The step of a request in milliseconds; negative while the clock follows the machine.
    step: AtomicI64,
}

/// The step of a clock that follows the machine.
const FOLLOWS: i64 = -1;

impl RunningClock {
    /// Returns a clock that starts as `clock` says.
    pub fn new(clock: Clock) -> Self {
        let running = Self { value: AtomicI64::new(0), step: AtomicI64::new(FOLLOWS) };
        running.set(clock);
        running
    }

    /// Returns the present time.
    pub fn now(&self) -> DateTime<Utc> {
        let value = self.value.load(Ordering::Relaxed);
        if self.step.load(Ordering::Relaxed) == FOLLOWS {
            return time(machine_milliseconds().saturating_add(value));
        }
        time(value)
    }

    /// Lets a request begin: a stepping clock goes on by its step.
    pub fn tick(&self) {
        let step = self.step.load(Ordering::Relaxed);
        if step > 0 {
            self.value.fetch_add(step, Ordering::Relaxed);
        }
    }

    /// Lets time pass as `clock` says from now on.
    pub fn set(&self, clock: Clock) {
        let (value, step) = match clock {
            Clock::System => (0, FOLLOWS),
            Clock::Shifted(by) => (by.num_milliseconds(), FOLLOWS),
            Clock::Frozen(at) => (at.timestamp_millis(), 0),
            Clock::Stepping(at, step) => (at.timestamp_millis(), step.num_milliseconds().max(0)),
        };
        self.value.store(value, Ordering::Relaxed);
        self.step.store(step, Ordering::Relaxed);
    }

    /// Returns how time passes, with the present time in it.
    pub fn get(&self) -> Clock {
        let value = self.value.load(Ordering::Relaxed);
        match self.step.load(Ordering::Relaxed) {
            FOLLOWS if value == 0 => Clock::System,
            FOLLOWS => Clock::Shifted(TimeDelta::milliseconds(value)),
            0 => Clock::Frozen(time(value)),
            step => Clock::Stepping(time(value), TimeDelta::milliseconds(step)),
        }
    }
}

impl Clock {
    /// Returns the clock that shows `now` and goes on like this one.
    #[must_use]
    pub fn set_to(self, now: DateTime<Utc>) -> Self {
        match self {
            Self::System | Self::Shifted(_) => Self::Shifted(now - machine_time()),
            Self::Frozen(_) => Self::Frozen(now),
            Self::Stepping(_, step) => Self::Stepping(now, step),
        }
    }
}

fn time(milliseconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(milliseconds).unwrap_or_default()
}

/// Returns the machine's time in whole milliseconds.
pub fn machine_time() -> DateTime<Utc> {
    time(machine_milliseconds())
}

/// The machine's time in milliseconds since 1970.
#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the machine's clock")]
fn machine_milliseconds() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or_default()
}

/// Measures how long something takes on the machine, whatever the mock's clock does.
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
