//! `Store`: the state of one namespace behind one lock, with its clock, identifiers, revisions and history.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use parking_lot::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use super::{ClockSetting, IdGenerator, MockClock, SharedState, Tx, WriteEnd, system_now};

/// A state `S` behind one lock.
///
/// Reads see only complete writes. The closures are short and synchronous: they do no I/O, and the lock is never held
/// across an await. Cloning an `S` should be cheap, as it is if its parts are [`CowArc`](super::CowArc).
#[derive(Debug)]
pub struct Store<S> {
    clock: MockClock,
    versions: RwLock<Versions<S>>,
    /// The number of writes and restores, by which a saved state is compared.
    version: AtomicU64,
    /// The duration for which past states are retained for stale reads, in milliseconds.
    history_ms: AtomicI64,
    /// The part of `history_ms` that does not end by itself.
    pinned_history_ms: AtomicI64,
    /// The system time of the last stale read, in milliseconds since 1970.
    last_stale_read_ms: AtomicI64,
    /// Whether each write panics at its end, in tests.
    #[cfg(test)]
    panics: std::sync::atomic::AtomicBool,
}

#[derive(Debug)]
struct Versions<S> {
    current: Snapshot<S>,
    /// The states before the latest writes, the oldest first.
    history: VecDeque<PastState<S>>,
    /// The bytes of all past states.
    history_bytes: usize,
}

#[derive(Debug)]
struct PastState<S> {
    /// The time of the write after which this was no longer the current state.
    written_at: DateTime<Utc>,
    state: S,
    /// The bytes that the next past state does not share; 0 for the latest one.
    bytes: usize,
}

/// Everything except the clock that determines the responses of a namespace.
#[derive(Debug, Clone)]
pub struct Snapshot<S> {
    /// The records.
    pub state: S,
    /// The generator of further identifiers.
    pub ids: IdGenerator,
    /// The last revision that was assigned.
    pub revision: u64,
}

/// The number of attempts to acquire a lock before the thread blocks: some tens of microseconds.
const MAX_SPINS: u32 = 2000;

/// The maximum number of past states of a store.
pub const MAX_HISTORY: usize = 1_000;

/// The maximum size of the past states of a store, without what they share with later ones, in bytes.
pub const MAX_HISTORY_BYTES: usize = 64 * 1024 * 1024;

/// The real time in milliseconds after the last stale read at which a history that no fault needs is dropped.
const MAX_UNUSED_MS: i64 = 5 * 60 * 1_000;

impl<S: SharedState> Store<S> {
    /// Returns a store with an initial state and an identifier generator.
    pub fn new(state: S, clock: ClockSetting, ids: IdGenerator) -> Self {
        Self::from_snapshot(Snapshot { state, ids, revision: 0 }, clock)
    }

    /// Returns a store that is initialized from a snapshot.
    pub fn from_snapshot(snapshot: Snapshot<S>, clock: ClockSetting) -> Self {
        Self {
            clock: MockClock::new(clock),
            versions: RwLock::new(Versions::new(snapshot)),
            version: AtomicU64::new(0),
            history_ms: AtomicI64::new(0),
            pinned_history_ms: AtomicI64::new(0),
            last_stale_read_ms: AtomicI64::new(0),
            #[cfg(test)]
            panics: std::sync::atomic::AtomicBool::new(false),
        }
    }

    /// Returns the clock.
    pub const fn clock(&self) -> &MockClock {
        &self.clock
    }

    /// Returns the current time of the virtual clock, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Returns the current time of the virtual clock in milliseconds since the Unix epoch.
    pub fn milliseconds(&self) -> i64 {
        self.clock.milliseconds()
    }

    /// Reads the state.
    pub fn read<T>(&self, read: impl FnOnce(&S) -> T) -> T {
        read(&self.lock_for_reading().current.state)
    }

    /// Reads the state as it was `staleness` ago on the virtual clock, or the oldest one that
    /// [`Store::retain_history`] retained.
    pub fn read_stale<T>(&self, staleness: TimeDelta, read: impl FnOnce(&S) -> T) -> T {
        let versions = self.lock_for_reading();
        read(versions.at(self.now() - staleness))
    }

