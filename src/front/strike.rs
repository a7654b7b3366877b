//! What the faults of a namespace do to one request.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderName};

use super::breaking::Cut;
use crate::control::FailItems;
use crate::control::effect::{Effect, Refused};
use crate::control::faults::Strike;
use crate::control::pattern::Subject;
use crate::control::span::Span;
use crate::failure::Violation;
use crate::http::Meta;
use crate::store::Ids;

/// The header by which a request asks for a fault itself.
const HEADER: HeaderName = HeaderName::from_static("x-mock-fault");

/// What happens to one request, in the order in which it happens.
#[derive(Debug, Default)]
pub(super) struct Plan {
    /// The ids of the faults that struck.
    pub(super) faults: Vec<String>,
    /// How long it waits.
    pub(super) wait: Duration,
    /// What is done in the place of handling it.
    pub(super) instead: Option<Instead>,
    /// How far its reads lag behind.
    pub(super) lag: Option<Span>,
    /// Which parts of a bulk call fail.
    pub(super) fail_items: Option<FailItems>,
    /// What becomes of its answer.
    pub(super) after: Option<After>,
}

/// A refusal that a fault asks for.
#[derive(Debug)]
pub(super) struct Asked {
    /// The refusal.
    pub(super) refused: Refused,
    /// The id of the fault.
    pub(super) by: String,
}

/// What is done in the place of handling a request.
#[derive(Debug)]
pub(super) enum Instead {
    /// It is refused.
    Refuse(Asked),
    /// The connection ends.
    Cut(Cut),
}

/// What becomes of the answer to a request that was handled.
#[derive(Debug)]
pub(super) enum After {
    /// The connection is reset.
    Lose,
    /// It is replaced by a refusal.
    Refuse(Asked),
    /// It is cut short after this many bytes, half of them by default.
    Truncate(Option<usize>),
    /// Its body is no JSON any more.
    Malform,
    /// Its body takes this long.
    Trickle(Span),
}

/// Whether any fault may strike a request.
pub(super) fn may_strike(meta: &Meta, headers: &HeaderMap) -> bool {
    meta.app.space().faults.is_armed() || headers.contains_key(HEADER)
}

impl Plan {
    /// Returns what the faults of the request's namespace, and those that its own headers ask for, do to it.
    ///
    /// # Errors
    /// The part of a header that is wrong, and why.
    pub(super) fn of(meta: &Meta, headers: &HeaderMap, body: &[u8]) -> Result<Self, Violation> {
        let space = meta.app.space();
        let mut strikes = Vec::new();
        for text in headers.get_all(HEADER) {
            let text = text.to_str().map_err(|_| Violation::new("X-Mock-Fault", "must be ASCII"))?;
            strikes.extend(space.faults.strike_by_header(text, space.store.now())?);
        }
        if space.faults.is_armed() {
            let named: Vec<(&str, &str)> = headers
                .iter()
                .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
                .collect();
            let subject = Subject {
                dialect: meta.dialect.name,
                operation: meta.operation.map(|known| known.id),
                namespace: &space.name,
                method: meta.method.as_str(),
                url: meta.target(),
                headers: &named,
                body,
            };
            strikes.extend(space.faults.strike(&subject, space.store.now()));
        }
        let mut plan = Self::default();
        for strike in strikes {
            plan.add(strike, meta);
        }
        Ok(plan)
    }

    /// Adds a strike; of several that do the same kind of thing the first counts, and waits add up.
    fn add(&mut self, Strike { id, effect }: Strike, meta: &Meta) {
        self.faults.push(id.clone());
        match effect {
            Effect::Status(refused) => self.replace(Instead::Refuse(Asked { refused, by: id })),
            Effect::Disconnect {} => self.replace(Instead::Cut(Cut::Reset)),
            Effect::Empty {} => self.replace(Instead::Cut(Cut::Close)),
            Effect::Delay { min, max } => self.wait += wait_of(min, max.unwrap_or(min), meta),
            Effect::StaleReads { window } => self.lag = self.lag.or(Some(window)),
            Effect::FailItems { status, ids } => {
                self.fail_items.get_or_insert(FailItems { status, ids });
            }
            Effect::CommitThenFail { status: Some(status) } => {
                self.finally(After::Refuse(Asked { refused: Refused::new(status), by: id }));
            }
            Effect::CommitThenFail { status: None } => self.finally(After::Lose),
            Effect::Truncate { bytes } => self.finally(After::Truncate(bytes)),
            Effect::Malformed {} => self.finally(After::Malform),
            Effect::SlowBody { over } => self.finally(After::Trickle(over)),
        }
    }

    fn replace(&mut self, instead: Instead) {
        self.instead.get_or_insert(instead);
    }

    fn finally(&mut self, after: After) {
        self.after.get_or_insert(after);
    }
}

/// A wait between the two, drawn by the identifier of the request, so that it repeats with it.
fn wait_of(min: Span, max: Span, meta: &Meta) -> Duration {
    let (min, max) = (min.duration(), max.duration());
    let mut ids = Ids::seeded(meta.id.as_u64_pair().0);
    min + max.saturating_sub(min).mul_f64(ids.fraction())
}
