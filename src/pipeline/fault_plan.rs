//! `FaultPlan`: the effects of the injected faults on one request and its response.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::CONTENT_LENGTH;
use axum::http::{HeaderMap, HeaderName};
use axum::response::Response;
use futures_util::{StreamExt, stream};

use super::broken_response::{self, ConnectionFault};
use super::outcome::{HandlerOutcome, InjectedError, invalid_control};
use super::recording::{ExchangeRecorder, collect_ready_body};
use crate::app::offload::OffloadError;
use crate::control::faults::effect::{Effect, ErrorEffect};
use crate::control::faults::fault::Fault;
use crate::control::faults::{self, FailItems, InjectedFault};
use crate::control::human_duration::HumanDuration;
use crate::control::matching::body_matcher::MatchedBody;
use crate::control::matching::pattern::RequestView;
use crate::http::{DialectSpec, RequestMeta, body};
use crate::spec::{ErrorCode, RequestError, Violation};
use crate::store::IdGenerator;

/// The request header that injects a fault into this request.
const HEADER: HeaderName = HeaderName::from_static("x-mock-fault");

/// The maximum number of steps of matching faults on a thread of the runtime: a few milliseconds.
const MAX_INLINE_STEPS: u64 = 1_000_000;

/// The maximum length of a body that is matched on a thread of the runtime, in bytes.
const MAX_INLINE_BODY: usize = 32 * 1024;

/// The effects on one request and its response; the default has none and does not allocate.
#[derive(Debug, Default)]
pub(super) struct FaultPlan(Option<Box<Steps>>);

#[derive(Debug, Default)]
struct Steps {
    short_circuit: Option<ShortCircuit>,
    /// The ids of the injected faults.
    faults: Vec<String>,
    delay: Duration,
    /// The age of the state that the handler reads.
    staleness: Option<HumanDuration>,
    /// The items of a bulk request that fail.
    fail_items: Option<FailItems>,
    response_fault: Option<ResponseFault>,
}

/// The replacement of the handler of a request.
#[derive(Debug)]
pub(super) enum ShortCircuit {
    /// The request is rejected without a fault: it exceeds the rate limit, or has an invalid control header or
    /// namespace.
    Reject(RequestError),
    /// A fault injects an error.
    InjectError(InjectedError),
    /// A fault ends the connection.
    Abort(ConnectionFault),
}

/// The effect on the response of a handler.
#[derive(Debug)]
enum ResponseFault {
    /// The response is not sent, and the connection is reset.
    Drop,
    /// The response is replaced by an error.
    ReplaceWithError(InjectedError),
    /// The body ends after this number of bytes, by default after half of them.
    Truncate(Option<usize>),
    /// The body is no longer valid JSON.
    Corrupt,
    /// The body is sent over this duration.
    Throttle(HumanDuration),
}

/// Returns whether a fault may apply to a request.
pub(super) fn may_apply(meta: &RequestMeta) -> bool {
    meta.app.namespace().faults.has_active() || meta.headers.has_fault
}

impl FaultPlan {
    /// Returns the effects of the faults of the namespace and of the `X-Mock-Fault` headers of the request. The body is
    /// buffered and restored if a fault matches bodies.
    ///
    /// An invalid `X-Mock-Fault` rejects the request, and so does a body that is not received within the request
    /// timeout.
    pub(super) async fn new(dialect: &DialectSpec, meta: &Arc<RequestMeta>, request: &mut Request) -> Self {
        let matching = match matching_faults(meta, request).await {
            Ok(matching) => matching,
            Err(error) => return Self::reject(error),
        };
        match Steps::evaluate(dialect, meta, request.headers(), &matching) {
            Ok(steps) => Self(Some(Box::new(steps))),
            Err(violation) => Self::reject(invalid_control(dialect, &violation)),
        }
    }

    /// Returns whether the plan has no effects.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns whether the plan rejects the request without a fault.
    pub(super) fn is_rejection(&self) -> bool {
        self.0.as_ref().is_some_and(|steps| matches!(steps.short_circuit, Some(ShortCircuit::Reject(_))))
    }

