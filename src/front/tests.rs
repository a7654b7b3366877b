//! The front of the router, around routes that misbehave on purpose.

use std::time::Duration;

use axum::http::header::{ALLOW, CONTENT_TYPE};
use axum::http::{Method, StatusCode, Uri};
use http_body_util::BodyExt;
use serde_json::{Value, json};

use super::*;
use crate::config::Config;
use crate::http::Operation;
use crate::seed::Seed;

/// Operations that misbehave, below the prefix of one dialect.
fn misbehaving(prefix: &str) -> Vec<Operation> {
    let at = |name: &str| -> &'static str { format!("{prefix}/{name}").leak() };
    let writes = async |context: Context| context.write(|_, tx| tx.next_revision()).to_string();
    let panics_while_writing = async |context: Context| -> StatusCode {
        context.write(|_, tx| {
            tx.next_revision();
            panic!("on purpose, with the lock held")
        })
    };
    vec![
        Operation::new(Method::GET, at("panics"), "panics", async || -> StatusCode { panic!("on purpose") }),
        Operation::new(Method::GET, at("never"), "never", std::future::pending::<StatusCode>),
        Operation::new(
            Method::POST,
            at("panics_while_writing"),
            "panics_while_writing",
            panics_while_writing,
        ),
        Operation::new(Method::POST, at("writes"), "writes", writes),
        Operation::new(Method::GET, at("reads"), "reads", async |context: Context| context.read(|_| "read")),
        Operation::new(Method::GET, at("echo"), "echo", async |uri: Uri| uri.to_string()),
    ]
}

fn misbehaving_front() -> Front {
    let config = Config { request_timeout: Duration::from_millis(50), ..Config::default() };
    let app = App::new(config, Seed::default()).unwrap();
    let mut own = misbehaving("/__admin");
    own.push(Operation::new(Method::GET, "/__admin/only", "get_only", async || "got"));
    own.push(Operation::new(Method::PUT, "/__admin/only", "put_only", async || "put"));
    let catalog =
        Catalog::new([(&dialect::legacy::DIALECT, misbehaving("/api2")), (&crate::admin::DIALECT, own)]);
    Front::new(app, Box::leak(Box::new(catalog)))
}

struct Answered {
    status: u16,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answered {
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }
}

async fn call(front: &Front, method: Method, path: &str) -> Answered {
    let request =
        Request::builder().method(method).uri(path).header("host", "localhost").body(Body::empty()).unwrap();
    let (parts, body) = front.answer(request).await.into_parts();
    let bytes = body.collect().await.unwrap().to_bytes();
    let text = String::from_utf8(bytes.to_vec()).unwrap();
    Answered { status: parts.status.as_u16(), headers: parts.headers, text }
}

#[tokio::test]
async fn a_panic_is_500_in_the_shape_of_the_dialect_that_owns_the_path() {
    let front = misbehaving_front();

    let legacy = call(&front, Method::GET, "/api2/panics.json").await;
    let admin = call(&front, Method::GET, "/__admin/panics").await;

    assert_eq!(legacy.status, 500);
    assert_eq!(legacy.headers[CONTENT_TYPE], "application/json; charset=utf-8");
    assert_eq!(legacy.json(), json!({"Message": "An error has occurred."}));
    assert_eq!(admin.status, 500);
    assert_eq!(admin.headers[CONTENT_TYPE], "application/json");
    assert_eq!(admin.json(), json!({"errors": [{"code": 500, "title": "the server failed"}]}));
    assert_eq!(call(&front, Method::GET, "/api2/reads.json").await.text, "read");
}

#[tokio::test]
async fn an_answer_that_takes_too_long_is_503_in_the_shape_of_the_dialect_that_owns_the_path() {
    let front = misbehaving_front();

    let legacy = call(&front, Method::GET, "/api2/never.json").await;

    assert_eq!(legacy.status, 503);
    assert_eq!(legacy.json(), json!({"Message": "An error has occurred."}));
    assert_eq!(call(&front, Method::GET, "/__admin/reads").await.text, "read");
}

