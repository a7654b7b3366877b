//! The test harness: a server per test, an HTTP client, and responses that are validated against `openapi.yaml`.

pub(crate) mod contract;
pub(crate) mod operation;
pub(crate) mod operations;
pub(crate) mod other_server;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;

use access_groups_mock::{App, Config, Seed, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use ureq::http::{HeaderMap, Method, Request};

/// A server on a random port with its own state; dropping it shuts it down.
pub(crate) struct TestServer {
    address: SocketAddr,
    agent: ureq::Agent,
    shutdown_tx: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl TestServer {
    /// Starts a server with the default configuration and no seed.
    pub(crate) fn start() -> Self {
        Self::with_config(Config::default(), "{}")
    }

    /// Starts a server with the default configuration and the objects of `seed`, the content of a seed file.
    pub(crate) fn with_seed(seed: &str) -> Self {
        Self::with_config(Config::default(), seed)
    }

    /// Starts a server with `config` and the objects of `seed`.
    pub(crate) fn with_config(config: Config, seed: &str) -> Self {
        Self::start_on(Builder::new_current_thread(), config, seed)
    }

    /// Starts a server that handles requests in parallel on four threads, like the binary.
    pub(crate) fn multi_threaded(config: Config, seed: &str) -> Self {
        let mut runtime = Builder::new_multi_thread();
        runtime.worker_threads(4);
        Self::start_on(runtime, config, seed)
    }

    fn start_on(mut runtime: Builder, config: Config, seed: &str) -> Self {
        let seed = Seed::parse(seed).expect("the seed of a test is valid");
        let app = App::new(config, seed).expect("the seed of a test is valid");
        let (shutdown_tx, shutdown_rx) = oneshot::channel();
        let (address_tx, address_rx) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                address_tx.send(listener.local_addr().unwrap()).unwrap();
                let shutdown = async {
                    let _ = shutdown_rx.await;
                };
                serve(listener, &app, shutdown).await.unwrap();
            });
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_idle_connections(0)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .build()
            .into();
        Self {
            address: address_rx.recv().unwrap(),
            agent,
            shutdown_tx: Some(shutdown_tx),
            thread: Some(thread),
        }
    }

    /// Returns the base URL without a trailing slash.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> TestRequest<'_> {
        self.request("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> TestRequest<'_> {
        self.request("POST", path)
    }

    pub(crate) fn put(&self, path: &str) -> TestRequest<'_> {
        self.request("PUT", path)
    }

    pub(crate) fn patch(&self, path: &str) -> TestRequest<'_> {
        self.request("PATCH", path)
    }

    pub(crate) fn delete(&self, path: &str) -> TestRequest<'_> {
        self.request("DELETE", path)
    }

    pub(crate) fn head(&self, path: &str) -> TestRequest<'_> {
        self.request("HEAD", path)
    }

    /// Builds a request with a bearer token that lenient mode accepts.
    pub(crate) fn request(&self, method: &str, path: &str) -> TestRequest<'_> {
        let headers = vec![("authorization".to_owned(), "Bearer a-test-token".to_owned())];
        TestRequest {
            server: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: None,
            allows_injected_error: false,
        }
    }

    /// Opens a TCP connection, for a request that is sent in several writes.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// Sends raw bytes and returns everything received until the server closes the connection.
    pub(crate) fn send_raw(&self, request: &[u8]) -> String {
        String::from_utf8_lossy(&self.send_raw_bytes(request)).into_owned()
    }

    /// Sends raw bytes like [`Self::send_raw`], and returns bytes.
    pub(crate) fn send_raw_bytes(&self, request: &[u8]) -> Vec<u8> {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut received = Vec::new();
        stream.read_to_end(&mut received).unwrap();
        received
    }
}

impl Drop for TestServer {
    fn drop(&mut self) {
        drop(self.shutdown_tx.take());
        if let Some(thread) = self.thread.take() {
            let result = thread.join();
            assert!(result.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}

/// A request builder.
#[must_use = "a request does nothing until it is sent"]
pub(crate) struct TestRequest<'a> {
    server: &'a TestServer,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    allows_injected_error: bool,
}

impl TestRequest<'_> {
    /// Sets a header and replaces earlier headers of the same name.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// Allows an injected error: a fault applies to the request, so the operation need not document the response.
    pub(crate) fn allow_injected_error(mut self) -> Self {
        self.allows_injected_error = true;
        self
    }

    /// Sets `X-Mock-Fault`, which injects a fault.
    pub(crate) fn fault(self, value: &str) -> Self {
        self.allow_injected_error().header("x-mock-fault", value)
    }

    /// Removes the credential.
    pub(crate) fn anonymous(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "authorization");
        self
    }

    /// Sets a JSON body and its content type.
    #[expect(clippy::needless_pass_by_value, reason = "callers can pass `json!` directly")]
    pub(crate) fn json(self, body: Value) -> Self {
        self.body(body.to_string()).header("content-type", "application/json")
    }

    /// Sets a body without a content type.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the request and validates the response against `openapi.yaml`.
    #[track_caller]
    pub(crate) fn send(self) -> TestResponse {
        let (method, path) = (self.method.clone(), self.path.clone());
        let allows_injected_error = self.allows_injected_error;
        let response = self.send_unchecked();
        contract::check_response(&method, &path, allows_injected_error, &response);
        response
    }

    /// Sends the request; for JSON that the JSON parser of the tests does not support.
    #[track_caller]
    pub(crate) fn send_unchecked(self) -> TestResponse {
        let uri = format!("{}{}", self.server.url(), self.path);
        let method: Method = self.method.parse().unwrap();
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.server.agent;
        let result = match self.body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut http_response =
            result.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path));
        let body = http_response.body_mut().with_config().limit(u64::MAX).read_to_vec().unwrap();
        TestResponse {
            request: format!("{} {}", self.method, self.path),
            status: http_response.status().as_u16(),
            headers: http_response.headers().clone(),
            body,
        }
    }
}

/// A response with its whole body.
#[derive(Debug)]
pub(crate) struct TestResponse {
    /// The method and path of the request, for assertion messages.
    pub(crate) request: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl TestResponse {
    /// Asserts the status and returns the response.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} returned {}", self.request, self.text());
        self
    }

    /// Parses the body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| {
            panic!("{} returned invalid JSON ({error}): {}", self.request, self.text())
        })
    }

    /// Returns the body as a string.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the value of a header, or an empty string if it is absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
