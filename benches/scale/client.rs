//! Sends requests to the router in this process, and measures them.

use std::sync::atomic::{AtomicU16, Ordering};
use std::time::{Duration, Instant};

use access_groups_mock::{App, router};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{self, HeaderMap, StatusCode};
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// A token in a format that every dialect accepts.
pub(crate) const TOKEN: &str = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

/// The maximum duration of the measurement of one operation, and its minimum and maximum number of requests.
const MAX_DURATION: Duration = Duration::from_millis(300);
const MIN_REQUESTS: usize = 7;
const MAX_REQUESTS: usize = 2_000;

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Request {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) if_match: Option<String>,
}

/// A response, and its elapsed time.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) elapsed: Duration,
}

/// A client of the router in this process.
pub(crate) struct Client {
    router: Router,
    runtime: Runtime,
}

impl Client {
    pub(crate) fn new(app: &App) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        Self { router: router(app), runtime }
    }

    /// Sends a request, and asserts its success.
    pub(crate) fn send(&self, request: &Request) -> Response {
        let router = self.router.clone();
        self.runtime.block_on(send(router, request))
    }

    /// Returns the median time of an operation; `next` returns its requests, and may prepare each of them.
    pub(crate) fn measure(&self, next: &mut dyn FnMut(&Self) -> Request) -> Duration {
        let mut times = Vec::new();
        let started = Instant::now();
        while times.len() < MIN_REQUESTS || (started.elapsed() < MAX_DURATION && times.len() < MAX_REQUESTS) {
            let request = next(self);
            times.push(self.send(&request).elapsed);
        }
        median(&mut times)
    }
}

/// Returns a host that differs from that of the requests before: the links of a list start with it, so that no list is
/// the cached one of an earlier request.
pub(crate) fn next_host() -> String {
    static COUNT: AtomicU16 = AtomicU16::new(0);
    format!("localhost:{}", COUNT.fetch_add(1, Ordering::Relaxed).max(1))
}

/// Sends a request, and asserts its success.
pub(crate) async fn send(router: Router, request: &Request) -> Response {
    let Request { method, path, body, if_match } = request;
    let http_request = http::Request::builder().method(*method).uri(path).header("host", next_host());
    let http_request = http_request.header("authorization", TOKEN).header("content-type", "application/json");
    let http_request = match if_match {
        Some(tag) => http_request.header("if-match", tag),
        None => http_request,
    };
    let http_request = http_request.body(Body::from(body.clone())).expect("the request is valid");
    let started = Instant::now();
    let Ok(response) = router.oneshot(http_request).await;
    let status = response.status();
    let headers = response.headers().clone();
    let body = response.into_body().collect().await.expect("the body is complete").to_bytes();
    let elapsed = started.elapsed();
    let text = String::from_utf8_lossy(&body[..body.len().min(500)]);
    assert!(
        status.is_success() && status != StatusCode::MULTI_STATUS || all_items_succeeded(&text),
        "{method} {path}: {text}"
    );
    Response { headers, body, elapsed }
}

/// Returns whether all items of a bulk request succeeded.
fn all_items_succeeded(text: &str) -> bool {
    text.contains("\"status_code\":20") && !text.contains("\"errors\"")
}

/// Returns the median.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    quantile(times, 0.5)
}

/// Returns the quantile `q`, from 0 to 1.
pub(crate) fn quantile(times: &mut [Duration], q: f64) -> Duration {
    times.sort_unstable();
    #[expect(clippy::cast_possible_truncation, reason = "an index")]
    let at = (times.len() as f64 * q) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}
