//! What stands before the handlers: whose path it is, which namespace, what the faults and limits say, and what
//! becomes of a failure.
//!
//! In the order in which a request meets it: namespace, journal, rate limit, faults, time limit, panic guard, handler;
//! and on the way back: rendering of failures, the vendor's standing headers, faults of the answer, journal.
//! Invariant: every answer of a dialect's path, whatever failed, has that dialect's shape.

mod address;
pub(crate) mod breaking;
mod exchange;
mod outcome;
mod quota;
mod strike;
#[cfg(test)]
mod tests;

use std::convert::Infallible;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{self, Poll, Waker};

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::header::{CONTENT_LENGTH, HeaderName, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::future::{CatchUnwind, Either, Ready, ready};
use futures_util::{FutureExt, StreamExt, stream};
use tokio::time::error::Elapsed;
use tower::Service;

use crate::app::App;
use crate::catalog::Catalog;
use crate::control::faults::remedy;
use crate::dialect;
use crate::failure::{Code, Failure, Refusal, Violation};
use crate::http::unread::Unread;
use crate::http::{Context, Dialect, Handling, Meta, Quota, Ruled, body};
use crate::nearest::nearest;
use crate::spaces::DEFAULT;
use address::Address;
use breaking::Cut;
use exchange::{Ending, Exchange};
use outcome::Outcome;
use strike::{After, Instead, Plan};

pub(crate) use address::vendor_path;
pub(crate) use outcome::measure;

/// What stands before the handlers.
#[derive(Debug, Clone)]
pub(crate) struct Front(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    app: App,
    catalog: &'static Catalog,
    /// The names of the dialects that are not served.
    unserved: Vec<&'static str>,
}

/// The answer: mostly it is there at once.
pub(crate) type Answering = Either<Ready<Response>, Waiting>;

/// The answer to come.
type Waiting = Pin<Box<dyn Future<Output = Response> + Send>>;

/// The answer of a handler to come, under the panic guard.
type Routed = CatchUnwind<AssertUnwindSafe<Handling>>;

/// What comes of [`Routed`].
type RoutedAnswer = std::thread::Result<Response>;

impl Front {
    /// Returns the front of the operations in `catalog`.
    pub(crate) fn new(app: App, catalog: &'static Catalog) -> Self {
        let names = dialect::ALL.iter().map(|dialect| dialect.name);
        let unserved = names.filter(|name| !app.config().serves(name)).collect();
        Self(Arc::new(Inner { app, catalog, unserved }))
    }

    /// Answers a request.
    pub(crate) fn answer(&self, mut request: Request) -> Answering {
        let address = Address::take(&mut request);
        let dialect = dialect::owner_of(request.uri().path());
        let is_unserved = self.0.unserved.contains(&dialect.name);
        let dialect = if is_unserved { &crate::admin::DIALECT } else { dialect };
        let (app, prefix, misnamed) = self.place(address);
        if is_own(dialect, &request) {
            let id = app.space().new_own_request_id();
            let mut meta = Meta::new(app, dialect, &request, prefix, id);
            self.look_up(&request, &mut meta);
            return Either::Right(Box::pin(self.clone().answer_own(request, meta, misnamed)));
        }
        let id = app.space().new_request_id();
        let mut meta = Meta::new(app, dialect, &request, prefix, id);
        meta.app.space().store.clock().tick();
        self.look_up(&request, &mut meta);
        let quota = misnamed.is_none().then(|| quota::of(&meta, request.headers())).flatten();
        let exchange = Exchange::begin(meta, &mut request);
        let is_limited = quota.is_some_and(|quota| quota.is_exceeded);
        if misnamed.is_some() || is_limited || strike::may_strike(exchange.meta(), request.headers()) {
            return Either::Right(Box::pin(self.clone().struck(request, exchange, (misnamed, quota))));
        }
        let mut routed = self.routed(request, exchange.meta());
        // A request that brings no body has all that its handler waits for, but for the few that take long.
        if !exchange.has_body()
            && let Poll::Ready(routed) = routed.poll_unpin(&mut task::Context::from_waker(Waker::noop()))
        {
            let outcome = Outcome { quota, ..Outcome::of(Ok(routed), exchange.meta()) };
            return Either::Left(ready(conclude(outcome, exchange)));
        }
        Either::Right(Box::pin(async move {
            let routed = in_time(routed, exchange.meta()).await;
            let outcome = Outcome { quota, ..Outcome::of(routed, exchange.meta()) };
            read_rest(outcome.response.status(), &exchange).await;
            conclude(outcome, exchange)
        }))
    }

    /// Answers a request that is refused before it is routed, or that faults may strike.
    async fn struck(
        self,
        mut request: Request,
        mut exchange: Exchange,
        (misnamed, quota): (Option<Violation>, Option<Quota>),
    ) -> Response {
        let dialect = exchange.meta().dialect;
        let planned = match misnamed {
            Some(violation) => Err(wrong_control(dialect, &violation).into()),
            None if quota.is_some_and(|quota| quota.is_exceeded) => Err(dialect.limited.plain().into()),
            None => plan(&mut request, exchange.meta()).await,
        };
        let (mut plan, refused) = match planned {
            Ok(plan) => (plan, None),
            Err(failure) => (Plan::default(), Some(failure)),
        };
        exchange.struck_by(&plan.faults);
        let meta = exchange.meta_mut();
        meta.fail_items = plan.fail_items.take();
        if let Some(lag) = plan.lag {
            meta.app.space().remember_for(lag.delta());
            meta.app = meta.app.clone().lagging(lag.delta());
        }
        let outcome = match refused {
            Some(failure) => Outcome::refused(failure, exchange.meta()),
            None => self.run(request, exchange.meta(), &mut plan).await,
        };
        let outcome = Outcome { quota: outcome.quota.or(quota), ..outcome };
        read_rest(outcome.response.status(), &exchange).await;
        let response = conclude(outcome, exchange);
        match plan.after {
            Some(after) => spoil(response, &after),
            None => response,
        }
    }

    /// The server in the namespace that a request names; where the name is wrong, in the default one and why.
    fn place(&self, address: Result<Option<Address>, Violation>) -> (App, String, Option<Violation>) {
        match address {
            Ok(None) => (self.0.app.clone(), String::new(), None),
            Ok(Some(Address { name, prefix })) if name == DEFAULT => (self.0.app.clone(), prefix, None),
            Ok(Some(Address { name, prefix })) => (self.0.app.in_namespace(&name), prefix, None),
            Err(violation) => (self.0.app.clone(), String::new(), Some(violation)),
        }
    }

    /// Answers a request to the server's own API, which no fault strikes and no journal keeps. Its handlers limit the time
    /// for which they wait for a body; loading a large state takes as long as it takes.
    async fn answer_own(self, mut request: Request, meta: Meta, misnamed: Option<Violation>) -> Response {
        let admitted = (meta.dialect.admit)(request.uri(), request.headers(), meta.app.config());
        // A wrong name must not lead to another namespace than the one that was meant.
        let admitted = admitted.and_then(|()| misnamed.map_or(Ok(()), |it| Err(Failure::BadPath(it))));
        let unread = Unread::of(&mut request, 0);
        let meta = Arc::new(meta);
        let outcome = match admitted {
            Ok(()) => Outcome::of(Ok(self.routed(request, &meta).await), &meta),
            Err(failure) => Outcome::refused(failure, &meta),
        };
        let Outcome { mut response, .. } = outcome;
        explain(&mut response, None, &meta);
        (meta.dialect.finish)(&mut response, &meta);
        if let Some(unread) = unread.filter(|_| response.status().is_client_error()) {
            unread.drain().await;
        }
        response
    }

    /// Lets the faults and the handler answer, in this order.
    async fn run(self, request: Request, meta: &Arc<Meta>, plan: &mut Plan) -> Outcome {
        if !plan.wait.is_zero() {
            tokio::time::sleep(plan.wait).await;
        }
        let outcome = match plan.instead.take() {
            Some(Instead::Refuse(asked)) => Outcome::asked_for(&asked, meta),
            Some(Instead::Cut(cut)) => Outcome::plain(breaking::cut(cut)),
            None => Outcome::of(in_time(self.routed(request, meta), meta).await, meta),
        };
        match &plan.after {
            Some(After::Lose) => Outcome::plain(breaking::cut(Cut::Reset)),
            Some(After::Refuse(asked)) => Outcome::asked_for(asked, meta),
            Some(After::Truncate(_) | After::Malform | After::Trickle(_)) | None => outcome,
        }
    }

    /// Finds the operation that the request means.
    fn look_up(&self, request: &Request, meta: &mut Meta) {
        let path = (meta.dialect.normalize)(request.uri().path());
        let found = self.0.catalog.find(request.method(), &path);
        if let Some((known, captures)) = found.filter(|(known, _)| std::ptr::eq(known.dialect, meta.dialect))
        {
            (meta.operation, meta.captures) = (Some(known), captures);
        }
    }

    /// Calls the handler of the operation under the panic guard.
    fn routed(&self, request: Request, meta: &Arc<Meta>) -> Routed {
        let handling = match meta.operation {
            Some(known) => known.endpoint.call(request, Context(Arc::clone(meta))),
            None => Box::pin(ready(self.unrouted(&request, meta).into_response())),
        };
        AssertUnwindSafe(handling).catch_unwind()
    }

    /// Why no operation is meant.
    fn unrouted(&self, request: &Request, meta: &Meta) -> Failure {
        let path = (meta.dialect.normalize)(request.uri().path());
        let methods = self.0.catalog.methods_at(meta.dialect, &path);
        methods.map_or(Failure::NoRoute, |allow| Failure::MethodNotAllowed { allow: allow.to_owned() })
    }
}

impl Service<Request> for Front {
    type Response = Response;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut task::Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        Box::pin(self.answer(request).map(Ok))
    }
}

