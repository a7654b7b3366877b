//! One private mock: a world of records behind one lock, with its clock, identifiers and revisions.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, TryLockError, TryLockResult};

use chrono::{DateTime, TimeDelta, Utc};

use super::{Clock, Ids, RunningClock, Tx};

/// A world of records `W` behind one lock.
///
/// Every read sees whole writes and nothing in between. The closures are short and synchronous: they do no
/// input or output, and the lock is never held across an await. A clone of a `W` should be cheap, as it is where
/// its parts are [`Shared`](super::Shared).
#[derive(Debug)]
pub struct Namespace<W> {
    clock: RunningClock,
    state: RwLock<State<W>>,
    /// How often the state was changed or set; what a saved state is compared by.
    version: AtomicU64,
    /// How long worlds of the past are kept for lagging reads, in milliseconds.
    memory: AtomicI64,
}

#[derive(Debug)]
struct State<W> {
    present: Snapshot<W>,
    /// The worlds before each write of late, with the times of these writes, the oldest first.
    past: VecDeque<(DateTime<Utc>, W)>,
}

/// Everything that a namespace's answers follow from besides its clock.
#[derive(Debug, Clone)]
pub struct Snapshot<W> {
    /// The records.
    pub world: W,
    /// The source of the next identifiers.
    pub ids: Ids,
    /// The last revision that was given.
    pub revision: u64,
}

/// How often a lock is tried before the thread is put to sleep: for some tens of microseconds.
const SPINS: u32 = 2000;

/// The most worlds of the past that are kept.
const MOST_PAST: usize = 10_000;

impl<W: Clone> Namespace<W> {
    /// Returns a namespace that starts with `world` and draws from `ids`.
    pub fn new(world: W, clock: Clock, ids: Ids) -> Self {
        Self::starting(Snapshot { world, ids, revision: 0 }, clock)
    }

    /// Returns a namespace that starts with `present`.
    pub fn starting(present: Snapshot<W>, clock: Clock) -> Self {
        Self {
            clock: RunningClock::new(clock),
            state: RwLock::new(State { present, past: VecDeque::new() }),
            version: AtomicU64::new(0),
            memory: AtomicI64::new(0),
        }
    }

    /// Returns the clock.
    pub const fn clock(&self) -> &RunningClock {
        &self.clock
    }

    /// Returns the present time of this namespace, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Reads the world.
    pub fn read<T>(&self, read: impl FnOnce(&W) -> T) -> T {
        read(&self.reading().present.world)
    }

    /// Reads the world as it was `lag` ago on the clock, as far back as [`Namespace::remember`] asked for.
    pub fn read_past<T>(&self, lag: TimeDelta, read: impl FnOnce(&W) -> T) -> T {
        let state = self.reading();
        let then = self.now() - lag;
        let after = state.past.iter().find(|(written, _)| *written > then);
        read(after.map_or(&state.present.world, |(_, world)| world))
    }

    /// Keeps worlds of the past from now on, so that reads can lag this far behind.
    pub fn remember(&self, lag: TimeDelta) {
        self.memory.fetch_max(lag.num_milliseconds(), Ordering::Relaxed);
    }

    /// Forgets the worlds of the past, and keeps none from now on.
    pub fn forget(&self) {
        self.memory.store(0, Ordering::Relaxed);
        let past = std::mem::take(&mut self.writing().past);
        drop(past);
    }

    /// Changes the world in one step.
    ///
    /// `write` checks first and changes afterwards, so that a refusal leaves everything as it was.
    pub fn write<T>(&self, write: impl FnOnce(&mut W, &mut Tx<'_>) -> T) -> T {
        let mut state = self.writing();
        let now = self.clock.now();
        let memory = self.memory.load(Ordering::Relaxed);
        if memory > 0 {
            state.keep(now, TimeDelta::milliseconds(memory));
        }
        let Snapshot { world, ids, revision } = &mut state.present;
        let mut tx = Tx { now, ids, revision };
        let written = write(world, &mut tx);
        self.version.fetch_add(1, Ordering::Relaxed);
        written
    }

    /// Returns the whole present state; it costs no more than a clone of the world.
    pub fn snapshot(&self) -> Snapshot<W> {
        self.reading().present.clone()
    }

    /// Puts `snapshot` in the place of everything, in one step.
    pub fn restore(&self, snapshot: Snapshot<W>) {
        let mut state = self.writing();
        let old = std::mem::replace(&mut *state, State { present: snapshot, past: VecDeque::new() });
        self.version.fetch_add(1, Ordering::Relaxed);
        drop(state);
        // Freeing many records takes time that no request should wait for.
        drop(old);
    }

    /// Returns a number that grows with every change.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Relaxed)
    }

