//! `MockServer`: a server in one line, for tests in Rust.
//!
//! Imports `admin`, `app`, `config`, `control`, `seed`, `server` and `store`.

use std::fmt;
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::oneshot;

use crate::admin::AdminError;
use crate::admin::api::Admin;
use crate::admin::search::{Search, Times};
use crate::app::App;
use crate::config::{AuthMode, Config, Dialect};
use crate::control::fault::Fault;
use crate::control::limit::RateLimit;
use crate::seed::Seed;
use crate::server::serve;
use crate::store::Clock;

/// The beginning of the clock of a fixture: 2026-01-01T00:00:00Z.
const BEGINNING: i64 = 1_767_225_600;

/// A running server: it is ready when it is made, and gone when it is dropped.
///
/// It listens on a free port of 127.0.0.1, on a thread of its own, so that no runtime is needed. It repeats
/// identifiers and times from run to run: its clock begins at 2026-01-01T00:00:00Z and steps by a second with each
/// request, unless the builder says otherwise.
///
/// ```
/// use std::io::{Read, Write};
///
/// let mock = access_groups_mock::MockServer::start();
///
/// let mut connection = std::net::TcpStream::connect(mock.address())?;
/// connection.write_all(b"GET /v1/groups HTTP/1.0\r\nAuthorization: Bearer any\r\n\r\n")?;
/// let mut answer = String::new();
/// connection.read_to_string(&mut answer)?;
/// assert!(answer.starts_with("HTTP/1.0 200 OK"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MockServer {
    app: App,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// One namespace of a server: a complete private mock, with its URLs and its control.
///
/// ```
/// use access_groups_mock::MockServer;
///
/// let mock = MockServer::start();
/// let mine = mock.namespace("my-test");
///
/// assert_eq!(mine.url(), format!("http://{}/ns/my-test", mock.address()));
/// assert_eq!(mine.admin().name(), "my-test");
/// ```
#[derive(Debug, Clone)]
pub struct MockNamespace {
    url: String,
    admin: Admin,
}

/// What a server is to be like before it starts.
///
/// ```
/// use access_groups_mock::{AuthMode, Fault, MockServer, Dialect};
///
/// let mock = MockServer::builder()
///     .dialects([Dialect::Ibm])
///     .seed(r#"{"ibm":{"accounts":{"a1":{"groups":[{"name":"Devs"}]}}}}"#)
///     .auth(AuthMode::Off)
///     .fault(Fault::status(503).times(1))
///     .start();
///
/// assert_eq!(mock.admin().faults().len(), 1);
/// ```
#[derive(Debug)]
pub struct MockServerBuilder {
    config: Config,
    seed: SeedSource,
    listener: Option<TcpListener>,
}

/// What a server begins with.
#[derive(Debug)]
enum SeedSource {
    Text(String),
    Read(Box<Seed>),
}

