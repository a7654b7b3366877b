//! The layers around handlers that panic, wait forever or write.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::admin;
use crate::app::App;
use crate::config::Config;
use crate::dialects::legacy;
use crate::domain::seed::Seed;
use crate::http::{DialectRouter, RequestContext};
use crate::router::mount;
use crate::spec::Operation;

/// Adds routes whose handlers panic, wait forever, write, read or echo, under a path prefix of the router's dialect.
fn with_misbehaving_routes(router: DialectRouter, prefix: &str, suffix: &str) -> DialectRouter {
    let at = |method: Method, name: &str| -> &'static Operation {
        Box::leak(Box::new(Operation::new(method, format!("{prefix}/{name}{suffix}").leak(), "misbehaving")))
    };
    let writes = async |context: RequestContext| context.write(|_, tx| tx.next_revision()).to_string();
    let panics_while_writing = async |context: RequestContext| -> StatusCode {
        context.write(|_, tx| {
            tx.next_revision();
            panic!("expected by the test, with the lock held")
        })
    };
    router
        .route(at(Method::GET, "panics"), async || -> StatusCode { panic!("expected by the test") })
        .route(at(Method::GET, "never"), std::future::pending::<StatusCode>)
        .route(at(Method::POST, "panics_while_writing"), panics_while_writing)
        .route(at(Method::POST, "writes"), writes)
        .route(at(Method::GET, "reads"), async |context: RequestContext| context.read(|_| "read"))
        .route(at(Method::GET, "echo"), async |uri: Uri| uri.to_string())
}

static GET_ONLY: Operation = Operation::new(Method::GET, "/__admin/only", "get_only");
static PUT_ONLY: Operation = Operation::new(Method::PUT, "/__admin/only", "put_only");

/// Returns the router of a server whose legacy dialect and admin API have the misbehaving routes.
fn misbehaving_router() -> Router {
    let config = Config { request_timeout: Duration::from_millis(50), ..Config::default() };
    let app = App::new(config, Seed::default()).unwrap();
    let legacy = with_misbehaving_routes(DialectRouter::new(&legacy::DIALECT), "/api2", ".json");
    let admin = with_misbehaving_routes(DialectRouter::new(&admin::DIALECT), "/__admin", "")
        .route(&GET_ONLY, async || "got")
        .route(&PUT_ONLY, async || "put");
    mount(&app, [legacy], admin)
}

struct TestResponse {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl TestResponse {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

async fn call(router: &Router, method: Method, path: &str) -> TestResponse {
    let request =
        Request::builder().method(method).uri(path).header("host", "localhost").body(Body::empty()).unwrap();
    let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    TestResponse { status: parts.status.as_u16(), headers: parts.headers, text }
}

#[tokio::test]
async fn panic_returns_500_in_the_envelope_of_the_dialect() {
    let router = misbehaving_router();

    let legacy = call(&router, Method::GET, "/api2/panics.json").await;
    let admin = call(&router, Method::GET, "/__admin/panics").await;

    assert_eq!(legacy.status, 500);
    assert_eq!(legacy.headers[CONTENT_TYPE], "application/json; charset=utf-8");
    assert_eq!(legacy.json(), json!({"Message": "An error has occurred."}));
    assert_eq!(admin.status, 500);
    assert_eq!(admin.headers[CONTENT_TYPE], "application/json");
    assert_eq!(admin.json(), json!({"errors": [{"code": 500, "title": "internal server error"}]}));
    assert_eq!(call(&router, Method::GET, "/api2/reads.json").await.text, "read");
}

#[tokio::test]
async fn timeout_returns_503_in_the_envelope_of_the_dialect() {
    let router = misbehaving_router();

    let legacy = call(&router, Method::GET, "/api2/never.json").await;

    assert_eq!(legacy.status, 503);
    assert_eq!(legacy.json(), json!({"Message": "An error has occurred."}));
    assert_eq!(call(&router, Method::GET, "/__admin/reads").await.text, "read");
}

#[tokio::test]
async fn panic_while_the_lock_is_held_does_not_affect_later_requests() {
    let router = misbehaving_router();

    let first = call(&router, Method::POST, "/api2/panics_while_writing.json").await;
    let second = call(&router, Method::POST, "/api2/panics_while_writing.json").await;

    assert_eq!([first.status, second.status], [500, 500]);
    assert_eq!(call(&router, Method::GET, "/api2/reads.json").await.text, "read");
    assert_eq!(call(&router, Method::POST, "/__admin/writes").await.text, "1");
}

#[tokio::test]
async fn unknown_path_returns_404_in_the_envelope_of_its_dialect_or_else_of_the_admin_api() {
    let router = misbehaving_router();

    let legacy = call(&router, Method::GET, "/api2/nothing.json?x=1").await;
    let unowned = call(&router, Method::GET, "/api20/nothing").await;

    assert_eq!(legacy.status, 404);
    let message = "No HTTP resource was found that matches the request URI \
                   'http://localhost/api2/nothing.json'.";
    assert_eq!(legacy.json(), json!({"Message": message}));
    assert_eq!(unowned.status, 404);
    let title = "no API of this server has the path `/api20/nothing`";
    assert_eq!(unowned.json(), json!({"errors": [{"code": 404, "title": title}]}));
}

#[tokio::test]
async fn path_is_routed_in_its_canonical_form_and_handlers_get_it_as_received() {
    let router = misbehaving_router();

    let legacy = call(&router, Method::GET, "/API2/Echo.Json?Name=A%20b").await;
    let without_suffix = call(&router, Method::GET, "/api2/echo?x=1").await;
    let admin = call(&router, Method::GET, "/__admin/echo").await;
    let other_case = call(&router, Method::GET, "/__admin/Echo").await;

    assert_eq!(legacy.text, "/API2/Echo.Json?Name=A%20b");
    assert_eq!(without_suffix.status, 404);
    assert_eq!(admin.text, "/__admin/echo");
    assert_eq!(other_case.status, 404);
}

#[tokio::test]
async fn unsupported_method_returns_405_with_the_supported_ones() {
    let router = misbehaving_router();

    for method in [Method::POST, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let rejected = call(&router, method.clone(), "/__admin/only").await;
        assert_eq!(rejected.status, 405, "{method}");
        assert_eq!(rejected.headers[ALLOW], "GET, PUT");
        let title = format!("the path does not support the method {method}");
        assert_eq!(rejected.json(), json!({"errors": [{"code": 405, "title": title}]}));
    }
    assert_eq!(call(&router, Method::PUT, "/__admin/only").await.text, "put");
}

#[tokio::test]
async fn head_returns_the_status_of_get_without_a_body() {
    let router = misbehaving_router();

    let found = call(&router, Method::HEAD, "/__admin/only").await;
    let unknown = call(&router, Method::HEAD, "/__admin/nothing").await;
    let panicked = call(&router, Method::HEAD, "/api2/panics.json").await;

    assert_eq!((found.status, found.text.as_str()), (200, ""));
    assert_eq!((unknown.status, unknown.text.as_str()), (404, ""));
    assert_eq!((panicked.status, panicked.text.as_str()), (500, ""));
}
