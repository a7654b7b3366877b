//! The stateful fuzzer: random requests over HTTP to the binary, in several namespaces, with resets, snapshots and
//! saved states. After each request it checks these invariants:
//!
//! - There is a response, and it is not a server error, unless a fault was injected.
//! - The response is as `openapi.yaml` describes it, and an error has the format of its dialect.
//! - A rejected request and a read change nothing: `GET /__admin/state` is equal byte for byte, in this namespace and
//!   in the others, and there are the same namespaces.
//! - A new record has an identifier that no other record has.
//! - A saved state can be restored, and is the same afterwards.
//! - The resident memory of the server stays below [`MAX_MEMORY`], and nothing panics.
//!
//! A violation does not end a session; all of them are reported at the end, each kind once.

mod checks;
mod json;
mod report;
mod request;
mod server;
mod session;

use std::time::{Duration, Instant};

use crate::rng::Rng;
use report::Report;
use session::Session;

/// The maximum resident memory of the server in bytes. The records, journals and snapshots of a session need less.
const MAX_MEMORY: u64 = 256 * 1024 * 1024;

/// The number of steps of a session, which starts a new server.
const STEPS: u64 = 3_000;

/// Settings of the server, of which each session uses one.
const SETTINGS: [&[&str]; 6] = [
    &["--explain"],
    &["--auth", "off", "--cloudflare-rules", "strict"],
    &["--ibm-assignment-time", "3s", "--cloudflare-scope", "object"],
    &["--clock", "frozen", "--explain"],
    &["--cloudflare-is-default", "bool", "--body-limit", "2000"],
    &["--journal-entries", "0"],
];

/// Runs sessions for `duration`; the numbers of the first one are derived from `seed`.
///
/// # Panics
/// Panics if an invariant was violated.
pub(crate) fn run(seed: u64, duration: Duration) {
    let (started, mut report, mut number) = (Instant::now(), Report::default(), seed);
    while started.elapsed() < duration {
        let settings = SETTINGS[Rng::new(number).below(SETTINGS.len())];
        let mut session = Session::start(number, settings, &mut report);
        for step in (0..STEPS).take_while(|_| started.elapsed() < duration) {
            session.step(step);
        }
        session.finish();
        number += 1;
    }
    report.finish(started.elapsed());
}
