//! `in_two_threads`: runs two functions at the same time.
//!
//! Imports nothing of this crate.

/// Runs both functions, the first one in a thread of its own.
///
/// They are boxed, so that the compiler generates the code around the thread once, and not for every type of records.
///
/// # Panics
/// Panics if one of them does.
pub(super) fn in_two_threads<'a>(first: Box<dyn FnOnce() + Send + 'a>, second: Box<dyn FnOnce() + 'a>) {
    std::thread::scope(|scope| {
        let first = scope.spawn(first);
        second();
        first.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
    });
}