/// Waits for the answer of a handler as long as a request may take.
async fn in_time(routed: Routed, meta: &Meta) -> Result<RoutedAnswer, Elapsed> {
    tokio::time::timeout(meta.app.config().request_timeout, routed).await
}

/// Whether the request is for the server's own API, and not only for a path that no vendor owns.
fn is_own(dialect: &Dialect, request: &Request) -> bool {
    std::ptr::eq(dialect, &crate::admin::DIALECT) && dialect.owns(request.uri().path())
}

/// What the faults do to the request; its body is read first where a fault must see it.
async fn plan(request: &mut Request, meta: &Meta) -> Result<Plan, Failure> {
    let mut body = Bytes::new();
    if meta.app.space().faults.reads_body() {
        let config = meta.app.config();
        let heard = overhear(request, config.body_limit);
        body = tokio::time::timeout(config.request_timeout, heard).await.map_err(|_| Failure::Timeout)?;
    }
    let is_packed = body::is_packed(request.headers());
    let body = body::unpacked(is_packed, &body, meta.app.config().body_limit);
    let planned = Plan::of(meta, request.headers(), &body);
    planned.map_err(|violation| wrong_control(meta.dialect, &violation).into())
}

/// Reads the body up to `limit` and puts it back as it came, also where it is too long or breaks off: refusing it is
/// up to the handler, and of one that is too long faults see nothing.
async fn overhear(request: &mut Request, limit: usize) -> Bytes {
    if body::content_length(request.headers()) > limit {
        return Bytes::new();
    }
    let mut rest = std::mem::take(request.body_mut()).into_data_stream();
    let (mut read, mut heard) = (Vec::new(), Vec::new());
    while heard.len() <= limit
        && let Some(data) = rest.next().await
    {
        let is_broken = data.is_err();
        heard.extend_from_slice(data.as_deref().unwrap_or_default());
        read.push(data);
        if is_broken {
            break;
        }
    }
    *request.body_mut() = Body::from_stream(stream::iter(read).chain(rest));
    if heard.len() > limit { Bytes::new() } else { heard.into() }
}