impl MockServer {
    /// Starts an empty server.
    ///
    /// # Panics
    /// No port of 127.0.0.1 is free.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.address().ip().is_loopback());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn start() -> Self {
        Self::builder().start()
    }

    /// Starts an empty server without blocking the runtime that awaits it.
    ///
    /// # Panics
    /// No port of 127.0.0.1 is free.
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// let mock = access_groups_mock::MockServer::start_async().await;
    /// assert!(mock.url().starts_with("http://127.0.0.1:"));
    /// # });
    /// ```
    pub async fn start_async() -> Self {
        Self::builder().start_async().await
    }

    /// Returns what a server is to be like, to be changed before it starts.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::builder().start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    /// Returns the address that it listens on.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_ne!(mock.address().port(), 0);
    /// ```
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns its URL, without a slash at the end.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.url(), format!("http://{}", mock.address()));
    /// ```
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the base URL for Cloudflare's clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.cloudflare_url(), format!("{}/client/v4", mock.url()));
    /// ```
    pub fn cloudflare_url(&self) -> String {
        self.default_namespace().cloudflare_url()
    }

    /// Returns the base URL for IBM's clients, also of their token endpoint.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.ibm_url(), mock.url());
    /// ```
    pub fn ibm_url(&self) -> String {
        self.default_namespace().ibm_url()
    }

    /// Returns the base URL for Authress' clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.authress_url(), mock.url());
    /// ```
    pub fn authress_url(&self) -> String {
        self.default_namespace().authress_url()
    }

    /// Returns the base URL for clients of the legacy API.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.legacy_url(), format!("{}/api2", mock.url()));
    /// ```
    pub fn legacy_url(&self) -> String {
        self.default_namespace().legacy_url()
    }

    /// Returns the namespace `name`, which is made from the seed where there is none yet.
    ///
    /// # Panics
    /// The name is none: it has 1 to 128 ASCII letters, digits and characters of `._~:@+-`.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// let (one, two) = (mock.namespace("one"), mock.namespace("two"));
    /// assert_ne!(one.ibm_url(), two.ibm_url());
    /// ```
    #[must_use]
    #[track_caller]
    pub fn namespace(&self, name: &str) -> MockNamespace {
        match self.admin().namespace(name) {
            Ok(admin) => MockNamespace { url: format!("{}/ns/{name}", self.url()), admin },
            Err(error) => panic!("{error}"),
        }
    }

    /// Returns the control of the default namespace, and of the server through it.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// mock.admin().reset();
    /// ```
    pub fn admin(&self) -> Admin {
        Admin::new(self.app.clone())
    }

    /// Checks that as many requests came as expected.
    ///
    /// # Panics
    /// They did not; the text shows what came instead.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Pattern, Times};
    ///
    /// let mock = MockServer::start();
    /// mock.verify(Pattern::operation("ibm_create_access_group"), Times::Exactly(0));
    /// ```
    #[track_caller]
    pub fn verify(&self, search: impl Into<Search>, times: Times) {
        self.default_namespace().verify(search, times);
    }

    fn default_namespace(&self) -> MockNamespace {
        MockNamespace { url: self.url(), admin: self.admin() }
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        // Without the sender the server stops, whatever becomes of the message.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && !std::thread::panicking()
        {
            // The thread ends by itself; what it panicked with has been told of there.
            let _ = thread.join();
        }
    }
}

impl MockNamespace {
    /// Returns its URL, without a slash at the end.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.namespace("a").url().ends_with("/ns/a"));
    /// ```
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Returns the base URL for Cloudflare's clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.namespace("a").cloudflare_url().ends_with("/ns/a/client/v4"));
    /// ```
    pub fn cloudflare_url(&self) -> String {
        format!("{}/client/v4", self.url)
    }

    /// Returns the base URL for IBM's clients, also of their token endpoint.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.namespace("a").ibm_url().ends_with("/ns/a"));
    /// ```
    pub fn ibm_url(&self) -> String {
        self.url.clone()
    }

    /// Returns the base URL for Authress' clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.namespace("a").authress_url().ends_with("/ns/a"));
    /// ```
    pub fn authress_url(&self) -> String {
        self.url.clone()
    }

    /// Returns the base URL for clients of the legacy API.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert!(mock.namespace("a").legacy_url().ends_with("/ns/a/api2"));
    /// ```
    pub fn legacy_url(&self) -> String {
        format!("{}/api2", self.url)
    }

    /// Returns its control.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::start();
    /// mock.namespace("a").admin().add_fault(Fault::status(503))?;
    /// assert!(mock.namespace("b").admin().faults().is_empty());
    /// # Ok::<(), access_groups_mock::AdminError>(())
    /// ```
    pub const fn admin(&self) -> &Admin {
        &self.admin
    }

    /// Checks that as many requests came as expected.
    ///
    /// # Panics
    /// They did not; the text shows what came instead.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Pattern, Times};
    ///
    /// let mock = MockServer::start();
    /// mock.namespace("a").verify(Pattern::default(), Times::AtMost(0));
    /// ```
    #[track_caller]
    pub fn verify(&self, search: impl Into<Search>, times: Times) {
        if let Err(error) = self.admin.verify(&search.into(), times) {
            panic!("{error}");
        }
    }
}