    /// Returns a plan that only rejects the request.
    pub(super) fn reject(error: RequestError) -> Self {
        let short_circuit = Some(ShortCircuit::Reject(error));
        Self(Some(Box::new(Steps { short_circuit, ..Steps::default() })))
    }

    /// Takes the replacement of the handler.
    pub(super) fn short_circuit(&mut self) -> Option<ShortCircuit> {
        self.0.as_mut()?.short_circuit.take()
    }

    /// Returns the sum of all delays, in real time; `None` if it is zero.
    pub(super) fn delay(&self) -> Option<Duration> {
        self.0.as_ref().map(|steps| steps.delay).filter(|delay| !delay.is_zero())
    }

    /// Records the faults in the journal entry, and applies staleness and failing items to the request's metadata.
    pub(super) fn prepare(&mut self, recorder: &mut ExchangeRecorder) {
        let Some(steps) = self.0.as_mut().filter(|steps| !steps.faults.is_empty()) else { return };
        recorder.set_faults(&steps.faults);
        let meta = recorder.meta_mut();
        meta.fail_items = steps.fail_items.take();
        if let Some(staleness) = steps.staleness {
            meta.app.namespace().retain_history_for(staleness.time_delta());
            meta.app = meta.app.clone().with_staleness(staleness.time_delta());
        }
    }

    /// Replaces the response of a handler that has committed, if the plan says so.
    pub(super) fn replace_response(
        &self,
        outcome: HandlerOutcome,
        dialect: &DialectSpec,
        meta: &RequestMeta,
    ) -> HandlerOutcome {
        match self.response_fault() {
            Some(ResponseFault::Drop) => {
                HandlerOutcome::success(broken_response::abort(ConnectionFault::Reset))
            }
            Some(ResponseFault::ReplaceWithError(error)) => HandlerOutcome::from_fault(error, dialect, meta),
            Some(ResponseFault::Truncate(_) | ResponseFault::Corrupt | ResponseFault::Throttle(_)) | None => {
                outcome
            }
        }
    }

    /// Truncates, corrupts or throttles the body of a response, if the plan says so.
    pub(super) fn corrupt(&self, response: Response) -> Response {
        let fault = match self.response_fault() {
            None | Some(ResponseFault::Drop | ResponseFault::ReplaceWithError(_)) => return response,
            Some(fault) => fault,
        };
        let (mut parts, body) = response.into_parts();
        let body = collect_ready_body(body);
        if body.is_empty() {
            return Response::from_parts(parts, Body::empty());
        }
        match fault {
            ResponseFault::Truncate(bytes) => {
                broken_response::truncate(Response::from_parts(parts, ()), &body, *bytes)
            }
            ResponseFault::Throttle(over) => {
                broken_response::throttle_body(Response::from_parts(parts, ()), &body, over.duration())
            }
            ResponseFault::Corrupt => {
                parts.headers.remove(CONTENT_LENGTH);
                Response::from_parts(parts, Body::from(broken_response::corrupt_json(&body)))
            }
            ResponseFault::Drop | ResponseFault::ReplaceWithError(_) => {
                Response::from_parts(parts, Body::from(body))
            }
        }
    }

    fn response_fault(&self) -> Option<&ResponseFault> {
        self.0.as_ref()?.response_fault.as_ref()
    }
}

impl Steps {
    /// Evaluates the faults of the headers, and those of the namespace that match the request.
    ///
    /// # Errors
    /// An invalid `X-Mock-Fault`.
    fn evaluate(
        dialect: &DialectSpec,
        meta: &RequestMeta,
        headers: &HeaderMap,
        matching: &[Arc<Fault>],
    ) -> Result<Self, Violation> {
        let namespace = meta.app.namespace();
        let mut injected = Vec::new();
        for value in headers.get_all(HEADER) {
            let value = value.to_str().map_err(|_| Violation::new("X-Mock-Fault", "must be ASCII"))?;
            injected.extend(namespace.faults.evaluate_header(value, namespace.store.now())?);
        }
        if !matching.is_empty() {
            injected.extend(namespace.faults.inject(matching, namespace.store.now()));
        }
        let mut steps = Self::default();
        for fault in injected {
            steps.add(fault, meta, &|error| error_code(error, dialect, meta, headers));
        }
        Ok(steps)
    }

