//! What every test uses: a server of its own, a client, and answers that are held against `openapi.yaml`.

pub(crate) mod contract;
pub(crate) mod operations;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::thread::JoinHandle;

use access_groups_mock::{App, Config, Seed, serve};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use ureq::http::{HeaderMap, Method, Request};

/// A server on a random port, with its own store; it stops when it is dropped.
pub(crate) struct Mock {
    address: SocketAddr,
    agent: ureq::Agent,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Mock {
    /// Starts a server with the default settings and an empty store.
    pub(crate) fn start() -> Self {
        Self::with(Config::default(), "{}")
    }

    /// Starts a server with the default settings and the objects of `seed`, a seed file's text.
    pub(crate) fn seeded(seed: &str) -> Self {
        Self::with(Config::default(), seed)
    }

    /// Starts a server with `config` and the objects of `seed`.
    pub(crate) fn with(config: Config, seed: &str) -> Self {
        Self::on(Builder::new_current_thread(), config, seed)
    }

    /// Starts a server that answers several requests at the same time, as the binary does.
    pub(crate) fn parallel(config: Config, seed: &str) -> Self {
        let mut runtime = Builder::new_multi_thread();
        runtime.worker_threads(4);
        Self::on(runtime, config, seed)
    }

    fn on(mut runtime: Builder, config: Config, seed: &str) -> Self {
        let seed = Seed::parse(seed).expect("the seed of a test is sound");
        let app = App::new(config, seed).expect("the seed of a test is sound");
        let (stop, stopped) = oneshot::channel();
        let (send_address, address) = std::sync::mpsc::channel();
        let thread = std::thread::spawn(move || {
            let runtime = runtime.enable_all().build().unwrap();
            runtime.block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                send_address.send(listener.local_addr().unwrap()).unwrap();
                let stopped = async {
                    let _ = stopped.await;
                };
                serve(listener, &app, stopped).await.unwrap();
            });
        });
        let agent = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_idle_connections(0)
            .build()
            .into();
        Self { address: address.recv().unwrap(), agent, stop: Some(stop), thread: Some(thread) }
    }

    /// The base URL, without a slash at its end.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call("GET", path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call("POST", path)
    }

    pub(crate) fn put(&self, path: &str) -> Call<'_> {
        self.call("PUT", path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call<'_> {
        self.call("PATCH", path)
    }

    pub(crate) fn delete(&self, path: &str) -> Call<'_> {
        self.call("DELETE", path)
    }

    pub(crate) fn head(&self, path: &str) -> Call<'_> {
        self.call("HEAD", path)
    }

    /// A request with a bearer token that lenient mode accepts.
    pub(crate) fn call(&self, method: &str, path: &str) -> Call<'_> {
        let headers = vec![("authorization".to_owned(), "Bearer a-test-token".to_owned())];
        Call {
            mock: self,
            method: method.to_owned(),
            path: path.to_owned(),
            headers,
            body: None,
            is_struck: false,
        }
    }

    /// A connection of its own, for a request that is sent piece by piece.
    pub(crate) fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).unwrap()
    }

    /// Sends bytes as they are and returns everything that comes back until the server closes.
    pub(crate) fn raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let ended = thread.join();
            assert!(ended.is_ok() || std::thread::panicking(), "the server panicked");
        }
    }
}

/// A request under construction.
#[must_use = "a call does nothing until it is sent"]
pub(crate) struct Call<'a> {
    mock: &'a Mock,
    method: String,
    path: String,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
    is_struck: bool,
}

impl Call<'_> {
    /// Sets a header; an earlier one of the same name goes.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        self
    }

    /// Says that a fault strikes the request, so that its answer may be one that the operation does not document.
    pub(crate) fn struck(mut self) -> Self {
        self.is_struck = true;
        self
    }

    /// Asks for a fault.
    pub(crate) fn fault(self, text: &str) -> Self {
        self.struck().header("x-mock-fault", text)
    }

    /// Leaves the credential out.
    pub(crate) fn anonymous(mut self) -> Self {
        self.headers.retain(|(name, _)| name != "authorization");
        self
    }

    /// Sets a JSON body and its content type.
    #[expect(clippy::needless_pass_by_value, reason = "calls read better with `json!` in place")]
    pub(crate) fn json(self, body: Value) -> Self {
        self.body(body.to_string()).header("content-type", "application/json")
    }

    /// Sets a body and no content type.
    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = Some(body.into());
        self
    }

    /// Sends the request and holds the answer against `openapi.yaml`.
    #[track_caller]
    pub(crate) fn send(self) -> Reply {
        let uri = format!("{}{}", self.mock.url(), self.path);
        let method: Method = self.method.parse().unwrap();
        let mut request = Request::builder().method(method).uri(uri);
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let agent = &self.mock.agent;
        let answer = match self.body {
            Some(body) => agent.run(request.body(body).unwrap()),
            None => agent.run(request.body(()).unwrap()),
        };
        let mut answer = answer.unwrap_or_else(|error| panic!("{} {}: {error}", self.method, self.path));
        let body = answer.body_mut().with_config().limit(u64::MAX).read_to_vec().unwrap();
        let reply = Reply {
            call: format!("{} {}", self.method, self.path),
            status: answer.status().as_u16(),
            headers: answer.headers().clone(),
            body,
        };
        contract::check(&self.method, &self.path, self.is_struck, &reply);
        reply
    }
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Reply {
    call: String,
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    /// Asserts the status.
    #[track_caller]
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{} answered {}", self.call, self.text());
        self
    }

    /// The body as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body)
            .unwrap_or_else(|error| panic!("{} answered no JSON ({error}): {}", self.call, self.text()))
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or the empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}