    /// Retains history as long as `duration`, so that reads can be stale by as much, until this is called again; `None`
    /// drops the history.
    pub fn pin_history(&self, duration: Option<TimeDelta>) {
        let duration_ms = duration.map_or(0, |duration| duration.num_milliseconds());
        let previous_ms = self.pinned_history_ms.swap(duration_ms, Ordering::Relaxed);
        let current_ms = self.history_ms.load(Ordering::Relaxed);
        if current_ms > previous_ms {
            // Stale reads that ask for history themselves keep it.
            self.history_ms.fetch_max(duration_ms, Ordering::Relaxed);
        } else if duration_ms > 0 {
            self.history_ms.store(duration_ms, Ordering::Relaxed);
        } else if current_ms > 0 {
            self.drop_history();
        }
    }

    /// Retains history from now on, so that reads can be stale by up to `duration`, until there was no stale read for
    /// five minutes.
    pub fn retain_history(&self, duration: TimeDelta) {
        self.last_stale_read_ms.store(system_now().timestamp_millis(), Ordering::Relaxed);
        self.history_ms.fetch_max(duration.num_milliseconds(), Ordering::Relaxed);
    }

    /// Drops the history and stops retaining it.
    pub fn drop_history(&self) {
        self.history_ms.store(0, Ordering::Relaxed);
        self.pinned_history_ms.store(0, Ordering::Relaxed);
        let mut versions = self.lock_for_writing();
        versions.history_bytes = 0;
        let history = std::mem::take(&mut versions.history);
        drop(versions);
        // Freed after the lock is released, because freeing many records takes long.
        drop(history);
    }

    /// Returns the duration in milliseconds for which past states are retained, after a check whether they still are.
    fn current_history_ms(&self) -> i64 {
        let history_ms = self.history_ms.load(Ordering::Relaxed);
        let pinned_ms = self.pinned_history_ms.load(Ordering::Relaxed);
        if history_ms <= pinned_ms {
            return history_ms;
        }
        let unused_ms = system_now().timestamp_millis() - self.last_stale_read_ms.load(Ordering::Relaxed);
        if unused_ms <= MAX_UNUSED_MS {
            return history_ms;
        }
        self.history_ms.store(pinned_ms, Ordering::Relaxed);
        pinned_ms
    }

    /// Writes to the state atomically.
    ///
    /// `write` must validate before it makes changes, so that a failed write leaves the state unchanged. If it panics,
    /// its changes are undone, and the identifiers and revisions that it has drawn are drawn again.
    pub fn write<T>(&self, write: impl FnOnce(&mut S, &mut Tx<'_>) -> T) -> T {
        let (mut write, mut output) = (Some(write), None);
        self.write_erased(&mut |state, tx| output = write.take().map(|write| write(state, tx)));
        output.expect("the closure is called once")
    }

    /// Does the same as [`Store::write`]; the compiler generates this only once.
    fn write_erased(&self, write: &mut dyn FnMut(&mut S, &mut Tx<'_>)) {
        let mut versions = self.lock_for_writing();
        let now = self.clock.now();
        if self.history_ms.load(Ordering::Relaxed) > 0 {
            versions.push_history(now, TimeDelta::milliseconds(self.current_history_ms()));
        }
        let Snapshot { state, ids, revision } = &mut versions.current;
        let before = (ids.clone(), *revision);
        let mut tx = Tx { now, ids, revision };
        let output = catch_unwind(AssertUnwindSafe(|| {
            write(state, &mut tx);
            #[cfg(test)]
            if self.panics.load(Ordering::Relaxed) {
                // Unlike `panic!`, this prints nothing.
                resume_unwind(Box::new("expected by the test"));
            }
        }));
        self.version.fetch_add(1, Ordering::Release);
        match output {
            Ok(()) => state.end_write(WriteEnd::Complete),
            Err(panic) => {
                (*ids, *revision) = before;
                state.end_write(WriteEnd::Panicked);
                resume_unwind(panic);
            }
        }
    }

    /// Makes each write panic at its end, or no longer.
    #[cfg(test)]
    pub fn panic_after_writes(&self, panics: bool) {
        self.panics.store(panics, Ordering::Relaxed);
    }

    /// Returns a snapshot of the current state, at the cost of cloning it.
    pub fn snapshot(&self) -> Snapshot<S> {
        self.lock_for_reading().current.clone()
    }

    /// Replaces the current state with `snapshot` atomically and drops the history.
    pub fn restore(&self, snapshot: Snapshot<S>) {
        // The old state is freed after the lock is released, because freeing many records takes long.
        drop(self.replace(snapshot));
    }

    /// Does the same as [`Store::restore`], and returns the old state.
    pub fn replace(&self, snapshot: Snapshot<S>) -> Snapshot<S> {
        let next = Versions::new(snapshot);
        let mut versions = self.lock_for_writing();
        let old = std::mem::replace(&mut *versions, next);
        self.version.fetch_add(1, Ordering::Release);
        drop(versions);
        old.current
    }

    /// Returns the number of past states and their bytes.
    pub fn history_usage(&self) -> (usize, usize) {
        let versions = self.lock_for_reading();
        (versions.history.len(), versions.history_bytes)
    }

    /// Returns a number that increases with every write and restore, before the next one can start.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }

    fn lock_for_reading(&self) -> RwLockReadGuard<'_, Versions<S>> {
        spin(|| self.versions.try_read()).unwrap_or_else(|| self.versions.read())
    }

    fn lock_for_writing(&self) -> RwLockWriteGuard<'_, Versions<S>> {
        spin(|| self.versions.try_write()).unwrap_or_else(|| self.versions.write())
    }
}