    // A writer that panicked is a bug, answered with a 500; the others go on with what is there.
    fn reading(&self) -> RwLockReadGuard<'_, State<W>> {
        let spun = spun(|| self.state.try_read());
        spun.unwrap_or_else(|| self.state.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn writing(&self) -> RwLockWriteGuard<'_, State<W>> {
        let spun = spun(|| self.state.try_write());
        spun.unwrap_or_else(|| self.state.write().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Tries to lock for as long as nearly all reads and writes take; putting the thread to sleep and waking it takes longer.
fn spun<G>(mut lock: impl FnMut() -> TryLockResult<G>) -> Option<G> {
    for _ in 0..SPINS {
        match lock() {
            Ok(guard) => return Some(guard),
            Err(TryLockError::Poisoned(poisoned)) => return Some(poisoned.into_inner()),
            Err(TryLockError::WouldBlock) => std::hint::spin_loop(),
        }
    }
    None
}

impl<W: Clone> State<W> {
    /// Keeps the present world as it is before a write at the time `now`, and drops what is older than `memory`.
    fn keep(&mut self, now: DateTime<Utc>, memory: TimeDelta) {
        let oldest = now - memory;
        while self.past.front().is_some_and(|(written, _)| *written <= oldest) || self.past.len() >= MOST_PAST
        {
            self.past.pop_front();
        }
        self.past.push_back((now, self.present.world.clone()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("it is a time")
    }

    fn at_zero() -> Namespace<Vec<u8>> {
        Namespace::new(Vec::new(), Clock::Frozen(seconds(0)), Ids::seeded(1))
    }

    #[test]
    fn a_lagging_read_sees_the_world_as_it_was_that_long_ago() {
        let namespace = at_zero();
        namespace.remember(TimeDelta::seconds(10));
        for second in 1_u8..=20 {
            namespace.clock().set(Clock::Frozen(seconds(second.into())));
            namespace.write(|world, _| world.push(second));
        }

        let last = |lag| namespace.read_past(TimeDelta::seconds(lag), |world| world.last().copied());

        assert_eq!((last(0), last(3), last(10)), (Some(20), Some(17), Some(10)));
        assert_eq!(last(15), Some(10), "what is older is forgotten");
        namespace.clock().set(Clock::Frozen(seconds(23)));
        assert_eq!((last(3), last(5)), (Some(20), Some(18)));
        namespace.forget();
        assert_eq!(last(5), Some(20));
    }

    #[test]
    fn a_snapshot_is_not_changed_by_what_follows_and_restores_identifiers_and_revisions() {
        let namespace = at_zero();
        let draw = || {
            namespace.write(|world, tx| {
                world.push(1);
                (tx.ids.uuid(), tx.next_revision(), world.len())
            })
        };
        draw();
        let snapshot = namespace.snapshot();
        let first = draw();

        namespace.restore(snapshot);

        assert_eq!(draw(), first);
        assert_eq!(first.2, 2);
    }

    #[test]
    fn a_stepping_clock_goes_on_with_each_request_and_a_shifted_one_with_the_machine() {
        let clock = RunningClock::new(Clock::Stepping(seconds(100), TimeDelta::seconds(2)));

        assert_eq!(clock.now(), seconds(100));
        clock.tick();
        assert_eq!(clock.now(), seconds(102));
        clock.set(clock.get().set_to(seconds(7)));
        clock.tick();
        assert_eq!(clock.get(), Clock::Stepping(seconds(9), TimeDelta::seconds(2)));
        clock.set(Clock::System.set_to(seconds(0)));
        clock.tick();
        assert!(clock.now() - seconds(0) < TimeDelta::seconds(5));
        clock.set(Clock::System);
        assert!(clock.now() > seconds(1_700_000_000));
    }
}
