//! One private mock: a world of records behind one lock, with its clock, identifiers and revisions.

use std::sync::{PoisonError, RwLock};

use chrono::{DateTime, Utc};

use super::{Clock, Ids, Tx};

/// A world of records `W` behind one lock.
///
/// Every read sees whole writes and nothing in between. The closures are short and synchronous: they do no
/// input or output, and the lock is never held across an await.
#[derive(Debug)]
pub struct Namespace<W> {
    clock: Clock,
    state: RwLock<State<W>>,
}

#[derive(Debug)]
struct State<W> {
    world: W,
    ids: Ids,
    revision: u64,
}

impl<W> Namespace<W> {
    /// Returns a namespace that starts with `world`.
    pub const fn new(world: W, clock: Clock, ids: Ids) -> Self {
        Self { clock, state: RwLock::new(State { world, ids, revision: 0 }) }
    }

    /// Returns the present time of this namespace, in whole milliseconds.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// Reads the world.
    pub fn read<T>(&self, read: impl FnOnce(&W) -> T) -> T {
        // A writer that panicked is a bug, answered with a 500; the others go on with what is there.
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        read(&state.world)
    }

    /// Changes the world in one step.
    ///
    /// `write` checks first and changes afterwards, so that a refusal leaves everything as it was.
    pub fn write<T>(&self, write: impl FnOnce(&mut W, &mut Tx<'_>) -> T) -> T {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let State { world, ids, revision } = &mut *state;
        let mut tx = Tx { now: self.clock.now(), ids, revision };
        write(world, &mut tx)
    }
}
