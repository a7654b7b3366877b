//! `Turns`: threads that each prepare some of many numbered parts, and finish them one after the other, in their order.
//!
//! Whoever allocates memory for a part also frees it: memory that one thread allocates and another one frees takes
//! several times as long with most allocators. Imports nothing of this crate.

use parking_lot::{Condvar, Mutex};

/// The order in which the parts are finished.
#[derive(Debug, Default)]
pub(super) struct Turns {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    /// The number of the part whose turn it is.
    next: usize,
    /// Whether no further part is finished.
    is_stopped: bool,
}

/// A part that is being prepared.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'t> {
    turns: &'t Turns,
    number: usize,
}

/// The turn of a part, which ends when it is dropped.
#[derive(Debug)]
pub(super) struct Turn<'t>(&'t Turns);

/// Stops the other threads if its thread panics: otherwise, they would wait for its parts.
struct StopOnPanic<'t>(&'t Turns);

impl Turns {
    /// Calls `run` in `threads` threads, of which the current one is the first, with their numbers.
    ///
    /// # Panics
    /// Panics if `run` does.
    pub(super) fn run(&self, threads: usize, run: &(dyn Fn(usize) + Sync)) {
        let run = |thread| {
            let _stop = StopOnPanic(self);
            run(thread);
        };
        std::thread::scope(|scope| {
            for thread in 1..threads {
                scope.spawn(move || run(thread));
            }
            run(0);
        });
    }

    /// Returns the part `number`.
    pub(super) const fn part(&self, number: usize) -> Part<'_> {
        Part { turns: self, number }
    }

    /// Returns whether no further part is finished.
    pub(super) fn is_stopped(&self) -> bool {
        self.state.lock().is_stopped
    }

    fn update(&self, update: impl FnOnce(&mut State)) {
        update(&mut self.state.lock());
        self.changed.notify_all();
    }
}

impl<'t> Part<'t> {
    /// Waits for the turn of the part; returns `None` if no further part is finished.
    pub(super) fn wait(self) -> Option<Turn<'t>> {
        let mut state = self.turns.state.lock();
        self.turns.changed.wait_while(&mut state, |state| state.next != self.number && !state.is_stopped);
        (!state.is_stopped).then(|| Turn(self.turns))
    }
}

impl Turn<'_> {
    /// Ends the turn so that no further part is finished.
    pub(super) fn stop(self) {
        self.0.update(|state| state.is_stopped = true);
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.0.update(|state| state.next += 1);
    }
}

impl Drop for StopOnPanic<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.update(|state| state.is_stopped = true);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Finishes the parts up to `len` in three threads, except after a `last` one; returns them in the order in which they
    /// were finished.
    fn finish(len: usize, last: usize) -> Vec<usize> {
        let (turns, finished) = (Turns::default(), Mutex::new(Vec::new()));
        turns.run(3, &|thread| {
            for number in (thread..len).step_by(3) {
                let Some(turn) = turns.part(number).wait() else { return };
                finished.lock().push(number);
                if number == last {
                    turn.stop();
                }
            }
        });
        finished.into_inner()
    }

    #[test]
    fn parts_are_finished_in_their_order_until_they_are_stopped() {
        assert_eq!(finish(100, 100), (0..100).collect::<Vec<_>>());
        assert_eq!(finish(100, 41), (0..42).collect::<Vec<_>>());
    }

    #[test]
    fn panic_in_one_thread_ends_the_others() {
        for panicking in [0, 1] {
            let turns = Turns::default();
            let panic = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                turns.run(2, &|thread| {
                    assert!(thread != panicking, "a thread panics");
                    assert!(turns.part(1).wait().is_none());
                });
            }));

            assert!(panic.is_err());
        }
    }
}
