//! `serve`: runs a server on a listener; shared by the binary, the test server and the tests.
//!
//! HTTP/1.1, HTTP/2 (with the Cargo feature `http2`) and, with TLS, HTTPS share one port. This module replaces [`axum::serve`](fn@axum::serve) (see
//! axum's example `serve-with-hyper`), because a fault ends a connection with an error of the service, which an axum
//! `Router` cannot return, and because idle connections are closed.

#[cfg(feature = "http2")]
mod check_timer;
mod connection;
mod http_server;
#[cfg(feature = "http2")]
mod new_streams;
mod observed_body;
mod observed_io;

use std::fmt;
use std::future::{Future, poll_fn};
use std::io::{self, ErrorKind};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::Request;
use axum::http::Version;
use axum::response::Response;
use futures_util::future::poll_immediate;
use futures_util::stream::FuturesUnordered;
use futures_util::{FutureExt, StreamExt};
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tower::Service;

use crate::app::App;
use crate::http::base_url::TlsConnection;
use crate::pipeline::broken_response::ConnectionFault;
use crate::router::router;
use connection::{Connection, ConnectionHandle, ConnectionProbe, InFlightRequests};
use http_server::HttpServer;
use observed_body::ObservedBody;
#[cfg(feature = "tls")]
use observed_io::TLS_HANDSHAKE_RECORD;
use observed_io::{ObservedIo, Stream, TlsDetector};

/// The interval at which a shutdown checks whether only connections without a complete request are left.
const SHUTDOWN_POLL_INTERVAL: Duration = Duration::from_secs(1);

/// The pause after an error of the listener that is not a client's, such as too many open files.
const ACCEPT_BACKOFF: Duration = Duration::from_secs(1);

/// The maximum time in which a connection that is closed because it is idle tells its client, with a GOAWAY in HTTP/2.
const MAX_GOODBYE_TIME: Duration = Duration::from_millis(500);

/// Serves `app` on `listener` until `shutdown` completes, and then waits for requests in flight, each within the
/// request timeout.
///
/// # Errors
/// Currently none: an error of a connection only ends that connection, and `accept` is retried after an error.
///
/// ```
/// use access_groups_mock::{App, Config, Seed, serve};
///
/// # let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
/// # runtime.block_on(async {
/// let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
/// let app = App::new(Config::default(), Seed::default()).unwrap();
/// serve(listener, &app, async { /* until this is done */ }).await.unwrap();
/// # });
/// ```
pub async fn serve(listener: TcpListener, app: &App, shutdown: impl Future<Output = ()>) -> io::Result<()> {
    let in_flight = InFlightRequests::default();
    let server = ConnectionServer::new(app, in_flight.clone());
    // Each connection has a receiver until it ends.
    let (shutdown_tx, shutdown_rx) = watch::channel(());
    let mut shutdown = pin!(shutdown);
    loop {
        let stream = tokio::select! {
            () = &mut shutdown => break,
            stream = accept(&listener) => stream,
        };
        // Small responses must not wait for the acknowledgement of the previous one.
        let _ = stream.set_nodelay(true);
        tokio::spawn(server.clone().handle_connection(stream, shutdown_rx.clone()));
    }
    drop((listener, shutdown_rx));
    drain_connections(shutdown_tx, &in_flight).await;
    Ok(())
}

/// A connection with what observes and ends it.
struct ObservedConnection {
    handle: ConnectionHandle,
    probe: ConnectionProbe,
    shutdown_rx: watch::Receiver<()>,
}

/// Why the server ends a connection.
#[derive(PartialEq, Eq)]
enum End {
    Idle,
    Shutdown,
}

/// Serves connections.
#[derive(Clone)]
struct ConnectionServer {
    router: Router,
    in_flight: InFlightRequests,
    /// The maximum idle time of a connection.
    idle_timeout: Duration,
    /// Whether a client that speaks TLS to the plain port was logged.
    has_logged_tls: Arc<AtomicBool>,
    #[cfg(feature = "tls")]
    tls: Option<crate::config::tls::Tls>,
}

impl ConnectionServer {
    fn new(app: &App, in_flight: InFlightRequests) -> Self {
        let idle_timeout = app.config().request_timeout;
        Self {
            router: router(app),
            in_flight,
            idle_timeout,
            has_logged_tls: Arc::default(),
            #[cfg(feature = "tls")]
            tls: app.config().tls.clone(),
        }
    }