#[tokio::test]
async fn a_panic_with_the_lock_held_does_not_stop_later_requests() {
    let front = misbehaving_front();

    let first = call(&front, Method::POST, "/api2/panics_while_writing.json").await;
    let second = call(&front, Method::POST, "/api2/panics_while_writing.json").await;

    assert_eq!([first.status, second.status], [500, 500]);
    assert_eq!(call(&front, Method::GET, "/api2/reads.json").await.text, "read");
    assert_eq!(call(&front, Method::POST, "/__admin/writes").await.text, "3");
}

#[tokio::test]
async fn an_unknown_path_is_404_in_the_shape_of_its_owner_and_a_path_of_nobody_is_the_servers_own() {
    let front = misbehaving_front();

    let legacy = call(&front, Method::GET, "/api2/nothing.json?x=1").await;
    let nobody = call(&front, Method::GET, "/api20/nothing").await;

    assert_eq!(legacy.status, 404);
    let message = "No HTTP resource was found that matches the request URI \
                   'http://localhost/api2/nothing.json'.";
    assert_eq!(legacy.json(), json!({"Message": message}));
    assert_eq!(nobody.status, 404);
    let title = "no API of this server has the path `/api20/nothing`";
    assert_eq!(nobody.json(), json!({"errors": [{"code": 404, "title": title}]}));
}

#[tokio::test]
async fn a_path_is_normalized_before_it_is_routed_and_its_query_stays_as_it_is() {
    let front = misbehaving_front();

    let legacy = call(&front, Method::GET, "/API2/Echo.Json?Name=A%20b").await;
    let without_suffix = call(&front, Method::GET, "/api2/echo?x=1").await;
    let admin = call(&front, Method::GET, "/__admin/echo?Name=A").await;
    let other_case = call(&front, Method::GET, "/__admin/Echo").await;

    assert_eq!(legacy.text, "/API2/Echo.Json?Name=A%20b");
    assert_eq!(without_suffix.status, 404);
    assert_eq!(admin.text, "/__admin/echo?Name=A");
    assert_eq!(other_case.status, 404);
}

#[tokio::test]
async fn a_method_that_a_path_does_not_take_is_405_with_those_it_takes() {
    let front = misbehaving_front();

    for method in [Method::POST, Method::DELETE, Method::PATCH, Method::OPTIONS, Method::TRACE] {
        let refused = call(&front, method.clone(), "/__admin/only").await;
        assert_eq!(refused.status, 405, "{method}");
        assert_eq!(refused.headers[ALLOW], "GET, PUT");
        let title = format!("the path does not take the method {method}");
        assert_eq!(refused.json(), json!({"errors": [{"code": 405, "title": title}]}));
    }
    assert_eq!(call(&front, Method::PUT, "/__admin/only").await.text, "put");
}

#[tokio::test]
async fn head_is_answered_like_get_and_without_a_body() {
    let front = misbehaving_front();

    let found = call(&front, Method::HEAD, "/__admin/only").await;
    let unknown = call(&front, Method::HEAD, "/__admin/nothing").await;
    let panicked = call(&front, Method::HEAD, "/api2/panics.json").await;

    assert_eq!((found.status, found.text.as_str()), (200, ""));
    assert_eq!((unknown.status, unknown.text.as_str()), (404, ""));
    assert_eq!((panicked.status, panicked.text.as_str()), (500, ""));
}

#[test]
fn the_future_of_a_request_stays_small() {
    let request = |method: Method, body: Body| {
        Request::builder().method(method).uri("/api2/reads.json").body(body).unwrap()
    };
    let front = misbehaving_front();

    let Either::Right(waiting) = front.answer(request(Method::POST, Body::from("{}"))) else {
        panic!("a request with a body waits for it")
    };
    let size = size_of_val(&*waiting);

    assert!(size <= 2560, "{size} bytes, which every request with a body allocates");
    assert!(matches!(front.answer(request(Method::GET, Body::empty())), Either::Left(_)));
}
