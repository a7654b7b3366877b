//! A write that panics changes nothing: each operation is called with its example, and panics at the end of its write.

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method};
use http_body_util::BodyExt;
use tower::ServiceExt;

use crate::app::App;
use crate::config::Config;
use crate::domain::seed::Seed;
use crate::openapi::{ExampleRequest, slice};
use crate::router::{dialects, router};

const DEMO_SEED: &str = include_str!("../../../seeds/demo.json");

/// The number of writing operations whose example meets all preconditions with the demo seed.
const MIN_WRITES: usize = 90;

async fn send(router: &Router, request: Request) -> (u16, Vec<u8>) {
    let response = router.clone().oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    (status, response.into_body().collect().await.unwrap().to_bytes().to_vec())
}

/// Returns the request of the example of an operation.
fn request(example: ExampleRequest, method: &Method) -> Request {
    let mut request = Request::builder().method(method).uri(example.url);
    let headers = request.headers_mut().unwrap();
    for name in ["authorization", "x-auth-user-service-key"] {
        headers.insert(name, HeaderValue::from_static("Bearer any"));
    }
    for (name, value) in &example.headers {
        let name: HeaderName = name.parse().unwrap();
        headers.insert(name, value.as_str().unwrap().parse().unwrap());
    }
    if let Some(media_type) = example.media_type {
        headers.insert("content-type", media_type.parse().unwrap());
    }
    request.body(example.body.map_or_else(Body::empty, Body::from)).unwrap()
}

/// Returns the complete state of the default namespace.
fn state(app: &App) -> String {
    serde_json::to_string(&Seed::from_snapshot(&app.namespace().store.snapshot())).unwrap()
}

#[tokio::test]
async fn panicking_write_of_any_operation_changes_nothing() {
    let config = Config { deterministic: Some(1), ..Config::default() };
    let app = App::new(config, Seed::parse(DEMO_SEED).unwrap()).unwrap();
    let (router, before, mut panics) = (router(&app), state(&app), 0);
    let (store, document) = (&app.namespace().store, dialects::openapi_document());

    for (api, operation) in dialects::apis().operations() {
        if api.is_admin || matches!(operation.method, Method::GET | Method::HEAD) {
            continue;
        }
        let slice = slice(&document, &format!("{}_{}", api.name, operation.id)).unwrap();
        let request = request(slice.example, &operation.method);
        store.panic_after_writes(true);
        let (status, body) = send(&router, request).await;
        store.panic_after_writes(false);

        let body = String::from_utf8_lossy(&body);
        assert_eq!(state(&app), before, "{}: {status} {body}", operation.id);
        panics += usize::from(status == 500);
    }

    assert!(panics >= MIN_WRITES, "only {panics} writes");
}
