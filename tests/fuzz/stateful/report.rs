//! What a run has done, and the violations it has found.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::time::Duration;

/// The maximum length of the description of a violation in characters.
const MAX_DETAIL: usize = 3_000;

/// The counts and violations of all sessions.
#[derive(Debug, Default)]
pub(super) struct Report {
    requests: u64,
    /// The number of responses by the first digit of their status.
    responses: BTreeMap<u16, u64>,
    /// The number of successful requests by operation.
    successes: BTreeMap<&'static str, u64>,
    round_trips: u64,
    max_memory: u64,
    /// The number of violations of each kind, with a description of the first one.
    violations: BTreeMap<String, (u64, String)>,
}

impl Report {
    /// Counts a response.
    pub(super) fn count(&mut self, operation: &'static str, status: u16) {
        self.requests += 1;
        *self.responses.entry(status / 100).or_default() += 1;
        if status < 300 {
            *self.successes.entry(operation).or_default() += 1;
        }
    }

    pub(super) fn count_round_trip(&mut self) {
        self.round_trips += 1;
    }

    /// Records the resident memory.
    pub(super) fn sample_memory(&mut self, bytes: u64) {
        self.max_memory = self.max_memory.max(bytes);
    }

    /// Records a violation of `kind` with a description.
    pub(super) fn violation(&mut self, kind: &str, detail: impl FnOnce() -> String) {
        if let Some((count, _)) = self.violations.get_mut(kind) {
            *count += 1;
            return;
        }
        let detail: String = detail().chars().take(MAX_DETAIL).collect();
        crate::report(&format!("VIOLATION {kind}\n{detail}\n"));
        self.violations.insert(kind.to_owned(), (1, detail));
    }

    /// Prints the counts.
    ///
    /// # Panics
    /// Panics if there were violations.
    pub(super) fn finish(self, elapsed: Duration) {
        let (seconds, memory) = (elapsed.as_secs(), self.max_memory >> 20);
        crate::report(&format!(
            "stateful: {} requests in {seconds} s, responses {:?} by class, {} operations succeeded, {} round trips, \
             at most {memory} MiB",
            self.requests,
            self.responses,
            self.successes.len(),
            self.round_trips,
        ));
        let mut message = String::new();
        for (kind, (count, detail)) in &self.violations {
            let _ = writeln!(message, "{count} x {kind}\n{detail}\n");
        }
        assert!(message.is_empty(), "violations:\n{message}");
    }
}