/// Tries to acquire a lock for as long as nearly all reads and writes take, which is shorter than blocking and waking
/// the thread and longer than `parking_lot` spins; returns `None` if another thread still has it.
fn spin<G>(mut try_lock: impl FnMut() -> Option<G>) -> Option<G> {
    for _ in 0..MAX_SPINS {
        if let Some(guard) = try_lock() {
            return Some(guard);
        }
        std::hint::spin_loop();
    }
    None
}

impl<S: SharedState> Versions<S> {
    const fn new(current: Snapshot<S>) -> Self {
        Self { current, history: VecDeque::new(), history_bytes: 0 }
    }

    /// Returns the state at `time`, or the oldest one that is retained.
    fn at(&self, time: DateTime<Utc>) -> &S {
        let next_write = self.history.iter().find(|past| past.written_at > time);
        next_write.map_or(&self.current.state, |past| &past.state)
    }

    /// Appends the current state to the history before a write at the time `now`, and drops the states that are older
    /// than `max_age`, and the oldest ones beyond the bounds.
    ///
    /// Of several writes within a thousandth of `max_age` only the state before the first one is kept.
    fn push_history(&mut self, now: DateTime<Utc>, max_age: TimeDelta) {
        let oldest = now - max_age;
        while self.history.front().is_some_and(|past| past.written_at <= oldest)
            || self.history.len() >= MAX_HISTORY
        {
            self.pop_oldest();
        }
        let interval = max_age / i32::try_from(MAX_HISTORY).unwrap_or(i32::MAX);
        let is_new = |past: &PastState<S>| !(past.written_at..=past.written_at + interval).contains(&now);
        if max_age <= TimeDelta::zero() || !self.history.back().is_none_or(is_new) {
            return;
        }
        let state = self.current.state.clone();
        if let Some(previous) = self.history.back_mut() {
            previous.bytes = previous.state.unshared_bytes(&state);
            self.history_bytes += previous.bytes;
        }
        self.history.push_back(PastState { written_at: now, state, bytes: 0 });
        while self.history_bytes > MAX_HISTORY_BYTES {
            self.pop_oldest();
        }
    }

