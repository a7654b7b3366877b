//! Routing: the router in another program, methods that a path does not have, and paths without a route.

mod embedding;
mod fallback_servers;
mod fallbacks;
mod methods;

use access_groups_mock::{App, Config, Seed, router};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request};
use axum::routing::get;
use serde_json::{Value, json};
use tokio::runtime::Builder;
use tower::ServiceExt;

const DEMO_SEED: &str = include_str!("../../../seeds/demo.json");

const CLOUDFLARE_GROUP: &str =
    "/accounts/023e105f4ecef8ad9ca31a8372d0c353/access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415";
const IBM_GROUP: &str = "/v2/groups/AccessGroupId-1b0d2c34-7c1e-4f0a-9a55-2f1f0b0c7e11";
const LEGACY_GROUPS: &str = "/api2/access_groups.json";

/// An object of the demo seed for each vendor: its path, and a part of the response.
const OBJECTS: [(&str, &str); 6] = [
    (CLOUDFLARE_GROUP, "\"Allow devs\""),
    (
        "/client/v4/zones/9a7806061c88ada191ed06f989cc3dac/access/groups/f174e90a-fafe-4643-bbbc-4a0ed4fc8415/",
        "\"Office network\"",
    ),
    (IBM_GROUP, "\"Blue Team\""),
    ("/v1/groups/grp_support", "\"Support\""),
    ("/api2/access_groups/4.json", "\"Readers\""),
    ("/API2/Access_Groups/4.JSON", "\"Readers\""),
];

/// The places of the server in [`program`].
const PLACES: [&str; 4] = ["", "/mock", "/ns/one", "/mock/ns/one"];

/// The response of a router without a connection.
struct RouterResponse {
    status: u16,
    headers: HeaderMap,
    text: String,
}

impl RouterResponse {
    #[track_caller]
    fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.text);
        self
    }

    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Returns a router whose server has the objects of the demo seed.
fn demo_router(config: Config) -> Router {
    router(&App::new(config, Seed::parse(DEMO_SEED).unwrap()).unwrap())
}

/// Returns another program with routes of its own, which contains a server twice: merged, and nested under `/mock`.
fn program(config: Config) -> Router {
    let server = demo_router(config);
    Router::new()
        .route("/hello", get(async || "hello"))
        .route("/v1/groups/own/route", get(async || "own route"))
        .nest("/mock", server.clone())
        .merge(server)
}

/// Sends a request with a bearer token and a JSON body to `router`.
fn send(router: &Router, method: &str, target: &str, body: &str) -> RouterResponse {
    send_with(router, method, target, ("content-type", "application/json"), body)
}

/// Sends a request with a bearer token and another header to `router`.
fn send_with(
    router: &Router,
    method: &str,
    target: &str,
    header: (&str, &str),
    body: &str,
) -> RouterResponse {
    let request = Request::builder().method(method).uri(target).header(header.0, header.1);
    let request = request.header("host", "mock.test").header("authorization", "Bearer any");
    let request = request.body(Body::from(body.to_owned())).unwrap();
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
        let (parts, body) = router.clone().oneshot(request).await.unwrap().into_parts();
        let text = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        RouterResponse { status: parts.status.as_u16(), headers: parts.headers, text }
    })
}

fn admin_not_found(path: &str) -> Value {
    json!({"errors": [{"code": 404, "title": format!("no API of this server has the path `{path}`")}]})
}