/// The refusal of a header or a prefix of this server's own, in the envelope of the dialect.
fn wrong_control(dialect: &Dialect, violation: &Violation) -> Refusal {
    Refusal { text: Some(violation.to_string()), ..dialect.control.plain() }
}

/// Reads what a refused request had left.
async fn read_rest(status: StatusCode, exchange: &Exchange) {
    if is_failure(status) {
        // Few requests need this; in a box it leaves the others' future small.
        Box::pin(exchange.drain()).await;
    }
}

/// Puts the standing headers on the answer, and writes the journal.
fn conclude(outcome: Outcome, mut exchange: Exchange) -> Response {
    let (mut response, ending) = finished(outcome, exchange.meta());
    if exchange.is_open() {
        let body = exchange::whole(std::mem::take(response.body_mut()));
        exchange.finish(&response, &body, ending);
        *response.body_mut() = Body::from(body);
    }
    response
}

/// Puts the standing headers on the answer.
fn finished(outcome: Outcome, meta: &Meta) -> (Response, Ending) {
    let Outcome { mut response, failure, quota, retry_after, asked_by } = outcome;
    let code = explain(&mut response, asked_by.as_deref(), meta);
    (meta.dialect.finish)(&mut response, meta);
    let headers = response.headers_mut();
    if let Some(quota) = quota {
        (meta.dialect.quota)(headers, &quota);
    }
    if let Some(seconds) = retry_after {
        headers.insert(RETRY_AFTER, seconds.into());
    }
    if let Some(known) = meta.operation {
        meta.app.coverage().called(known.index);
    }
    (response, Ending { failure, code, asked_by })
}