impl fmt::Display for MockNamespace {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.url)
    }
}

impl Default for MockServerBuilder {
    fn default() -> Self {
        let start = DateTime::from_timestamp(BEGINNING, 0).unwrap_or_default();
        let clock = Clock::Stepping(start, TimeDelta::seconds(1));
        let config = Config { clock, deterministic: Some(0), ..Config::default() };
        Self { config, seed: SeedSource::Read(Box::default()), listener: None }
    }
}

impl MockServerBuilder {
    /// Serves only these dialects; all of them by default.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Dialect};
    ///
    /// let mock = MockServer::builder().dialects([Dialect::Authress]).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn dialects(mut self, dialects: impl IntoIterator<Item = Dialect>) -> Self {
        self.config.dialects = dialects.into_iter().collect();
        self
    }

    /// Begins with the objects of a seed file's text.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::builder()
    ///     .seed(r#"{"authress":{"groups":[{"groupId":"grp_g","name":"G","users":[],"admins":[]}]}}"#)
    ///     .start();
    /// assert_eq!(mock.admin().namespaces()[0].groups, 1);
    /// ```
    #[must_use]
    pub fn seed(mut self, text: impl Into<String>) -> Self {
        self.seed = SeedSource::Text(text.into());
        self
    }

    /// Begins with the objects of a seed that was read.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Seed};
    ///
    /// let seed = Seed::parse("{}")?;
    /// let mock = MockServer::builder().parsed_seed(seed).start();
    /// # drop(mock);
    /// # Ok::<(), access_groups_mock::SeedError>(())
    /// ```
    #[must_use]
    pub fn parsed_seed(mut self, seed: Seed) -> Self {
        self.seed = SeedSource::Read(Box::new(seed));
        self
    }

    /// Sets how credentials are checked; [`AuthMode::Lenient`] by default.
    ///
    /// ```
    /// use access_groups_mock::{AuthMode, MockServer};
    ///
    /// let mock = MockServer::builder().auth(AuthMode::Strict).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub const fn auth(mut self, auth: AuthMode) -> Self {
        self.config.auth = auth;
        self
    }

    /// Sets how time passes.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, store::Clock};
    ///
    /// let mock = MockServer::builder().clock(Clock::System).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub const fn clock(mut self, clock: Clock) -> Self {
        self.config.clock = clock;
        self
    }

    /// Lets time stand still at `now`.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let now = "2030-01-01T00:00:00Z".parse().unwrap();
    /// let mock = MockServer::builder().frozen_at(now).start();
    /// assert_eq!(mock.admin().clock().now, now);
    /// ```
    #[must_use]
    pub const fn frozen_at(self, now: DateTime<Utc>) -> Self {
        self.clock(Clock::Frozen(now))
    }

    /// Draws identifiers, tokens and probabilities from `seed`; from 0 by default.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::builder().deterministic(42).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub const fn deterministic(mut self, seed: u64) -> Self {
        self.config.deterministic = Some(seed);
        self
    }

    /// Draws other identifiers in each run, and follows the machine's clock.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::builder().random().start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub const fn random(mut self) -> Self {
        self.config.deterministic = None;
        self.config.clock = Clock::System;
        self
    }

    /// Adds a fault that every namespace begins with, also after a reset.
    ///
    /// ```
    /// use access_groups_mock::{Fault, MockServer};
    ///
    /// let mock = MockServer::builder().fault(Fault::status(503).times(2)).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.config.faults.push(fault);
        self
    }

    /// Sets the rate limit of a dialect.
    ///
    /// ```
    /// use access_groups_mock::{MockServer, Dialect};
    ///
    /// let mock = MockServer::builder().rate_limit(Dialect::Ibm, "100/1m".parse().unwrap()).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn rate_limit(mut self, dialect: Dialect, limit: RateLimit) -> Self {
        self.config.rate_limits.insert(dialect.name().to_owned(), limit);
        self
    }

    /// Listens on a listener of the caller's.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let port = listener.local_addr()?.port();
    /// let mock = MockServer::builder().listener(listener).start();
    /// assert_eq!(mock.address().port(), port);
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[must_use]
    pub fn listener(mut self, listener: TcpListener) -> Self {
        self.listener = Some(listener);
        self
    }

    /// Changes any setting that has no method of its own.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let mock = MockServer::builder().configure(|config| config.body_limit = 1024).start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn configure(mut self, change: impl FnOnce(&mut Config)) -> Self {
        change(&mut self.config);
        self
    }

    /// Starts the server; it is ready when this returns.
    ///
    /// # Panics
    /// The seed is wrong, no port is free, or there is no thread for it.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::builder().start();
    /// # drop(mock);
    /// ```
    #[must_use]
    #[track_caller]
    pub fn start(self) -> MockServer {
        match self.try_start() {
            Ok(mock) => mock,
            Err(error) => panic!("the mock server does not start: {error}"),
        }
    }

    /// Starts the server without blocking the runtime that awaits it.
    ///
    /// # Panics
    /// As [`MockServerBuilder::start`].
    ///
    /// ```
    /// # let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    /// # runtime.block_on(async {
    /// let mock = access_groups_mock::MockServer::builder().start_async().await;
    /// # drop(mock);
    /// # });
    /// ```
    pub async fn start_async(self) -> MockServer {
        match tokio::task::spawn_blocking(|| self.try_start()).await {
            Ok(Ok(mock)) => mock,
            Ok(Err(error)) => panic!("the mock server does not start: {error}"),
            Err(error) => panic!("the mock server does not start: {error}"),
        }
    }

    /// Starts the server, or says why it does not.
    ///
    /// # Errors
    /// The seed is wrong, no port is free, or there is no thread for it.
    ///
    /// ```
    /// use access_groups_mock::MockServer;
    ///
    /// let error = MockServer::builder().seed(r#"{"ibm":7}"#).try_start().unwrap_err();
    /// assert!(error.to_string().starts_with("ibm"), "{error}");
    /// ```
    pub fn try_start(self) -> Result<MockServer, AdminError> {
        let failed = |what: &'static str| {
            move |error: std::io::Error| AdminError::Wrong {
                path: what.to_owned(),
                reason: error.to_string(),
            }
        };
        let seed = match self.seed {
            SeedSource::Text(text) => Seed::parse(&text)?,
            SeedSource::Read(seed) => *seed,
        };
        let listener = match self.listener {
            Some(listener) => listener,
            None => TcpListener::bind("127.0.0.1:0").map_err(failed("listener"))?,
        };
        listener.set_nonblocking(true).map_err(failed("listener"))?;
        let address = listener.local_addr().map_err(failed("listener"))?;
        let app = App::new(Config { address: Some(address), ..self.config }, seed)?;
        let (stop, stopped) = oneshot::channel();
        let served = app.clone();
        let thread = std::thread::Builder::new().name("access-groups-mock".to_owned());
        let thread = thread.spawn(move || run(listener, &served, stopped)).map_err(failed("thread"))?;
        Ok(MockServer { app, address, stop: Some(stop), thread: Some(thread) })
    }
}

/// Serves until `stopped`, and then ends at once: nobody waits for the answers of a test that is over.
fn run(listener: TcpListener, app: &App, stopped: oneshot::Receiver<()>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = match runtime {
        Ok(runtime) => runtime,
        Err(error) => panic!("the runtime of the mock server does not start: {error}"),
    };
    runtime.block_on(async move {
        let listener = match tokio::net::TcpListener::from_std(listener) {
            Ok(listener) => listener,
            Err(error) => panic!("the listener of the mock server is lost: {error}"),
        };
        tokio::select! {
            _ = stopped => {}
            _ = serve(listener, app, std::future::pending()) => {}
        }
    });
    runtime.shutdown_background();
}
