//! Requests to the router in this process, and how long they take.

use std::time::{Duration, Instant};

use access_groups_mock::{App, router};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use http_body_util::BodyExt;
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

/// A token in a form that every dialect takes.
pub(crate) const TOKEN: &str = "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJhIn0.c2lnbmF0dXJl";

/// How long one operation is measured, and within how many requests.
const LONGEST: Duration = Duration::from_millis(300);
const FEWEST: usize = 7;
const MOST: usize = 2_000;

/// A request.
#[derive(Debug, Clone, Default)]
pub(crate) struct Asked {
    pub(crate) method: &'static str,
    pub(crate) path: String,
    pub(crate) body: String,
    pub(crate) if_match: Option<String>,
}

/// An answer, and how long it took.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) took: Duration,
}

/// One client in this process.
pub(crate) struct Client {
    router: Router,
    runtime: Runtime,
}

impl Client {
    pub(crate) fn new(app: &App) -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        Self { router: router(app), runtime }
    }

    /// Makes a request that succeeds.
    pub(crate) fn ask(&self, asked: &Asked) -> Answer {
        let router = self.router.clone();
        self.runtime.block_on(answer(router, asked))
    }

    /// Returns the median time of an operation; `next` gives its requests, and may prepare each of them.
    pub(crate) fn measure(&self, next: &mut dyn FnMut(&Self) -> Asked) -> Duration {
        let mut times = Vec::new();
        let began = Instant::now();
        while times.len() < FEWEST || (began.elapsed() < LONGEST && times.len() < MOST) {
            let asked = next(self);
            times.push(self.ask(&asked).took);
        }
        median(&mut times)
    }
}

/// Makes a request that succeeds.
pub(crate) async fn answer(router: Router, asked: &Asked) -> Answer {
    let Asked { method, path, body, if_match } = asked;
    let request = Request::builder().method(*method).uri(path).header("host", "localhost");
    let request = request.header("authorization", TOKEN).header("content-type", "application/json");
    let request = match if_match {
        Some(tag) => request.header("if-match", tag),
        None => request,
    };
    let request = request.body(Body::from(body.clone())).expect("the parts make a request");
    let began = Instant::now();
    let Ok(answer) = router.oneshot(request).await;
    let status = answer.status();
    let headers = answer.headers().clone();
    let body = answer.into_body().collect().await.expect("the body is there").to_bytes();
    let took = began.elapsed();
    let text = String::from_utf8_lossy(&body[..body.len().min(500)]);
    assert!(
        status.is_success() && status != StatusCode::MULTI_STATUS || has_done(&text),
        "{asked:?}: {text}"
    );
    Answer { headers, body, took }
}

/// Whether no part of a bulk call failed.
fn has_done(text: &str) -> bool {
    text.contains("\"status_code\":20") && !text.contains("\"errors\"")
}

/// Returns the middle one of some times.
pub(crate) fn median(times: &mut [Duration]) -> Duration {
    at_part(times, 0.5)
}

/// Returns the time under which the `part` of all times stay.
pub(crate) fn at_part(times: &mut [Duration], part: f64) -> Duration {
    times.sort_unstable();
    #[expect(clippy::cast_possible_truncation, reason = "a place in a list")]
    let at = (times.len() as f64 * part) as usize;
    times.get(at.min(times.len().saturating_sub(1))).copied().unwrap_or_default()
}