    /// Serves one connection. With TLS, the server may shut down before the first byte, which then ends the connection.
    #[cfg_attr(
        not(feature = "tls"),
        expect(unused_mut, reason = "only waiting for the first byte changes `shutdown_rx`")
    )]
    async fn handle_connection(self, stream: TcpStream, mut shutdown_rx: watch::Receiver<()>) {
        #[cfg(feature = "tls")]
        let is_tls = if self.tls.is_some() {
            let first_byte = tokio::time::timeout(self.idle_timeout, first_byte(&stream));
            let first_byte = tokio::select! {
                first_byte = first_byte => first_byte,
                _ = shutdown_rx.changed() => return,
            };
            match first_byte {
                Ok(Ok(byte)) => byte == TLS_HANDSHAKE_RECORD,
                Ok(Err(error)) => return tracing::debug!(%error, "connection closed before its first byte"),
                Err(_) => return tracing::debug!("connection timed out before its first byte"),
            }
        } else {
            false
        };
        let (connection, handle, probe) = Connection::new(stream, self.in_flight.clone());
        let observed = ObservedConnection { handle, probe, shutdown_rx };
        #[cfg(feature = "tls")]
        if is_tls {
            return self.accept_tls(connection, observed).await;
        }
        self.serve_http(Box::new(connection), observed, false).await;
    }

    /// Serves one connection with TLS.
    #[cfg(feature = "tls")]
    async fn accept_tls(&self, connection: Connection, observed: ObservedConnection) {
        let Some(tls) = &self.tls else { return };
        match tokio::time::timeout(self.idle_timeout, tls.acceptor().accept(connection)).await {
            Ok(Ok(stream)) => self.serve_http(Box::new(stream), observed, true).await,
            Ok(Err(error)) => tracing::debug!(%error, "TLS handshake failed"),
            Err(_) => tracing::debug!("TLS handshake timed out"),
        }
    }

    async fn serve_http(
        &self,
        io: Box<dyn Stream>,
        ObservedConnection { handle, probe, mut shutdown_rx }: ObservedConnection,
        is_tls: bool,
    ) {
        let service = hyper::service::service_fn(|request: hyper::Request<Incoming>| {
            let is_http2 = request.version() == Version::HTTP_2;
            if is_http2 {
                handle.record_progress();
            }
            let mut request: Request = request.map(into_axum_body);
            if is_tls {
                request.extensions_mut().insert(TlsConnection);
            }
            let mut response = self.router.clone().call(request);
            let handle = handle.clone();
            async move {
                // Most responses are ready on the first poll; only the others are counted as in flight.
                let response = match poll_immediate(&mut response).await {
                    Some(response) => response,
                    None => {
                        let _in_flight = handle.enter_request();
                        response.await
                    }
                };
                let response = response.unwrap_or_else(|never| match never {});
                let response = response_or_abort(response, &handle)?;
                Ok::<_, ConnectionAborted>(response.map(|body| ObservedBody::new(body, is_http2, &handle)))
            }
        });
        let tls_detector = TlsDetector::default();
        let io = TokioIo::new(ObservedIo::new(io, handle.clone(), tls_detector.clone()));
        let http = HttpServer::new(self.idle_timeout, &handle);
        let mut connection = pin!(http.builder.serve_connection(io, service));
        // A set polls only the futures that were woken, and each request wakes the task.
        let mut ends = FuturesUnordered::new();
        ends.push(handle.wait_until_idle(self.idle_timeout, &probe).map(|()| End::Idle).left_future());
        ends.push(shutdown_rx.changed().map(|_| End::Shutdown).right_future());
        let ended = loop {
            tokio::select! {
                biased;
                ended = poll_fn(|context| http.poll(connection.as_mut(), context)) => break ended,
                Some(end) = ends.next() => {
                    connection.as_mut().graceful_shutdown();
                    if end == End::Idle {
                        tracing::debug!("idle connection closed");
                        // A client that does not read is not waited for.
                        let ended = poll_fn(|context| http.poll(connection.as_mut(), context));
                        break tokio::time::timeout(MAX_GOODBYE_TIME, ended).await.unwrap_or(Ok(()));
                    }
                }
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, "connection ended");
        }
        if tls_detector.has_detected() {
            self.warn_of_tls_client();
        }
    }

    /// Logs once that a client speaks TLS to the plain port.
    fn warn_of_tls_client(&self) {
        if !self.has_logged_tls.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                "a client speaks TLS to this port, which serves HTTP: use http:// in its URL, or start the server with \
                 --tls (logged once)"
            );
        }
    }
}

/// Returns the first byte of a connection without consuming it.
#[cfg(feature = "tls")]
async fn first_byte(stream: &TcpStream) -> io::Result<u8> {
    let mut byte = [0; 1];
    match stream.peek(&mut byte).await? {
        0 => Err(ErrorKind::UnexpectedEof.into()),
        _ => Ok(byte[0]),
    }
}

fn into_axum_body(incoming: Incoming) -> Body {
    // Most requests have no body, so the reader need not be boxed.
    if incoming.is_end_stream() { Body::empty() } else { Body::new(incoming) }
}

/// The error of a service whose fault ends the connection.
#[derive(Debug)]
struct ConnectionAborted;

impl fmt::Display for ConnectionAborted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a fault ended the connection")
    }
}

impl std::error::Error for ConnectionAborted {}

/// Returns `response`, or an error if a fault ends the connection.
fn response_or_abort(response: Response, handle: &ConnectionHandle) -> Result<Response, ConnectionAborted> {
    match response.extensions().get::<ConnectionFault>() {
        None => Ok(response),
        Some(ConnectionFault::Close) => Err(ConnectionAborted),
        Some(ConnectionFault::Reset) => {
            handle.reset_on_drop();
            Err(ConnectionAborted)
        }
    }
}

/// Accepts the next connection; errors are logged and retried.
async fn accept(listener: &TcpListener) -> TcpStream {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return stream,
            Err(error) if is_connection_error(&error) => {}
            Err(error) => {
                tracing::error!(%error, "cannot accept connections");
                tokio::time::sleep(ACCEPT_BACKOFF).await;
            }
        }
    }
}

/// Returns whether an error of `accept` concerns only the connection that was to be accepted.
fn is_connection_error(error: &io::Error) -> bool {
    use ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// Shuts down all connections, waits until the requests in flight have finished, and closes the connections that remain
/// without one.
async fn drain_connections(shutdown_tx: watch::Sender<()>, in_flight: &InFlightRequests) {
    // An error means that there are no connections.
    let _ = shutdown_tx.send(());
    let mut closed = pin!(shutdown_tx.closed());
    while tokio::time::timeout(SHUTDOWN_POLL_INTERVAL, &mut closed).await.is_err() {
        if in_flight.is_empty() {
            tracing::debug!("connections without a request aborted");
            return;
        }
    }
}