    /// Adds the effect of a fault. Delays add up; of other effects of the same kind, the first one counts.
    ///
    /// `error_code` returns the vendor's error for that of a fault.
    fn add(
        &mut self,
        InjectedFault { id, effect }: InjectedFault,
        meta: &RequestMeta,
        error_code: &dyn Fn(&ErrorEffect) -> &'static ErrorCode,
    ) {
        meta.app.coverage().count_fault(meta.api.name, effect.name());
        self.faults.push(id.clone());
        let injected =
            |error: ErrorEffect| InjectedError { error_code: error_code(&error), error, fault_id: id };
        match effect {
            Effect::Status(error) => {
                self.set_short_circuit(ShortCircuit::InjectError(injected(error)));
            }
            Effect::Disconnect {} => self.set_short_circuit(ShortCircuit::Abort(ConnectionFault::Reset)),
            Effect::Empty {} => self.set_short_circuit(ShortCircuit::Abort(ConnectionFault::Close)),
            Effect::Delay { min, max } => self.delay += random_delay(min, max.unwrap_or(min), meta),
            Effect::StaleReads { window } => self.staleness = self.staleness.or(Some(window)),
            Effect::FailItems { status, ids } => {
                self.fail_items.get_or_insert(FailItems { status, ids });
            }
            Effect::CommitThenFail { status: Some(status) } => {
                self.set_response_fault(ResponseFault::ReplaceWithError(injected(ErrorEffect::new(status))));
            }
            Effect::CommitThenFail { status: None } => self.set_response_fault(ResponseFault::Drop),
            Effect::Truncate { bytes } => self.set_response_fault(ResponseFault::Truncate(bytes)),
            Effect::Malformed {} => self.set_response_fault(ResponseFault::Corrupt),
            Effect::SlowBody { over } => self.set_response_fault(ResponseFault::Throttle(over)),
        }
    }

    fn set_short_circuit(&mut self, short_circuit: ShortCircuit) {
        self.short_circuit.get_or_insert(short_circuit);
    }

    fn set_response_fault(&mut self, fault: ResponseFault) {
        self.response_fault.get_or_insert(fault);
    }
}

/// Returns the vendor's error for that of a fault, one that fits the credential of the request if there is one.
fn error_code(
    error: &ErrorEffect,
    dialect: &DialectSpec,
    meta: &RequestMeta,
    headers: &HeaderMap,
) -> &'static ErrorCode {
    let errors = meta.operation.map_or(&[][..], |operation| operation.errors);
    let is_applicable = |code: &ErrorCode| (dialect.applies_to)(code, headers, meta.operation);
    dialect.error_for_status(errors, error.status, error.code.as_deref(), is_applicable)
}

/// Returns the faults of the namespace that match the request.
///
/// # Errors
/// [`RequestError::Timeout`] if the body is not received or not matched within the request timeout.
async fn matching_faults(
    meta: &Arc<RequestMeta>,
    request: &mut Request,
) -> Result<Vec<Arc<Fault>>, RequestError> {
    let faults = meta.app.namespace().faults.active();
    if faults.is_empty() {
        return Ok(Vec::new());
    }
    let body = if faults.iter().any(|fault| fault.pattern.needs_body()) {
        received_body(meta, request).await?
    } else {
        Bytes::new()
    };
    let headers = request.headers();
    let work = FaultMatching { meta: Arc::clone(meta), faults, headers: headers.clone(), body };
    // The request is already cheap to match in most cases; an expensive one must not occupy a thread of the runtime.
    if work.is_short() {
        return Ok(work.run(|| false).unwrap_or_default());
    }
    let matching = meta.app.compute(move |cancellation| work.run(|| cancellation.is_cancelled())).await;
    match matching {
        Ok(Some(matching)) => Ok(matching),
        Ok(None) | Err(OffloadError::Timeout) => Err(RequestError::Timeout),
        Err(OffloadError::Panic) => Err(RequestError::Panic),
    }
}