    fn pop_oldest(&mut self) {
        if let Some(past) = self.history.pop_front() {
            self.history_bytes -= past.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl SharedState for Vec<u8> {
        fn unshared_bytes(&self, newer: &Self) -> usize {
            if self == newer { 0 } else { self.len() }
        }

        fn end_write(&mut self, _: WriteEnd) {}
    }

    fn seconds(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("the time is in range")
    }

    fn store_at_zero() -> Store<Vec<u8>> {
        Store::new(Vec::new(), ClockSetting::Frozen(seconds(0)), IdGenerator::from_seed(1))
    }

    #[test]
    fn stale_read_sees_the_past_state() {
        let store = store_at_zero();
        store.retain_history(TimeDelta::seconds(10));
        for second in 1_u8..=20 {
            store.clock().set(ClockSetting::Frozen(seconds(second.into())));
            store.write(|state, _| state.push(second));
        }

        let last = |staleness| store.read_stale(TimeDelta::seconds(staleness), |state| state.last().copied());

        assert_eq!((last(0), last(3), last(10)), (Some(20), Some(17), Some(10)));
        assert_eq!(last(15), Some(10), "older states are dropped");
        store.clock().set(ClockSetting::Frozen(seconds(23)));
        assert_eq!((last(3), last(5)), (Some(20), Some(18)));
        store.drop_history();
        assert_eq!(last(5), Some(20));
    }

    #[test]
    fn history_has_a_bounded_number_of_states_and_ends_without_stale_reads() {
        let at = |ms| DateTime::from_timestamp_millis(ms).expect("the time is in range");
        let store = store_at_zero();
        store.retain_history(TimeDelta::seconds(10));
        for ms in 0..20_000 {
            store.clock().set(ClockSetting::Frozen(at(ms)));
            store.write(|state, _| *state = ms.to_be_bytes().to_vec());
        }

        let stale = |ms| {
            store.read_stale(TimeDelta::milliseconds(ms), |state| {
                i64::from_be_bytes(state[..].try_into().unwrap())
            })
        };
        for ms in [0, 500, 5_000, 9_900] {
            assert!((stale(ms) - (19_999 - ms)).abs() <= 20, "{ms}: {}", stale(ms));
        }
        assert!(store.lock_for_reading().history.len() <= MAX_HISTORY);

        store.last_stale_read_ms.fetch_sub(MAX_UNUSED_MS + 1, Ordering::Relaxed);
        store.write(|_, _| ());
        assert_eq!(store.lock_for_reading().history.len(), 0);
        store.pin_history(Some(TimeDelta::seconds(1)));
        store.write(|_, _| ());
        assert_eq!(store.lock_for_reading().history.len(), 1);
        store.pin_history(None);
        assert_eq!(store.lock_for_reading().history.len(), 0);
    }

    #[test]
    fn history_has_a_bounded_size() {
        const STATE_BYTES: usize = 1024 * 1024;
        let store = store_at_zero();
        store.retain_history(TimeDelta::seconds(1_000));

        for second in 1_u8..=200 {
            store.clock().set(ClockSetting::Frozen(seconds(second.into())));
            store.write(|state, _| *state = vec![second; STATE_BYTES]);
        }

        let length = store.lock_for_reading().history.len();
        assert!((60..=66).contains(&length), "{length} past states of 1 MiB");
        assert_eq!(store.read_stale(TimeDelta::seconds(50), |state| state[0]), 150);
        store.drop_history();
        assert_eq!(store.lock_for_reading().history_bytes, 0);
    }

    #[test]
    fn snapshot_is_not_affected_by_later_writes_and_restores_identifiers_and_revisions() {
        let store = store_at_zero();
        let draw = || {
            store.write(|state, tx| {
                state.push(1);
                (tx.ids.uuid(), tx.next_revision(), state.len())
            })
        };
        draw();
        let snapshot = store.snapshot();
        let first = draw();

        store.restore(snapshot);

        assert_eq!(draw(), first);
        assert_eq!(first.2, 2);
    }

    #[test]
    fn panicking_write_draws_no_identifier_and_no_revision() {
        let store = store_at_zero();
        let before = store.snapshot();

        let result = catch_unwind(AssertUnwindSafe(|| {
            store.write(|_, tx| {
                tx.ids.uuid();
                tx.next_revision();
                panic!("expected by the test");
            })
        }));

        let after = store.snapshot();
        assert!(result.is_err());
        assert_eq!((after.ids.state(), after.revision), (before.ids.state(), before.revision));
    }

    #[test]
    fn taken_or_reserved_identifier_is_drawn_again() {
        let mut ids = IdGenerator::from_seed(1);
        let drawn: Vec<String> = (0..3).map(|_| ids.hex()).collect();
        let (taken, reserved) = (&drawn[0], drawn[1].clone());
        let mut ids = IdGenerator::from_seed(1).with_reserved([reserved].into());

        let id = ids.draw_unused(IdGenerator::hex, |id| id == taken);

        assert_eq!(id, drawn[2]);
    }

    #[test]
    fn stepping_clock_advances_with_each_request_and_shifted_clock_with_the_system_clock() {
        let clock = MockClock::new(ClockSetting::Stepping(seconds(100), TimeDelta::seconds(2)));

        assert_eq!(clock.now(), seconds(100));
        clock.tick();
        assert_eq!(clock.now(), seconds(102));
        clock.set(clock.get().with_now(seconds(7)));
        clock.tick();
        assert_eq!(clock.get(), ClockSetting::Stepping(seconds(9), TimeDelta::seconds(2)));
        clock.set(ClockSetting::System.with_now(seconds(0)));
        clock.tick();
        assert!(clock.now() - seconds(0) < TimeDelta::seconds(5));
        clock.set(ClockSetting::System);
        assert!(clock.now() > seconds(1_700_000_000));
    }
}
