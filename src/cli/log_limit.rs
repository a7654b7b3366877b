//! `LogLimit`: bounds the rate of log lines that the same place in the code writes.

use std::sync::Arc;
use std::time::Duration;

use access_groups_mock::store::Stopwatch;
use parking_lot::Mutex;
use tracing::callsite::Identifier;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

/// The maximum number of lines of one place in a [`WINDOW`].
const MAX_LINES: u64 = 50;

/// The time in which at most [`MAX_LINES`] are written.
const WINDOW: Duration = Duration::from_secs(1);

/// The target of the log of requests, which is not limited: it was asked for.
pub(super) const REQUEST_LOG: &str = "access_groups_mock::requests";

/// A layer that drops repeated lines, and reports their number.
#[derive(Debug, Clone, Default)]
pub(super) struct LogLimit(Arc<Mutex<Vec<Window>>>);

/// The lines of one place since the start of its window.
#[derive(Debug)]
struct Window {
    place: Identifier,
    started: Stopwatch,
    lines: u64,
    dropped: u64,
}

impl LogLimit {
    /// Logs the numbers of lines that were dropped and not reported yet.
    pub(super) fn report(&self) {
        let dropped = self.0.lock().iter_mut().map(|window| std::mem::take(&mut window.dropped)).sum();
        report(dropped);
    }

    /// Counts a line, and returns whether it is written, and how many were dropped before it.
    fn count(&self, place: Identifier) -> (bool, u64) {
        let mut windows = self.0.lock();
        let known = windows.iter().position(|window| window.place == place);
        let index = known.unwrap_or_else(|| {
            windows.push(Window { place, started: Stopwatch::start(), lines: 0, dropped: 0 });
            windows.len() - 1
        });
        let window = &mut windows[index];
        let mut dropped = 0;
        if window.started.elapsed() > WINDOW {
            (window.started, window.lines) = (Stopwatch::start(), 0);
            dropped = std::mem::take(&mut window.dropped);
        }
        window.lines += 1;
        let is_written = window.lines <= MAX_LINES;
        window.dropped += u64::from(!is_written);
        (is_written, dropped)
    }
}

/// Logs the number of dropped lines, unless it is 0.
fn report(dropped: u64) {
    if dropped > 0 {
        tracing::warn!(
            lines = dropped,
            "similar log lines were dropped: at most {MAX_LINES} per second are written"
        );
    }
}

impl<S: Subscriber> Layer<S> for LogLimit {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        let metadata = event.metadata();
        if metadata.target() == REQUEST_LOG {
            return true;
        }
        let (is_written, dropped) = self.count(metadata.callsite());
        report(dropped);
        is_written
    }
}