/// The matching of faults with one request.
struct FaultMatching {
    meta: Arc<RequestMeta>,
    faults: Arc<[Arc<Fault>]>,
    headers: HeaderMap,
    body: Bytes,
}

impl FaultMatching {
    /// Returns whether the matching is short enough for a thread of the runtime.
    fn is_short(&self) -> bool {
        let is_compressed = body::is_gzip(&self.headers) && !self.body.is_empty();
        !is_compressed
            && self.body.len() <= MAX_INLINE_BODY
            && self.with_view(&self.body, |view| {
                let mut work = self.faults.iter().map(|fault| fault.pattern.work(view));
                work.try_fold(0_u64, |sum, work| Some(sum + work).filter(|sum| *sum <= MAX_INLINE_STEPS))
                    .is_some()
            })
    }

    /// Returns the matching faults; `None` once `is_cancelled` returns `true`.
    fn run(&self, is_cancelled: impl Fn() -> bool) -> Option<Vec<Arc<Fault>>> {
        let limit = self.meta.app.config().body_limit;
        let body = body::decompress_lossy(body::is_gzip(&self.headers), &self.body, limit);
        self.with_view(&body, |view| faults::matching(&self.faults, view, is_cancelled))
    }

    fn with_view<T>(&self, body: &[u8], f: impl FnOnce(&RequestView<'_>) -> T) -> T {
        let meta = &self.meta;
        let headers: Vec<(&str, &str)> = self
            .headers
            .iter()
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();
        f(&RequestView {
            dialect: meta.api.name,
            operation: meta.operation.map(|operation| operation.id),
            namespace: &meta.app.namespace().name,
            method: meta.method.as_str(),
            url: meta.path_and_query(),
            headers: &headers,
            body: &MatchedBody::new(body),
        })
    }
}

/// Receives the body within the request timeout, and restores it in the request.
async fn received_body(meta: &RequestMeta, request: &mut Request) -> Result<Bytes, RequestError> {
    let config = meta.app.config();
    let buffering = buffer_body(request, config.body_limit);
    tokio::time::timeout(config.request_timeout, buffering).await.map_err(|_| RequestError::Timeout)
}

/// Buffers a body of up to `limit` bytes, restores it in the request, and returns it.
///
/// A body that is too large or truncated is also restored, because the handler rejects it. Of one that is too large, an
/// empty body is returned.
async fn buffer_body(request: &mut Request, limit: usize) -> Bytes {
    if body::content_length(request.headers()) > limit {
        return Bytes::new();
    }
    let mut rest = std::mem::take(request.body_mut()).into_data_stream();
    let (mut chunks, mut buffer) = (Vec::new(), Vec::new());
    while buffer.len() <= limit
        && let Some(chunk) = rest.next().await
    {
        let is_truncated = chunk.is_err();
        buffer.extend_from_slice(chunk.as_deref().unwrap_or_default());
        chunks.push(chunk);
        if is_truncated {
            break;
        }
    }
    *request.body_mut() = Body::from_stream(stream::iter(chunks).chain(rest));
    if buffer.len() > limit { Bytes::new() } else { buffer.into() }
}

/// Returns a pseudo-random delay between `min` and `max`, derived from the id of the request.
fn random_delay(min: HumanDuration, max: HumanDuration, meta: &RequestMeta) -> Duration {
    let (min, max) = (min.duration(), max.duration());
    let mut ids = IdGenerator::from_seed(meta.id.as_u64_pair().0);
    min + max.saturating_sub(min).mul_f64(ids.next_f64())
}