/// Spoils an answer that is written in the journal as it should have been; one without a body stays whole.
fn spoil(response: Response, after: &After) -> Response {
    let (mut parts, body) = response.into_parts();
    let body = exchange::whole(body);
    if body.is_empty() {
        return Response::from_parts(parts, Body::empty());
    }
    match after {
        After::Truncate(bytes) => breaking::truncate(Response::from_parts(parts, ()), &body, *bytes),
        After::Trickle(over) => breaking::trickle(Response::from_parts(parts, ()), &body, over.duration()),
        After::Malform => {
            parts.headers.remove(CONTENT_LENGTH);
            Response::from_parts(parts, Body::from(breaking::malform(&body)))
        }
        After::Lose | After::Refuse(_) => Response::from_parts(parts, Body::from(body)),
    }
}

fn is_failure(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// Puts the rule of a refusal and the identifier of its request on the answer, and returns the vendor's error.
///
/// Where the server explains itself, the remedy goes along; `asked_by` is the fault that asked for the refusal.
fn explain(response: &mut Response, asked_by: Option<&str>, meta: &Meta) -> Option<&'static Code> {
    const RULE: HeaderName = HeaderName::from_static("x-mock-rule");
    const REQUEST_ID: HeaderName = HeaderName::from_static("x-mock-request-id");
    const HINT: HeaderName = HeaderName::from_static("x-mock-hint");
    let Ruled(code) = response.extensions_mut().remove::<Ruled>()?;
    meta.app.coverage().refused(code.rule);
    let headers = response.headers_mut();
    headers.insert(RULE, HeaderValue::from_static(code.rule));
    if let Ok(id) = HeaderValue::from_str(&meta.id.to_string()) {
        headers.insert(REQUEST_ID, id);
    }
    if meta.app.config().explain
        && let Ok(hint) = HeaderValue::from_str(&hint_of(code, asked_by, meta))
    {
        headers.insert(HINT, hint);
    }
    Some(code)
}

/// What would have let a request pass, in one or two sentences of ASCII.
fn hint_of(code: &Code, asked_by: Option<&str>, meta: &Meta) -> String {
    let remedy = asked_by.map_or_else(|| code.remedy.replace('…', "..."), remedy);
    let remedy: String = remedy.chars().map(|it| if it.is_ascii() { it } else { '?' }).collect();
    if meta.operation.is_some() {
        return remedy;
    }
    let near = nearest(&meta.method, meta.path()).into_iter().next();
    near.map_or_else(|| remedy.clone(), |near| format!("{remedy} {near}"))
}
