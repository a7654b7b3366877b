//! The server in this process that receives the requests of the targets, and the invariants of its responses.

use access_groups_mock::{
    Admin, App, CloudflareConfig, Config, Fault, JournalConfig, RuleCheck, Seed, router,
};
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use tokio::runtime::{Builder, Runtime};
use tower::ServiceExt;

use super::envelope;

/// The content of the seed, which has the objects of the examples.
pub(super) const DEMO_SEED: &str = include_str!("../../../seeds/demo.json");

/// A server with the demo seed; each thread has its own.
pub(super) struct Server {
    runtime: Runtime,
    router: Router,
    admin: Admin,
}

/// A response with its whole body.
#[derive(Debug)]
pub(super) struct Response {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

thread_local! {
    static SERVER: Server = Server::start();
}

/// Calls `target` with the server of this thread, whose state is the initial one.
pub(super) fn with_server(target: impl FnOnce(&Server)) {
    SERVER.with(|server| {
        server.admin.delete_namespaces();
        target(server);
    });
}

/// Returns the settings of a server whose identifiers and times are the same in every run.
pub(super) fn config() -> Config {
    Config {
        deterministic: Some(1),
        explain: true,
        journal: JournalConfig { entries: 20, ..JournalConfig::default() },
        cloudflare: CloudflareConfig { rules: RuleCheck::Strict, ..CloudflareConfig::default() },
        ..Config::default()
    }
}

impl Server {
    fn start() -> Self {
        let seed = Seed::parse(DEMO_SEED).expect("the demo seed is valid");
        let app = App::new(config(), seed).expect("the demo seed is valid");
        let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime starts");
        Self { runtime, router: router(&app), admin: Admin::new(app) }
    }

    /// Returns the state as JSON.
    pub(super) fn state(&self) -> String {
        to_json(&self.admin.state())
    }

    /// Returns the names of the namespaces.
    fn namespaces(&self) -> Vec<String> {
        self.admin.namespaces().into_iter().map(|namespace| namespace.name).collect()
    }

    /// Sends a request without checks.
    ///
    /// The body of an endless response is not read, and a body that a fault breaks ends where it is broken.
    pub(super) fn send_unchecked(&self, request: Request<Body>) -> Response {
        self.runtime.block_on(async {
            let response = self.router.clone().oneshot(request).await.expect("the router does not fail");
            let (parts, body) = response.into_parts();
            let is_stream =
                parts.headers.get("content-type").is_some_and(|it| it.as_bytes().starts_with(b"text/event"));
            let body = if is_stream { Body::empty() } else { body };
            let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
            Response { status: parts.status, headers: parts.headers, body: body.into() }
        })
    }

    /// Sends a request, and checks that no response is a server error, that an error has the format of the API that
    /// owns the path, and that a rejected request or a read changes nothing.
    pub(super) fn send(&self, request: Request<Body>) -> Response {
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let (before, namespaces) = (self.state(), self.namespaces());

        let response = self.send_unchecked(request);

        let status = response.status;
        let context = || format!("{method} {path} returned {status}: {}", response.text());
        assert!(!status.is_server_error(), "server error: {}", context());
        if let Err(reason) = envelope::check(&method, &path, &response) {
            panic!("{reason}: {}", context());
        }
        if is_not_admitted(status) {
            assert_eq!(namespaces, self.namespaces(), "the namespaces have changed: {}", context());
        }
        if status.is_client_error() || method.is_safe() {
            let after = self.state();
            assert!(before == after, "{}: {}", difference(&before, &after), context());
        }
        response
    }

    /// Checks that the state can be saved and restored, and is the same afterwards.
    pub(super) fn check_saved_state(&self) {
        let saved = self.state();
        let seed = match Seed::parse(&saved) {
            Ok(seed) => seed,
            Err(error) => panic!("{error} in the saved state {saved}"),
        };
        if let Err(error) = self.admin.put_state(&seed) {
            panic!("{error} in the saved state {saved}");
        }
        let restored = self.state();
        assert!(saved == restored, "after the state was restored: {}", difference(&saved, &restored));
    }
}

impl Response {
    /// Returns the body as a string.
    pub(super) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// Returns whether a status shows that a request was rejected before its namespace was created.
pub(crate) fn is_not_admitted(status: StatusCode) -> bool {
    matches!(status, StatusCode::UNAUTHORIZED | StatusCode::METHOD_NOT_ALLOWED)
}

/// Returns a request with a valid credential. `None` if the target is not one that hyper accepts.
pub(super) fn request(method: &str, target: &[u8], body: Vec<u8>) -> Option<Request<Body>> {
    let request = Request::builder().method(method).uri(axum::http::Uri::try_from(target).ok()?);
    let request = request.header("host", "localhost").header("authorization", "Bearer any");
    request.body(Body::from(body)).ok()
}

/// Returns whether the faults of a header `X-Mock-Fault` take real time.
pub(super) fn takes_time(faults: &[Fault]) -> bool {
    let json = to_json(&faults);
    ["\"delay\"", "\"slow-body\"", "\"truncate\""].iter().any(|effect| json.contains(effect))
}

/// Serializes a value that has a JSON form.
pub(super) fn to_json(value: &impl serde::Serialize) -> String {
    serde_json::to_string(value).expect("the value can be serialized")
}

/// Returns the first difference of two states.
pub(crate) fn difference(before: &str, after: &str) -> String {
    let at = before.bytes().zip(after.bytes()).take_while(|(left, right)| left == right).count();
    let excerpt = |text: &str| {
        let start = at.saturating_sub(100);
        String::from_utf8_lossy(&text.as_bytes()[start.min(text.len())..(at + 200).min(text.len())])
            .into_owned()
    };
    format!("the states differ: {} and then {}", excerpt(before), excerpt(after))
}
