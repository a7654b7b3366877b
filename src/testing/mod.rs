//! `MockServer`: an in-process server for Rust tests.
//!
//! Imports `admin`, `app`, `config`, `control`, `domain`, `server` and `store`.

mod builder;
mod namespace;

use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use crate::admin::api::Admin;
use crate::admin::search::{Search, Times};
use crate::app::App;
pub use builder::MockServerBuilder;
pub use namespace::MockNamespace;

/// A running server, which is ready when it is returned and stops when it is dropped.
///
/// If it is dropped because a test fails, its requests are printed with the rules that rejected them.
///
/// It listens on a free port of 127.0.0.1 and runs on its own thread, so that no async runtime is needed. Identifiers
/// and times are the same in each run: by default, the virtual clock starts at 2026-01-01T00:00:00Z and advances by one
/// second with each request. The builder can change this.
///
/// ```
/// use std::io::{Read, Write};
///
/// let mock = access_groups_mock::MockServer::start();
///
/// let mut connection = std::net::TcpStream::connect(mock.address())?;
/// connection.write_all(b"GET /v1/groups HTTP/1.0\r\nAuthorization: Bearer any\r\n\r\n")?;
/// let mut response = String::new();
/// connection.read_to_string(&mut response)?;
/// assert!(response.starts_with("HTTP/1.0 200 OK"));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct MockServer {
    app: App,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl MockServer {
    /// Starts a server without seed.
    ///
    /// # Panics
    /// Panics if no port of 127.0.0.1 is free.
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

    /// Starts a server without seed, without blocking the async runtime.
    ///
    /// # Panics
    /// Panics if no port of 127.0.0.1 is free.
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

    /// Returns a builder with the default configuration.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::builder().start();
    /// # drop(mock);
    /// ```
    #[must_use]
    pub fn builder() -> MockServerBuilder {
        MockServerBuilder::default()
    }

    /// Returns the address that the server listens on.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_ne!(mock.address().port(), 0);
    /// ```
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the URL of the server, without a trailing slash.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.url(), format!("http://{}", mock.address()));
    /// ```
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the base URL for Cloudflare clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.cloudflare_url(), format!("{}/client/v4", mock.url()));
    /// ```
    #[cfg(feature = "cloudflare")]
    pub fn cloudflare_url(&self) -> String {
        self.default_namespace().cloudflare_url()
    }

    /// Returns the base URL for IBM clients, which also contains the token endpoint.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.ibm_url(), mock.url());
    /// ```
    #[cfg(feature = "ibm")]
    pub fn ibm_url(&self) -> String {
        self.default_namespace().ibm_url()
    }

    /// Returns the base URL for Authress clients.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.authress_url(), mock.url());
    /// ```
    #[cfg(feature = "authress")]
    pub fn authress_url(&self) -> String {
        self.default_namespace().authress_url()
    }

    /// Returns the base URL for clients of the legacy API, whose paths start with `/api2`.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// assert_eq!(mock.legacy_url(), mock.url());
    /// ```
    #[cfg(feature = "legacy")]
    pub fn legacy_url(&self) -> String {
        self.default_namespace().legacy_url()
    }

    /// Returns the namespace `name`, which is created from the seed on first use.
    ///
    /// # Panics
    /// Panics if the name is invalid: it must have 1 to 128 ASCII letters, digits and characters of `._~:@+-`.
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

    /// Returns a handle that controls the default namespace and the server.
    ///
    /// ```
    /// let mock = access_groups_mock::MockServer::start();
    /// mock.admin().reset();
    /// ```
    pub fn admin(&self) -> Admin {
        Admin::new(self.app.clone())
    }

    /// Verifies that the number of requests that match `search` is as expected.
    ///
    /// # Panics
    /// Panics if it is not; the message lists the received requests.
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

    /// Prints the requests to all namespaces, for the output of a failed test.
    fn print_requests(&self) {
        for namespace in self.app.namespaces().list() {
            let print = || {
                let name = namespace.name.clone();
                let transcript = Admin::new(self.app.with_namespace(namespace)).transcript();
                if !transcript.is_empty() {
                    // Only this macro writes to the output of the test.
                    eprintln!("requests to the namespace `{name}` of {}:\n{transcript}", self.url());
                }
            };
            // It panics if standard error cannot be written, and a second panic would abort the process.
            let _ = catch_unwind(AssertUnwindSafe(print));
        }
    }

    fn default_namespace(&self) -> MockNamespace {
        MockNamespace { url: self.url(), admin: self.admin() }
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.print_requests();
        }
        // Dropping the sender stops the server.
        drop(self.stop.take());
        if let Some(thread) = self.thread.take()
            && !std::thread::panicking()
        {
            // A panic of the server thread has already been reported by its panic hook.
            let _ = thread.join();
        }
    }
}
